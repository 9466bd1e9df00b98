"""Admission: what becomes of evaluated programs on their islands, decided in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from fsdb import queries


@dataclass(frozen=True)
class Candidate:
    """An evaluated program before it is decided on; `outcome` is the status that it earned by itself."""

    island_id: int
    epoch: int
    outcome: str
    source_hash: str | None


@dataclass(frozen=True)
class Admission:
    """The decision on one candidate.

    `status` is as in schema/events.sql; `scored_before` is the program whose result it shares, if one with
    the same source was run before; `same_as` is the candidate of this batch, by position, that first has its
    source (itself, where it is the first).
    """

    status: str
    scored_before: int | None
    same_as: int


@dataclass(frozen=True)
class KnownResult:
    """What an earlier program with the same source came to."""

    outcome: str
    error: str | None
    output: str | None
    scores: tuple[float | None, ...]
    score: float | None


_RESULTS = pa.schema(
    [
        ("position", pa.int64()),
        ("island_id", pa.int32()),
        ("epoch", pa.int32()),
        ("outcome", pa.string()),
        ("source_hash", pa.string()),
    ]
)


def admit(con: duckdb.DuckDBPyConnection, candidates: Sequence[Candidate]) -> list[Admission]:
    """Decide on candidates, in order, in the state that `con` finds; the log is to hold the answer next."""
    if not candidates:
        return []
    table = pa.table(
        [
            range(len(candidates)),
            [candidate.island_id for candidate in candidates],
            [candidate.epoch for candidate in candidates],
            [candidate.outcome for candidate in candidates],
            [candidate.source_hash for candidate in candidates],
        ],
        schema=_RESULTS,
    )
    con.register("results", table)
    try:
        rows = con.execute(queries.text("engine/admit.sql")).fetchall()
    finally:
        con.unregister("results")
    return [Admission(status, scored_before, same_as) for _, status, scored_before, same_as in rows]


def known_results(con: duckdb.DuckDBPyConnection, source_hashes: Sequence[str]) -> dict[str, KnownResult]:
    """Return, by source hash, what programs of the run with these sources came to, where any was run."""
    if not source_hashes:
        return {}
    rows = con.execute(queries.text("engine/known.sql"), {"source_hashes": list(source_hashes)}).fetchall()
    return {
        row[0]: KnownResult(outcome=row[1], error=row[2], output=row[3], scores=tuple(row[4]), score=row[5])
        for row in rows
    }
