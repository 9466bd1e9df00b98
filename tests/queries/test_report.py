"""What the report draws: a log with a few events in, known rows out."""

from __future__ import annotations

from typing import Any

import pytest

from fsdb import queries
from tests.queries.rows import views
from tests.state.logs import Log


def asked(log: Log, name: str, **params: Any) -> list[tuple[Any, ...]]:
    """Return the rows of a query of queries/report."""
    with views(log) as con:
        return con.execute(queries.text(f"report/{name}.sql"), params).fetchall()


def answered(
    log: Log, score: float | None, island: int = 0, parents: tuple[int, ...] = (), **fields: Any
) -> int:
    """Append a draw, its completion and the program in it."""
    received = {name: fields.pop(name) for name in ("model", "params", "sampler") if name in fields}
    draw = log.drawn(island, parents)
    completion = log.received(draw, **received)
    status = "ok" if score is not None else "timeout"
    return log.evaluated(
        score, island, draw=draw, completion_id=completion, parents=parents, **{"status": status, **fields}
    )


@pytest.fixture
def log() -> Log:
    """Island 0 has programs 0 (1.0), 2 (3.0), 4 (failed); 1 has 1 (1.0), 3 (2.0), falls, and has 5 (3.0)."""
    log = Log(2)
    log.evaluated(1.0, 0)
    log.evaluated(1.0, 1)
    answered(log, 3.0, 0, (0,))
    answered(log, 2.0, 1, (1,))
    answered(log, None, 0, (0, 2))
    log.reset({1: 2})
    log.evaluated(3.0, 1, parents=[2], sampler="founder")
    return log


def test_ancestry_has_each_ancestor_once(log: Log) -> None:
    rows = asked(log, "ancestry", program_id=4)
    assert [(row[0], row[-1]) for row in rows] == [(4, [0, 2]), (2, [0]), (0, [])]


def test_ancestry_of_a_forged_log_ends() -> None:
    log = Log()
    log.evaluated(1.0, parents=[1])
    log.evaluated(1.0, parents=[0])
    assert [row[0] for row in asked(log, "ancestry", program_id=1)] == [1, 0]


def test_island_bests_end_where_their_epoch_does(log: Log) -> None:
    assert asked(log, "island_bests", parts=6) == [
        (0, 0, 0, 1.0),
        (0, 0, 2, 3.0),
        (1, 0, 1, 1.0),
        (1, 0, 3, 2.0),
        (1, 1, 5, 3.0),
    ]
    assert asked(log, "island_bests", parts=1) == [(0, 0, 2, 3.0), (1, 0, 3, 2.0), (1, 1, 5, 3.0)]


def test_island_strip_has_every_island_in_every_part(log: Log) -> None:
    assert asked(log, "island_strip", parts=3) == [
        (0, 0, 0, 1.0),
        (0, 1, 0, 3.0),
        (0, 2, 0, 3.0),
        (1, 0, 0, 1.0),
        (1, 1, 0, 2.0),
        (1, 2, 1, 3.0),
    ]


def test_an_island_without_programs_has_no_score() -> None:
    log = Log(2)
    log.evaluated(1.0, 0)
    assert asked(log, "island_strip", parts=1) == [(0, 0, 0, 1.0), (1, 0, None, None)]


def test_the_cloud_counts_every_scored_program_once(log: Log) -> None:
    rows = asked(log, "cloud", columns=3, rows=2, low=1.0)
    assert rows == [
        (0.0, 2.0, 1.0, 2.0, 2),
        (2.0, 4.0, 2.0, 3.0, 2),
        (4.0, 6.0, 2.0, 3.0, 1),
    ]
    # What scores less than the lower edge is in the lowest row.
    low = asked(log, "cloud", columns=1, rows=2, low=2.5)
    assert [row[2:] for row in low] == [(2.5, 2.75, 3), (2.75, 3.0, 2)]
    assert sum(row[-1] for row in asked(log, "cloud", columns=90, rows=36, low=3.0)) == 5


def test_scored_programs_have_their_best_parent(log: Log) -> None:
    rows = asked(log, "scored")
    assert [(row[0], row[-2], row[-1]) for row in rows] == [
        (0, None, None),
        (1, None, None),
        (2, 0, 1.0),
        (3, 1, 1.0),
        (5, 2, 3.0),
    ]


def test_spread_of_scores(log: Log) -> None:
    assert asked(log, "spread") == [(5, 1.0, 3.0, 1.0, 5)]
    answered(log, None)
    assert asked(log, "spread") == [(5, 1.0, 3.0, 1.0, 6)]
    assert asked(Log(), "spread") == [(0, None, None, None, None)]


def test_how_many_were_made_by_an_event(log: Log) -> None:
    assert asked(log, "made", seqs=[0, 2, 5, 9999]) == [(0, 0), (2, 2), (5, 3), (9999, 6)]


def test_best_after_so_many_samples(log: Log) -> None:
    assert asked(log, "best_after", samples=[0, 1, 2, 3, 4]) == [(0, 1.0), (1, 3.0), (2, 3.0), (3, 3.0)]
    assert asked(Log(), "best_after", samples=[1]) == []


def test_operators_by_writer_and_operator() -> None:
    log = Log()
    log.evaluated(1.0)
    for score in (2.0, 0.5, None):
        answered(log, score, parents=(0,), sampler="mutation", params='{"operator":"swap"}')
    answered(log, 5.0, parents=(0,), sampler="openai", model="m")
    rows = asked(log, "operators", confidence=0.95)
    assert [row[:7] for row in rows] == [("mutation", "swap", 3, 2, 3, 1, 1), ("m", None, 1, 1, 1, 1, 1)]
    assert rows[0][7] == pytest.approx(1 / 3)
    assert rows[0][8] == pytest.approx(0.0615, abs=1e-4)
    assert rows[0][9] == pytest.approx(0.7923, abs=1e-4)


def test_training_keeps_what_gained() -> None:
    log = Log()
    log.evaluated(1.0)
    answered(log, 2.0, parents=(0,), source="a")
    answered(log, 2.5, parents=(0, 1), source="a")
    answered(log, 1.0, parents=(0,), source="b")
    answered(log, 4.0, parents=(0,), source="c", status="stale")
    every = {"min_gain": 0.0, "only_ok": False, "deduplicate": False, "best": None}
    assert [row[0] for row in asked(log, "training", **every)] == [1, 2, 4]
    assert [row[0] for row in asked(log, "training", **{**every, "deduplicate": True})] == [1, 4]
    assert [row[0] for row in asked(log, "training", **{**every, "only_ok": True})] == [1, 2]
    assert [row[0] for row in asked(log, "training", **{**every, "min_gain": 1.0})] == [1, 4]
    assert [row[0] for row in asked(log, "training", **{**every, "best": 2})] == [2, 4]
    (_, second, _) = asked(log, "training", **every)
    assert [parent["program_id"] for parent in second[5]] == [0, 1]
    assert second[3] == 0.5
