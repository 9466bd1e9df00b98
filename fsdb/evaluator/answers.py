"""From what an evaluator of another convention left behind to an evaluation."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import Any

from fsdb.evaluator.evaluation import SCRIPT, Evaluation, Limits, Report
from fsdb.problem.evaluators import COMBINED_SCORE
from fsdb.sandbox.script.ended import Ended
from fsdb.sandbox.verdict import escape

MAX_TEXT = 4096
"""Characters of an error, an output or a feedback that are kept."""

MAX_ARTIFACT = 16_000
"""Characters of an artifact that are kept."""

_SHOWN_LINES = 12


def judge_openevolve(ended: Ended, limits: Limits) -> Evaluation:
    """Return the evaluation: the score is `combined_score`, else the mean of the numeric metrics.

    Metrics without a number among them but one called `error` are a failure that says why.
    """
    answer = _object(ended.result)
    metrics, artifacts = _part(answer, "metrics"), _part(answer, "artifacts")
    report = Report(
        metrics=metrics, artifacts={name: escape(str(text), MAX_ARTIFACT) for name, text in artifacts.items()}
    )
    if ended.ended != "exited":
        return _stopped(ended, limits, report)
    if answer is None:
        return _crashed(ended, report)
    if "error" in answer:
        error = str(answer["error"])
        status = "memory" if error.startswith("MemoryError") else "runtime_error"
        return _evaluation(ended, status, report, error=error)
    score = fitness(metrics)
    if score is None:
        said = metrics.get("error")
        if said is not None and COMBINED_SCORE not in metrics:
            return _evaluation(ended, "runtime_error", report, error=f"the evaluator says: {said}")
        shown = metrics.get(COMBINED_SCORE, "no numeric metric")
        return _evaluation(ended, "invalid_score", report, error=f"{COMBINED_SCORE} is {shown}")
    return _evaluation(ended, "ok", report, score=score)


def judge_shinka(ended: Ended, limits: Limits) -> Evaluation:
    """Return the evaluation: the score is `combined_score`, of programs alone that are said to be correct."""
    correct, metrics = _object(ended.files.get("correct.json")), _object(ended.files.get("metrics.json"))
    shown = dict(metrics or {})
    private = shown.pop("private", None)
    feedback = shown.pop("text_feedback", None)
    report = Report(
        metrics=shown,
        private=private if isinstance(private, dict) else {},
        feedback=escape(str(feedback), MAX_TEXT) if feedback else None,
    )
    if ended.ended != "exited":
        return _stopped(ended, limits, report)
    if correct is None or metrics is None:
        return _crashed(ended, report)
    if correct.get("correct") is not True:
        return _evaluation(ended, "incorrect", report, error=str(correct.get("error") or "not correct"))
    score = _number(metrics.get(COMBINED_SCORE))
    if score is None:
        return _evaluation(
            ended, "invalid_score", report, error=f"{COMBINED_SCORE} is {metrics.get(COMBINED_SCORE)}"
        )
    return _evaluation(ended, "ok", report, score=score)


def fitness(metrics: dict[str, Any]) -> float | None:
    """Return `combined_score`, else the mean of the numbers that are not called `error`; None for none."""
    if COMBINED_SCORE in metrics:
        return _number(metrics[COMBINED_SCORE])
    numbers = [n for name, each in metrics.items() if name != "error" and (n := _number(each)) is not None]
    if not numbers:
        return None
    mean = sum(numbers) / len(numbers)
    return mean if math.isfinite(mean) else None


def score_name(metrics: Any) -> str:
    """Return what to call the score that drives selection, of metrics with one."""
    return COMBINED_SCORE if COMBINED_SCORE in metrics else "mean of the numeric metrics"


def _stopped(ended: Ended, limits: Limits, report: Report) -> Evaluation:
    reasons = {
        "timeout": ("timeout", f"no end within {limits.timeout_seconds:g} s"),
        "memory": ("memory", f"more than {limits.memory_bytes >> 20} MiB of memory in use"),
        "disk": ("runtime_error", "more in the scratch folder than it holds"),
    }
    status, error = reasons[ended.ended]
    return _evaluation(ended, status, report, error=error)


def _crashed(ended: Ended, report: Report) -> Evaluation:
    lines = ended.output.strip().splitlines()[-_SHOWN_LINES:]
    last = lines[-1] if lines else ""
    code = ended.exit_code
    how = f"was killed by signal {-code}" if code is not None and code < 0 else f"ended with exit code {code}"
    status = "memory" if last.startswith("MemoryError") else "runtime_error"
    shown = ":\n" + "\n".join(lines) if lines else ""
    return _evaluation(ended, status, report, error=f"the evaluator {how} without an answer{shown}")


def _evaluation(
    ended: Ended, status: str, report: Report, *, score: float | None = None, error: str | None = None
) -> Evaluation:
    return Evaluation(
        status=status,
        scores=(score,),
        score=score,
        error=None if error is None else escape(error, MAX_TEXT),
        output=escape(ended.output, 3 * MAX_TEXT) or None,
        seconds=ended.seconds,
        cpu_seconds=ended.cpu_seconds,
        sandbox_level=None,
        scoring=SCRIPT,
        report=replace(report, feedback=_said(report)),
    )


def _said(report: Report) -> str | None:
    """Return what the next prompt may show of an evaluation beside its score: words, metrics, artifacts."""
    parts = [report.feedback or ""]
    if report.metrics:
        parts.append(escape(json.dumps(report.metrics, ensure_ascii=False), MAX_TEXT))
    parts += [f"{name}: {text}" for name, text in report.artifacts.items()]
    return "\n".join(filter(None, parts))[:MAX_TEXT] or None


def _object(text: str | None) -> dict[str, Any] | None:
    """Return the JSON object in a text, None where there is none."""
    try:
        value = json.loads(text or "", parse_constant=str)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _part(answer: dict[str, Any] | None, name: str) -> dict[str, Any]:
    part = (answer or {}).get(name)
    return part if isinstance(part, dict) else {}


def _number(value: object) -> float | None:
    """Return a finite number; flags, texts and numbers too large for a double are none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None
