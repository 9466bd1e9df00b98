"""The result of evaluating a program: its status, its score for each input, and its reduced score."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from fsdb.problem.reduction import reduce_scores
from fsdb.sandbox.messages import Limits
from fsdb.sandbox.verdict import Outcome

__all__ = ["SCRIPT", "STATUSES", "Evaluation", "Limits", "Report", "Scorer", "reduced"]

STATUSES = (
    "ok",
    "syntax_error",
    "calls_ancestor",
    "runtime_error",
    "timeout",
    "memory",
    "invalid_score",
    "incorrect",
    "forged",
    "sandbox_error",
)
"""The statuses of an evaluation.

`incorrect`: the evaluator says so. `forged`: scored again out of the program's reach, it has another score.
`sandbox_error` is the system's fault and says nothing of the program.
"""


SCRIPT = "script"
"""How a program is scored whose evaluator is a whole program; and the profile of the sandbox for it."""


@dataclass(frozen=True)
class Report:
    """What an evaluator says beside the score: JSON values; empty where it says nothing.

    `private` are metrics that no prompt is to show.
    """

    metrics: Mapping[str, Any] = field(default_factory=dict)
    private: Mapping[str, Any] = field(default_factory=dict)
    artifacts: Mapping[str, str] = field(default_factory=dict)
    feedback: str | None = None


@dataclass(frozen=True)
class Evaluation:
    """How an evaluation ended.

    `scores` has one for each input in order, None where not scored; `score` is the reduced one, None unless
    status is "ok". `error` and `output` (standard output and error together) are excerpts with what does
    not print escaped. `seconds` of the clock and `cpu_seconds` of the processor are of the whole evaluation,
    None where nothing was run, as are `sandbox_level` and `scoring`, the mode (fsdb.evaluator.modes).
    `second_score` is the score of a second scoring, call by call, None where there was none. `report` is what
    else an evaluator said.
    """

    status: str
    scores: tuple[float | None, ...]
    score: float | None
    error: str | None
    output: str | None
    seconds: float | None
    cpu_seconds: float | None
    sandbox_level: str | None
    scoring: str | None = None
    second_score: float | None = None
    report: Report = field(default_factory=Report)

    @property
    def profile(self) -> str | None:
        """The profile of the sandbox: `script` for evaluators that are programs, else `function`."""
        if self.sandbox_level is None:
            return None
        return SCRIPT if self.scoring == SCRIPT else "function"


class Scorer(Protocol):
    """What scores programs: fsdb.evaluator.pool.Evaluator and fsdb.evaluator.scripts.ScriptEvaluator."""

    restarts: int

    async def start(self) -> None:
        """Get ready."""
        ...

    async def evaluate(self, source: str) -> Evaluation:
        """Return the evaluation of a program."""
        ...

    async def confirm(self, source: str, evaluation: Evaluation) -> Evaluation:
        """Return an evaluation that is ok after what a new best has to pass."""
        ...

    async def close(self) -> None:
        """End all processes."""
        ...

    async def __aenter__(self) -> Scorer: ...

    async def __aexit__(self, *_: object) -> None: ...


def reduced(outcome: Outcome, reduce: str, sandbox_level: str, scoring: str) -> Evaluation:
    """Return the evaluation for an outcome of the sandbox.

    `reduce` is as in fsdb.problem.reduction. Finite scores whose sum is not finite are an invalid score.
    """
    evaluation = Evaluation(
        status=outcome.status,
        scores=outcome.scores,
        score=None,
        error=outcome.error,
        output=outcome.output,
        seconds=outcome.seconds,
        cpu_seconds=outcome.cpu_seconds,
        sandbox_level=sandbox_level,
        scoring=scoring,
    )
    if outcome.status != "ok":
        return evaluation
    score = reduce_scores([score for score in outcome.scores if score is not None], reduce)
    if not math.isfinite(score):
        return replace(evaluation, status="invalid_score", error=f"the {reduce} of the scores is {score}")
    return replace(evaluation, score=score)


def not_run(status: str, error: str, inputs: int) -> Evaluation:
    """Return the evaluation of a program that was refused unseen."""
    return Evaluation(status, (None,) * inputs, None, error, None, None, None, None)
