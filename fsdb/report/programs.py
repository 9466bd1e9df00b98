"""One program of a run, with all that the log says of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fsdb.errors import UsageError
from fsdb.queries.catalogue import BEST
from fsdb.report.runs import RunLog

SEED = "seed"
"""What may be said for the number of the program that the run began with."""


@dataclass(frozen=True)
class Program:
    """A program; fields as in schema/events.sql, null ones None.

    `scores` are by input name, None where the program has none; `draw` holds kind, as_of, policy,
    propensities and temperature of the draw, `completion` what the sampler answered, each None for the seed
    program and founders. `parents` are in prompt order with their scores; `generations` counts the steps
    back, best parent by best parent, to a program without parents.
    """

    run: str
    program_id: int
    seq: int
    recorded_at: datetime
    seconds_into_run: float | None
    sampler: str
    island_id: int
    epoch: int
    cluster_id: int | None
    status: str
    error: str | None
    output: str | None
    score: float | None
    scores: dict[str, float | None]
    source: str | None
    source_hash: str | None
    reused_from: int | None
    evaluation_seconds: float | None
    sandbox_level: str | None
    scoring: str | None
    second_score: float | None
    draw: dict[str, Any] | None
    completion: dict[str, Any] | None
    parents: list[dict[str, Any]]
    children: int
    valid_children: int
    generations: int


def find_program(log: RunLog, which: str) -> Program:
    """Return a program by its number, `best` or `seed`; UsageError where there is none."""
    (row,) = log.analysis("program", program=resolve(log, which))
    return _program(log, row)


def resolve(log: RunLog, which: str) -> int:
    """Return the number of a program: of `best`, the first one with the run's best score, of `seed`, the
    program that the run began with, or of a number itself. UsageError where there is no such program.
    """
    if which == BEST:
        return _best(log)
    if which == SEED:
        return _seed(log)
    program_id = _number(which)
    (found,) = log.rows(
        "select max(program_id) as last, count(*) filter (where program_id = $id) as here from programs",
        {"id": program_id},
    )
    if not found["here"]:
        last = "has none" if found["last"] is None else f"has 0 to {found['last']}"
        raise UsageError(
            f"There is no program {which} in {log.name}: it {last}.",
            cure='fsdb sql "from best_so_far" lists those that were the best once.',
        )
    return program_id


def _best(log: RunLog) -> int:
    (row,) = log.rows("select program_or_best(null) as best")
    if row["best"] is None:
        raise UsageError(
            f"No program of {log.name} has a score yet.", cure="fsdb status tells what became of them."
        )
    return int(row["best"])


def _seed(log: RunLog) -> int:
    (row,) = log.rows("select min(program_id) as seed from programs where sampler = 'seed'")
    if row["seed"] is None:
        raise UsageError(
            f"{log.name} has no seed program in its log.", cure="fsdb verify tells what it lost."
        )
    return int(row["seed"])


def is_program(which: str) -> bool:
    """Return whether a word names a program and not a run: a number, `best` or `seed`."""
    return which in (BEST, SEED) or (which.isascii() and which.isdigit())


def _number(which: str) -> int:
    if which.isascii() and which.isdigit() and int(which) < 2**63:
        return int(which)
    raise UsageError(f"{which!r} is no program.", cure="Give a program's number, best or seed.")


def _program(log: RunLog, row: dict[str, Any]) -> Program:
    program_id = row["program_id"]
    started = log.rows("select recorded_at, input_names from run_started")
    names = started[0]["input_names"] if started else []
    began = started[0]["recorded_at"] if started else None
    (children,) = log.analysis("children", program=program_id)
    return Program(
        run=log.name,
        seconds_into_run=(row["recorded_at"] - began).total_seconds() if began else None,
        scores=_by_name(names, row["signature"]),
        draw=_draw(row),
        completion=_completion(row),
        parents=log.analysis("parents", program=program_id),
        children=children["children"],
        valid_children=children["valid"],
        generations=len(log.analysis("lineage", program=program_id)) - 1,
        **{name: row[name] for name in _FROM_ROW},
    )


_FROM_ROW = (
    "program_id",
    "seq",
    "recorded_at",
    "sampler",
    "island_id",
    "epoch",
    "cluster_id",
    "status",
    "error",
    "output",
    "score",
    "source",
    "source_hash",
    "reused_from",
    "evaluation_seconds",
    "sandbox_level",
    "scoring",
    "second_score",
)


def _by_name(names: list[str], scores: list[float | None]) -> dict[str, float | None]:
    """Return scores by input name; where the log tells no names, by place."""
    if len(names) != len(scores):
        names = [str(place) for place in range(len(scores))]
    return dict(zip(names, scores, strict=True))


def _draw(row: dict[str, Any]) -> dict[str, Any] | None:
    if row["draw_id"] is None:
        return None
    fields = ("draw_id", "kind", "as_of", "policy", "island_propensity", "temperature")
    return {**{name: row[name] for name in fields}, "parents": row["drawn_parents"]}


def _completion(row: dict[str, Any]) -> dict[str, Any] | None:
    if row["completion_id"] is None:
        return None
    fields = ("completion_id", "ordinal", "model", "tokens_in", "tokens_out", "cost_usd", "latency_seconds")
    return {
        **{name: row[name] for name in fields},
        "finish_reason": row["finish_reason"],
        "error": row["completion_error"],
        "text": row["completion"],
    }
