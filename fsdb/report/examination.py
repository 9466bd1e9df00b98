"""What `fsdb check` finds out about a problem before it is searched."""

from __future__ import annotations

import asyncio
import statistics
from dataclasses import dataclass

from fsdb.evaluator.evaluation import Evaluation, Limits
from fsdb.evaluator.making import make_evaluator
from fsdb.evaluator.modes import IN_PROCESS, agree, default_mode
from fsdb.problem.evaluators import FUNSEARCH
from fsdb.problem.specification import Problem
from fsdb.samplers.base import Completion, Parent, Prompt
from fsdb.samplers.mutation import mutation_sampler
from fsdb.sandbox.levels import DEFAULT_LEVEL

OK, NOTE, FAILED = "ok", "note", "failed"

_SLOW_SECONDS = 1.0


@dataclass(frozen=True)
class Finding:
    """One thing found: its state (OK, NOTE or FAILED), what it is about, what was found, and what to do."""

    state: str
    name: str
    found: str
    cure: str = ""


@dataclass(frozen=True)
class Examination:
    """All that was found of a problem.

    `repeats` are evaluations of the seed program, `mutants` those of programs made from it. `level` and
    `profile` are of the sandbox in force.
    """

    problem: Problem
    repeats: tuple[Evaluation, ...]
    mutants: tuple[Evaluation, ...]
    findings: tuple[Finding, ...]

    @property
    def works(self) -> bool:
        """Whether a run of it would start."""
        return all(finding.state != FAILED for finding in self.findings)

    @property
    def seconds(self) -> float | None:
        """The median time of an evaluation of the seed program; None where there was none."""
        times = [each.seconds for each in self.repeats if each.seconds is not None]
        return statistics.median(times) if times else None

    @property
    def scores(self) -> list[float]:
        """The scores of mutants, lowest first."""
        return sorted(each.score for each in self.mutants if each.score is not None)


async def examine(
    problem: Problem,
    limits: Limits,
    *,
    mutants: int = 20,
    repeats: int = 3,
    require_level: str = DEFAULT_LEVEL,
    allow_unsafe: bool = False,
) -> Examination:
    """Score the seed program `repeats` times and `mutants` programs made from it, and say what that tells.

    Raises UsageError for a problem that cannot be set up, FsdbError where the sandbox is too weak.
    """
    seed = problem.specification.evolve.source
    evaluator = make_evaluator(
        problem, problem.inputs, limits, 1, require_level=require_level, allow_unsafe=allow_unsafe
    )
    async with evaluator:
        again = [await evaluator.evaluate(seed) for _ in range(repeats)]
        if again[0].status == "ok" and default_mode(problem.specification) == IN_PROCESS:
            again[0] = await evaluator.confirm(seed, again[0])
        scored = []
        if again[0].status == "ok":
            for source in await _mutants(problem, seed, again[0].score or 0.0, mutants):
                scored.append(await evaluator.evaluate(source))
    return Examination(problem, tuple(again), tuple(scored), tuple(_findings(problem, again, scored, limits)))


async def _mutants(problem: Problem, seed: str, score: float, count: int) -> list[str]:
    sampler = mutation_sampler(problem)
    prompt = Prompt(0, "parents", 0, (Parent(0, seed, score),), tuple(range(count)))
    sources = []
    async for completion in sampler.sample(prompt):
        if isinstance(completion, Completion) and completion.text is not None:
            sources.append(sampler.extract(completion.text) or "")
        await asyncio.sleep(0)
    return list(dict.fromkeys(sources))


def _findings(
    problem: Problem, again: list[Evaluation], mutants: list[Evaluation], limits: Limits
) -> list[Finding]:
    first = again[0]
    convention = FUNSEARCH if problem.evaluator is None else problem.evaluator.convention
    what = "its blocks" if problem.specification.blocks else problem.specification.evolve.name
    found = [
        Finding(OK, "parses", f"{problem.name}, a problem of {convention}'s convention; evolving: {what}")
    ]
    if first.status != "ok":
        return [*found, Finding(FAILED, "seed program", f"{first.status}: {first.error}", _cure(first))]
    found.append(Finding(OK, "seed program", f"scores {first.score:.6g}"))
    if all(each.status == "ok" and agree(each.scores, first.scores) for each in again[1:]):
        found.append(Finding(OK, "deterministic", f"the same score {len(again)} times"))
    else:
        seen = ", ".join(f"{each.score:.6g}" if each.score is not None else each.status for each in again)
        cure = "Draw random numbers from a seeded generator, and read no clock: a lucky score stays the best."
        found.append(Finding(NOTE, "deterministic", f"not: {seen}", cure))
    seconds = statistics.median(each.seconds or 0.0 for each in again)
    slow = (
        "" if seconds <= _SLOW_SECONDS else "A search makes thousands: score on less, or raise --processes."
    )
    found.append(
        Finding(
            NOTE if slow else OK,
            "time",
            f"{1000 * seconds:.0f} ms an evaluation of {limits.timeout_seconds:g} s",
            slow,
        )
    )
    found.append(
        Finding(
            OK, "sandbox", f"profile {first.profile}, level {first.sandbox_level}, scored {first.scoring}"
        )
    )
    return [*found, _spread(mutants, first.score or 0.0)]


def _spread(mutants: list[Evaluation], seed: float) -> Finding:
    """Return what the scores of mutants tell: whether there is anything to climb."""
    scores = sorted(each.score for each in mutants if each.score is not None)
    if not scores:
        cure = "Few changes of the seed program run at all: give it parts that can be changed on their own."
        return Finding(NOTE, "spread", f"none of {len(mutants)} changed programs has a score", cure)
    different, better = len(set(scores)), sum(score > seed for score in scores)
    found = (
        f"{len(scores)} of {len(mutants)} changed programs score, {scores[0]:.6g} to {scores[-1]:.6g},"
        f" {different} different, {better} better than the seed program"
    )
    if different > 1:
        return Finding(OK, "spread", found)
    cure = "All alike gives a search nothing to climb: let the score tell more, or the seed program do more."
    return Finding(NOTE, "spread", found, cure)


def _cure(evaluation: Evaluation) -> str:
    if evaluation.status == "timeout":
        return "Raise --timeout, or score on less."
    if evaluation.status == "forged":
        return (
            "Give the program copies of what it may change, and let no score depend on chance or the clock."
        )
    if evaluation.scoring == "script":
        return (
            "Evaluators have no network, read their own folder and Python's, and write temporary files only."
        )
    return "Mend the seed program or the function that scores it."
