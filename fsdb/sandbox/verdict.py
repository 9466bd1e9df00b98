"""From what a child reported to an outcome that may be believed: every byte of a report is suspect."""

from __future__ import annotations

import base64
import binascii
import math
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec

from fsdb.sandbox.messages import COMPILED, LOADED, LOCKED, MAX_ERROR_CHARACTERS, Limits, Part
from fsdb.sandbox.rlimits import cpu_limit
from fsdb.sandbox.supervisor import Reply

REPORTED = ("ok", "syntax_error", "calls_ancestor", "runtime_error", "memory", "invalid_score")
"""The statuses that a child may report of a program; the others are for the outside to say."""

# Failures of one input, where naming it helps.
_OF_AN_INPUT = ("runtime_error", "timeout", "memory", "invalid_score")


Decoded = TypeVar("Decoded")


@dataclass(frozen=True)
class Outcome:
    """How a child's part of an evaluation ended, fields as in fsdb.evaluator.evaluation.Evaluation.

    `artefacts` are what a maker built, packed, one for each input done.
    """

    status: str
    scores: tuple[float | None, ...]
    error: str | None
    output: str | None
    seconds: float | None
    cpu_seconds: float | None
    artefacts: tuple[bytes, ...] = ()


class _Verdict(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The last line of a report."""

    status: str
    error: str | None


class _Unreadable(Exception):
    """The report is not what a child writes; the message says how."""


@dataclass(frozen=True)
class _Report:
    """A child's report, taken apart. `verdict` is None when it broke off before its last line.

    `results` are scores, or of a maker artefacts, one for each input done.
    """

    locked: bool
    compiled: bool
    loaded: bool
    results: list[Any]
    verdict: _Verdict | None


def judge(
    reply: Reply, report: bytes, output: bytes, names: Sequence[str], limits: Limits, part: Part = Part.WHOLE
) -> Outcome:
    """Return the outcome of a part of an evaluation of the inputs `names` from what its zygote tells."""
    names = () if part is Part.PLAYER else names
    try:
        parts = _take_apart(report, len(names), reply.overflow, part)
        status, error = _status(reply, parts, len(names), limits, part)
    except _Unreadable as problem:
        parts = _Report(locked=True, compiled=True, loaded=False, results=[], verdict=None)
        status, error = _status_from_outside(reply, parts, limits) or (
            "invalid_score",
            f"the result cannot be read: {problem}",
        )
    scored = len(parts.results)
    scores = () if part is Part.MAKER else parts.results
    where = ""
    if parts.loaded and status in _OF_AN_INPUT and scored < len(names):
        where = escape(f"\n  on input {names[scored]}", MAX_ERROR_CHARACTERS // 2)
    return Outcome(
        status=status,
        scores=(*scores, *[None] * (len(names) - len(scores))),
        error=None if error is None else escape(error, MAX_ERROR_CHARACTERS - len(where)) + where,
        output=escape(output.decode("utf-8", "backslashreplace"), limits.output_bytes) or None,
        seconds=reply.seconds,
        cpu_seconds=reply.cpu_seconds,
        artefacts=tuple(parts.results) if part is Part.MAKER else (),
    )


def _take_apart(report: bytes, inputs: int, overflow: bool, part: Part) -> _Report:
    """Return the parts of a report with at most `inputs` results; raises _Unreadable."""
    if overflow:
        raise _Unreadable("it is too long")
    locked = report.startswith(LOCKED)
    compiled = report.startswith(LOCKED + COMPILED)
    loaded = report.startswith(LOCKED + COMPILED + LOADED)
    lines = report[locked + compiled + loaded :].split(b"\n")
    # What stands after the last line's end is a line that broke off, as when the process was killed.
    broken_off = lines.pop()
    verdict = _decode(lines.pop(), _Verdict) if lines and lines[-1].startswith(b"{") else None
    if verdict is not None and broken_off:
        raise _Unreadable("something follows its end")
    results = [_artefact(line) if part is Part.MAKER else _score(line) for line in lines]
    if len(results) > inputs:
        raise _Unreadable(f"it has {len(results)} scores for {inputs} inputs")
    return _Report(locked, compiled, loaded, results, verdict)


def _score(line: bytes) -> float:
    """Return the score on a line of a report; raises _Unreadable."""
    score = _decode(line, float)
    if not math.isfinite(score):
        raise _Unreadable("a score is not finite")
    return score


def _artefact(line: bytes) -> bytes:
    """Return the packed artefact on a line of a report; raises _Unreadable."""
    try:
        return base64.b64decode(line, validate=True)
    except binascii.Error as error:
        raise _Unreadable(str(error)) from None


def _decode(line: bytes, kind: type[Decoded]) -> Decoded:
    """Return one line of a report as `kind`; raises _Unreadable."""
    try:
        return msgspec.json.decode(line, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _Unreadable(str(error)) from None


def _status(reply: Reply, report: _Report, inputs: int, limits: Limits, part: Part) -> tuple[str, str | None]:
    """Return status and error; raises _Unreadable when the report contradicts itself."""
    from_outside = _status_from_outside(reply, report, limits)
    if from_outside is not None:
        return from_outside
    verdict = report.verdict
    if not report.locked:
        reason = verdict.error if verdict is not None else f"exit code {reply.exit_code}"
        return "sandbox_error", f"the sandbox could not be set up: {reason}"
    if verdict is None:
        return "runtime_error", f"the process ended with exit code {reply.exit_code} and no result"
    if verdict.status == "sandbox_error" and not part.runs_the_program:
        return verdict.status, verdict.error
    if verdict.status not in REPORTED:
        raise _Unreadable(f"it has the status {verdict.status!r}")
    if verdict.status == "ok" and len(report.results) != inputs:
        raise _Unreadable(f"it has {len(report.results)} scores for {inputs} inputs")
    if (verdict.status == "ok") != (verdict.error is None):
        raise _Unreadable("its status and its error contradict each other")
    return verdict.status, verdict.error


def _status_from_outside(reply: Reply, report: _Report, limits: Limits) -> tuple[str, str] | None:
    """Return status and error of a process that was ended, whatever it reported; None of one that ended."""
    if reply.ended == "deadline":
        doing = "" if report.compiled else " (while it was being compiled)"
        return "timeout", f"no end after {limits.timeout_seconds:g} s{doing}"
    if reply.ended == "lingered":
        # After its verdict a child has nothing more to do: it was slow to leave, whatever the reason.
        left = "runtime_error", "the process closed its report and went on running"
        return left if report.verdict is None else None
    if reply.signal is not None:
        return _status_of_death(reply.signal, reply.cpu_seconds, report, limits)
    return None


def _status_of_death(number: int, cpu_seconds: float, report: _Report, limits: Limits) -> tuple[str, str]:
    """Return status and error for a process that was killed by a signal."""
    name = _signal_name(number)
    if number == signal.SIGXCPU or (
        number == signal.SIGKILL and cpu_seconds >= cpu_limit(limits.timeout_seconds)
    ):
        return "timeout", f"no end after {cpu_seconds:.0f} s of processor time"
    if number == signal.SIGKILL:
        return "memory", "killed by the system, most likely because it had run out of memory"
    if not report.locked:
        return "sandbox_error", f"the sandbox could not be set up: the process died of {name}"
    if not report.compiled:
        return "syntax_error", f"the compiler died of {name}"
    return "runtime_error", f"the process died of {name}"


def _signal_name(number: int) -> str:
    """Return a signal's name and what the system calls it, as in "SIGSEGV (Segmentation fault)"."""
    try:
        name = signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
    return f"{name} ({signal.strsignal(number)})"


def escape(text: str, limit: int) -> str:
    """Return `text` safe to show anywhere, at most `limit` characters of it.

    Newlines stay; every other character that does not print is written as Python would write it, among
    them control characters, direction marks, lone surrogates.
    """
    safe = (
        character if character == "\n" or character.isprintable() else repr(character)[1:-1]
        for character in text[:limit]
    )
    return "".join(safe)[:limit]
