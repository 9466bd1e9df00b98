"""Forks of a run: where one can begin, how many a question needs, and what two arms of them came to."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fsdb import queries
from fsdb.errors import LogError, UsageError
from fsdb.report.runs import RunLog, open_run

CONFIDENCE = 0.95
POWER = 0.8
DIFFERENCES = (1.0, 0.75, 0.5, 0.25)
"""What a plan asks for, in standard deviations of a run's best score."""

RESAMPLES = 2000

_LISTS = {"best": "improvements", "reset": "island_resets"}

_AT = re.compile(r"(?:(best)-(\d+)|(reset):(\d+)|(\d+))")


@dataclass(frozen=True)
class ForkPoint:
    """Where a run is forked: the last event shared, and what the run had come to there."""

    seq: int
    asked: int
    """Completions asked for until there."""
    best_score: float
    open_draws: int


def fork_point(log: RunLog, at: str) -> ForkPoint:
    """Return the point that `at` names: an event's seq, best-N, or reset:N.

    best-N is before the N-th new best from the end was drawn (best-1: the last one); reset:N is after that
    reset and its founders. Raises UsageError where there is none such.
    """
    match = _AT.fullmatch(at)
    if match is None:
        raise UsageError(
            f"--at {at} names no point of a run", cure="give an event's number, best-1, or reset:0"
        )
    kind = match[1] or match[3] or "seq"
    number = int(match[2] or match[4] or match[5])
    first = log.started()["islands"]
    rows = log.rows(queries.text("engine/fork_point.sql"), {"kind": kind, "number": number})
    if not rows and kind in _LISTS:
        raise UsageError(
            f"--at {at}: {log.name} has no such {'new best' if kind == 'best' else 'reset'}",
            cure=f"`fsdb query {_LISTS[kind]} {log.name}` lists them",
        )
    seq = rows[0]["seq"]
    if not first <= seq <= log.last_seq:
        raise UsageError(
            f"--at {at}: {log.name} can be forked after its events {first} to {log.last_seq}",
            cure="the seed programs stand before the first of them",
        )
    (row,) = log.rows(
        f"select asked, best_score, (select count(*) from open_draws_as_of({seq})) as open_draws "
        f"from progress_as_of({seq})"
    )
    return ForkPoint(seq, row["asked"], row["best_score"], row["open_draws"])


def best_after(run_dir: Path, samples: int) -> float | None:
    """Return a run's best score after so many samples, None where it has not come to them."""
    with open_run(run_dir) as log:
        rows = log.rows(queries.text("report/best_after.sql"), {"samples": [samples]})
    return rows[0]["best_score"] if rows else None


def compare_arms(
    log: RunLog, control: Mapping[int, float], policy: Mapping[int, float]
) -> dict[str, Any] | None:
    """Return how two arms compare (queries/report/arms.sql), best scores by seed; None without a pair."""
    seeds = sorted(control.keys() & policy.keys())
    rows = log.rows(
        queries.text("report/arms.sql"),
        {
            "seeds": seeds,
            "control": [control[seed] for seed in seeds],
            "policy": [policy[seed] for seed in seeds],
            "confidence": CONFIDENCE,
            "resamples": RESAMPLES,
        },
    )
    return rows[0] if rows else None


def plan(log: RunLog, run_dirs: Iterable[Path], point: ForkPoint, samples: int) -> dict[str, Any]:
    """Return how many forks an arm a difference of the arms' means needs, and what they cost.

    `spread` says what the standard deviation is taken from: forks of this run at this point that were set
    alike, else whole runs of the problem that were; null of neither, and then differences are in units of
    it. Costs are those of the run's own samples: seconds at work, tokens and dollars where it logged them.
    """
    deviation, source, runs = _spread(log, run_dirs, point, point.asked + samples)
    (summary,) = log.analysis("run_summary")
    made = summary["samples"] or 0
    tokens = [each for each in (summary["tokens_in"], summary["tokens_out"]) if each is not None]
    each = {
        "seconds": summary["active_seconds"],
        "tokens": sum(tokens) if tokens else None,
        "cost_usd": summary["cost_usd"],
    }
    needed = log.rows(
        queries.text("report/power.sql"),
        {
            "deviation": deviation,
            "differences": list(DIFFERENCES),
            "confidence": CONFIDENCE,
            "power": POWER,
        },
    )
    for row in needed:
        row["samples"] = 2 * row["forks"] * samples
        for name, value in each.items():
            row[name] = None if value is None or not made else float(value) / made * row["samples"]
    return {
        "run": log.name,
        "at": point.seq,
        "samples": samples,
        "confidence": CONFIDENCE,
        "power": POWER,
        "deviation": deviation,
        "spread": source,
        "spread_runs": runs,
        "needed": needed,
    }


def _spread(
    log: RunLog, run_dirs: Iterable[Path], point: ForkPoint, samples: int
) -> tuple[float | None, str | None, int]:
    """Return the pooled standard deviation of the best score after so many samples, and whose it is."""
    own = log.started()
    run_id = log.rows("select run_id from run_started")[0]["run_id"]
    whole: dict[tuple[Any, ...], list[float]] = {}
    forked: dict[tuple[Any, ...], list[float]] = {}
    for run_dir in run_dirs:
        try:
            with open_run(run_dir) as other:
                started = other.started()
                rows = other.rows(queries.text("report/best_after.sql"), {"samples": [samples]})
        except LogError:
            continue
        if not rows or any(started.get(name) != own.get(name) for name in _SAME_PROBLEM):
            continue
        key = tuple(str(started.get(name)) for name in _SETTING)
        if started.get("parent_run_id") is None:
            whole.setdefault(key, []).append(rows[0]["best_score"])
        elif (started["parent_run_id"], started["parent_seq"]) == (run_id, point.seq):
            forked.setdefault(key, []).append(rows[0]["best_score"])
    for source, groups in (("forks", forked), ("runs", whole)):
        deviation, runs = _pooled(list(groups.values()))
        if deviation:
            return deviation, source, runs
    return None, None, 0


_SAME_PROBLEM = ("specification_hash", "inputs", "reduce")
_SETTING = ("policy", "policy_params", "explore", "reset_policy", "reset_policy_params", "sampler", "model")


def _pooled(groups: Sequence[Sequence[float]]) -> tuple[float, int]:
    squares, freedom, runs = 0.0, 0, 0
    for group in groups:
        if len(group) > 1:
            mean = math.fsum(group) / len(group)
            squares += math.fsum((value - mean) ** 2 for value in group)
            freedom += len(group) - 1
            runs += len(group)
    return (math.sqrt(squares / freedom), runs) if freedom else (0.0, 0)
