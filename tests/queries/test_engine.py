"""The questions that the engine asks of the state: known rows in, known rows out."""

from __future__ import annotations

import pytest

from fsdb import queries
from fsdb.state.admission import Admission, Candidate, KnownResult, admit, known_results
from fsdb.state.keys import source_hash
from tests.queries.rows import engine, projections, views
from tests.state.logs import Log

ONE, TWO, THREE = ("def f(): return 1", "def f(): return 2", "def f(): return 3")
HASH = {source: source_hash(source) for source in (ONE, TWO, THREE)}


def admitted(log: Log, *candidates: tuple[int, int, str, str | None]) -> list[Admission]:
    """Decide on candidates, each given by island, epoch, outcome and source."""
    with projections(log) as con:
        return admit(con, [Candidate(i, e, o, s and source_hash(s)) for i, e, o, s in candidates])


def test_a_new_program_joins_its_island() -> None:
    log = Log(2)
    log.evaluated([1.0], source=ONE)
    assert admitted(log, (0, 0, "ok", TWO)) == [Admission("ok", None, 0)]
    assert admitted(log, (1, 0, "ok", ONE)) == [Admission("ok", 0, 0)]
    assert admitted(log) == []


def test_a_source_that_lives_on_the_island_is_a_duplicate() -> None:
    log = Log(2)
    log.evaluated([1.0], source=ONE)
    log.evaluated([None], source=TWO, status="timeout")
    found = admitted(log, (0, 0, "ok", ONE), (0, 0, "timeout", TWO), (1, 0, "ok", THREE), (1, 0, "ok", THREE))
    assert found == [
        Admission("duplicate", 0, 0),
        Admission("timeout", 1, 1),
        Admission("ok", None, 2),
        Admission("duplicate", None, 2),
    ]


def test_a_program_of_an_earlier_epoch_is_stale() -> None:
    log = Log(1)
    log.evaluated([1.0], source=ONE)
    log.reset({0: None})
    found = admitted(
        log,
        (0, 0, "ok", ONE),
        (0, 0, "timeout", TWO),
        (0, 1, "ok", ONE),
        (0, 1, "no_program", None),
        (0, 1, "no_program", None),
    )
    assert found == [
        Admission("stale", 0, 0),
        Admission("timeout", None, 1),
        Admission("ok", 0, 0),
        Admission("no_program", None, 3),
        Admission("no_program", None, 4),
    ]


def test_a_run_that_failed_by_itself_makes_no_duplicate() -> None:
    """The sandbox failed on a source, and then did not: the second run stands for itself."""
    found = admitted(Log(), (0, 0, "sandbox_error", ONE), (0, 0, "ok", ONE), (0, 0, "ok", ONE))
    assert found == [
        Admission("sandbox_error", None, 0),
        Admission("ok", None, 1),
        Admission("duplicate", None, 1),
    ]


def test_known_results_are_those_of_the_first_run() -> None:
    log = Log()
    log.evaluated([1.0, 2.0], source=ONE, status="stale", output="hi")
    log.evaluated([1.0, None], source=TWO, status="timeout", error="5 s")
    log.evaluated(None, source=THREE, status="sandbox_error")
    with projections(log) as con:
        assert known_results(con, [*HASH.values()]) == {
            HASH[ONE]: KnownResult("ok", None, "hi", (1.0, 2.0), 1.5),
            HASH[TWO]: KnownResult("timeout", "5 s", None, (1.0, None), None),
        }
        assert known_results(con, []) == {}


def test_each_island_is_owed_random_programs_when_a_run_starts() -> None:
    log = Log(3)
    for island in range(3):
        log.evaluated([1.0], island)
    log.drawn(1, kind="random", completions=4)
    with projections(log) as con:
        assert engine(con, "owed", first=True) == [(0, 0), (2, 0)]
        assert engine(con, "owed", first=False) == []


@pytest.mark.parametrize(
    ("evaluated", "owed"), [([], []), ([1.0], []), ([None], []), ([None, None], [(0, 1)]), ([1.0, None], [])]
)
def test_an_empty_island_is_owed_when_nothing_is_under_way(
    evaluated: list[float | None], owed: list[tuple]
) -> None:
    """Two random programs were asked for after a reset: again some are owed once both have failed."""
    log = Log(2)
    log.evaluated([1.0])
    log.evaluated([1.0], 1)
    log.reset({0: None})
    with projections(log) as con:
        assert engine(con, "owed", first=True) == [(0, 1), (1, 0)]
        assert engine(con, "owed", first=False) == [(0, 1)]
    draw = log.drawn(0, kind="random", completions=2)
    for score in evaluated:
        log.evaluated(score, draw=draw, status="ok" if score else "timeout")
    with projections(log) as con:
        assert engine(con, "owed", first=False) == owed


def test_founders_copies_hold_what_the_founder_holds() -> None:
    log = Log(2)
    log.evaluated([1.0, 2.0], source=ONE)
    log.evaluated([4.0, 2.0], source=TWO)
    log.reset({1: 0})
    with projections(log) as con:
        assert sorted(engine(con, "founder_copies", programs=[0, 0, 1])) == [
            (0, [1.0, 2.0], 1.5),
            (1, [4.0, 2.0], 3.0),
        ]
        assert engine(con, "founder_copies", programs=[]) == []


def test_counters_go_on_after_the_last_number() -> None:
    log = Log(1)
    with projections(log) as con:
        assert engine(con, "counters") == [(0, 0, 0, 0, 0)]
    log.evaluated([1.0])
    log.drawn(batch_id=0)
    draw = log.drawn(batch_id=4)
    log.received(draw)
    log.reset({0: None})
    with projections(log) as con:
        assert engine(con, "counters") == [(2, 5, 1, 1, 1)]


def test_open_draws_can_be_taken_up() -> None:
    log = Log(2, seed=5)
    low, high = log.evaluated([1.0], source=ONE), log.evaluated([2.0], source=TWO)
    draw = log.drawn(0, [low, high], completions=3, batch_id=7)
    complete = log.drawn(0, [low])
    log.evaluated([1.0], draw=complete, completion_id=log.received(complete))
    log.drawn(1, kind="random", completions=2, batch_id=8)
    late = log.received(draw, 2, sampler="openai", text="return 2")
    log.evaluated([1.0], draw=draw, completion_id=log.received(draw, 0))
    lost = log.received(draw, 1, text=None, error="refused")
    with views(log) as con:
        found = con.sql(queries.text("engine/open_draws.sql")).to_arrow_table().to_pylist()
    assert found == [
        {
            "draw_id": draw,
            "batch_id": 7,
            "kind": "parents",
            "seed": 5,
            "island_id": 0,
            "epoch": 0,
            "completions": 3,
            "models": [],
            "parents": [
                {"program_id": low, "source": ONE, "score": 1.0, "scores": [1.0], "feedback": None},
                {"program_id": high, "source": TWO, "score": 2.0, "scores": [2.0], "feedback": None},
            ],
            "failures": [],
            "received": [0, 1, 2],
            "unevaluated": [
                {"completion_id": lost, "ordinal": 1, "sampler": "", "text": None},
                {"completion_id": late, "ordinal": 2, "sampler": "openai", "text": "return 2"},
            ],
        },
        {
            "draw_id": 2,
            "batch_id": 8,
            "kind": "random",
            "seed": 5,
            "island_id": 1,
            "epoch": 0,
            "completions": 2,
            "models": [],
            "parents": [],
            "failures": [],
            "received": [],
            "unevaluated": [],
        },
    ]
