"""Each view of the state: a log with a few events in, known rows out."""

from __future__ import annotations

import hashlib
from datetime import datetime
from decimal import Decimal

import pytest

from fsdb.state.keys import signature_hash, source_hash
from tests.queries.rows import rows, views
from tests.state.logs import Log

ONE, OTHER = "def f():\n    return 1\n", "def f():\n    return 2 # é\n"


def test_programs_hold_every_evaluation_and_the_cluster_of_members() -> None:
    log = Log(2)
    first = log.evaluated([1.0, 3.0], source=ONE)
    log.evaluated([1.0, None], status="runtime_error", error="boom")
    log.evaluated(None, source=None, status="no_program")
    log.evaluated([1.0, 3.0], source=ONE, status="duplicate", reused_from=first)
    same = log.evaluated([1.0, 3.0], source=OTHER)
    elsewhere = log.evaluated([1.0, 3.0], 1, source=ONE, reused_from=first)
    log.reset({0: None})
    log.evaluated([1.0, 3.0], epoch=0, source="def f(): return 3", status="stale")
    later = log.evaluated([1.0, 3.0], source=OTHER, reused_from=same)
    with views(log) as con:
        assert rows(
            con,
            "select program_id, seq, island_id, epoch, cluster_id, status, score from programs order by all",
        ) == [
            (0, 1, 0, 0, first, "ok", 2.0),
            (1, 2, 0, 0, None, "runtime_error", None),
            (2, 3, 0, 0, None, "no_program", None),
            (3, 4, 0, 0, None, "duplicate", 2.0),
            (4, 5, 0, 0, first, "ok", 2.0),
            (5, 6, 1, 0, elsewhere, "ok", 2.0),
            (6, 8, 0, 0, None, "stale", 2.0),
            (7, 9, 0, 1, later, "ok", 2.0),
        ]
        assert rows(
            con,
            "select signature, signature_hash, source, source_hash, length, sampler, draw_id, recorded_at "
            "from programs where program_id = 4",
        ) == [
            (
                [1.0, 3.0],
                signature_hash([1.0, 3.0]),
                OTHER,
                source_hash(OTHER),
                len(OTHER),
                "seed",
                None,
                datetime(1970, 1, 1, 0, 0, 5),
            )
        ]
        assert rows(
            con, "select signature, error, length from programs where program_id in (1, 2) order by all"
        ) == [
            ([1.0, None], "boom", len("def f():\n    return 1\n")),
            ([None], None, None),
        ]


def test_population_holds_who_lives() -> None:
    log = Log(2)
    log.evaluated([1.0])
    log.evaluated([2.0], 1)
    log.evaluated([3.0], status="duplicate")
    log.reset({0: 1})
    log.evaluated([4.0], epoch=0, status="stale")
    log.evaluated([2.0], sampler="founder", parents=[1])
    with views(log) as con:
        assert rows(
            con, "select program_id, island_id, epoch, cluster_id, score from population order by all"
        ) == [
            (1, 1, 0, 1, 2.0),
            (4, 0, 1, 4, 2.0),
        ]


def test_clusters_are_programs_of_one_island_with_one_signature() -> None:
    """0.0 and -0.0 are one signature; scores that are equal on the mean are not."""
    log = Log(2)
    log.evaluated([0.0, 2.0], source="def f(): return 10")
    log.evaluated([1.0, 1.0], source="def f(): return 1")
    log.evaluated([-0.0, 2.0], source="def f(): return 7")
    log.evaluated([0.0, 2.0], source="def f(): return 100", status="duplicate")
    log.evaluated([0.0, 2.0], 1, source="def f(): return 5")
    with views(log) as con:
        assert rows(
            con,
            "select cluster_id, island_id, epoch, score, signature, programs, shortest, longest, newest "
            "from clusters order by all",
        ) == [
            (0, 0, 0, 1.0, [0.0, 2.0], 2, 17, 18, 2),
            (1, 0, 0, 1.0, [1.0, 1.0], 1, 17, 17, 1),
            (4, 1, 0, 1.0, [0.0, 2.0], 1, 17, 17, 4),
        ]


def test_islands_are_there_when_empty_and_name_their_first_best() -> None:
    log = Log(3)
    log.evaluated([1.0, 2.0])
    log.evaluated([3.0, 1.0])
    log.evaluated([1.0, 3.0])
    log.evaluated([3.0, 1.0])
    log.evaluated([9.0, 9.0], 1)
    log.reset({1: None})
    log.reset({1: None})
    with views(log) as con:
        columns = "island_id, epoch, programs, clusters, best_score, best_program_id"
        assert rows(con, f"select {columns} from islands order by all") == [
            (0, 0, 4, 3, 2.0, 1),
            (1, 2, 0, 0, None, None),
            (2, 0, 0, 0, None, None),
        ]
        assert rows(con, "from island_epochs order by all") == [(0, 0), (1, 2), (2, 0)]


def test_edges_are_parents_in_prompt_order() -> None:
    log = Log()
    log.evaluated([1.0])
    log.evaluated([2.0])
    draw = log.drawn(parents=[1, 0])
    log.evaluated([3.0], draw=draw, parents=[1, 0])
    log.evaluated(None, draw=draw, parents=[1, 1], status="timeout")
    with views(log) as con:
        assert rows(con, "from edges order by all") == [(2, 0, 1), (2, 1, 0), (3, 1, 0), (3, 1, 1)]


def test_draws_are_told_parent_by_parent() -> None:
    log = Log()
    log.evaluated([1.0])
    shown = {
        "position": 0,
        "slot": 1,
        "program_id": 0,
        "cluster_id": 0,
        "cluster_propensity": 0.25,
        "program_propensity": 0.5,
    }
    second = {**shown, "position": 1, "slot": 0}
    log.drawn(parents=[shown, second], policy="blog", temperature=0.1, completions=3, island_propensity=0.125)
    log.drawn(kind="random")
    with views(log) as con:
        assert rows(
            con,
            "select draw_id, seq, as_of, kind, policy, island_id, epoch, island_propensity, temperature, "
            "position, slot, program_id, cluster_id, cluster_propensity, program_propensity, completions "
            "from draws order by all",
        ) == [
            (0, 2, 1, "parents", "blog", 0, 0, 0.125, 0.1, 0, 1, 0, 0, 0.25, 0.5, 3),
            (0, 2, 1, "parents", "blog", 0, 0, 0.125, 0.1, 1, 0, 0, 0, 0.25, 0.5, 3),
            (1, 3, 2, "random", None, 0, 0, 1.0, None, None, None, None, None, None, None, 1),
        ]


def test_resets_are_told_island_by_island() -> None:
    log = Log(2)
    log.evaluated([1.0])
    log.reset({1: 0})
    log.reset({})
    with views(log) as con:
        assert rows(
            con,
            "select reset_id, seq, as_of, policy, island_id, epoch, rank, reset, founder_program_id, "
            "founder_propensity from resets order by all",
        ) == [
            (0, 2, 1, "survivors", 0, 0, 1, False, None, None),
            (0, 2, 1, "survivors", 1, 0, 2, True, 0, 0.25),
            (1, 3, 2, "survivors", 0, 0, 1, False, None, None),
            (1, 3, 2, "survivors", 1, 1, 2, False, None, None),
        ]


def test_the_best_so_far_only_rises_and_counts_whatever_became_of_it() -> None:
    log = Log()
    for score, status in (
        (2.0, "ok"),
        (None, "timeout"),
        (2.0, "ok"),
        (1.0, "ok"),
        (2.5, "stale"),
        (4.5, "duplicate"),
    ):
        log.evaluated(score, status=status)
    with views(log) as con:
        assert rows(con, "select program_id, score, gain, status from best_so_far order by all") == [
            (0, 2.0, None, "ok"),
            (4, 2.5, 0.5, "stale"),
            (5, 4.5, 2.0, "duplicate"),
        ]


def test_open_draws_wait_for_answers_or_evaluations() -> None:
    log = Log()
    answered = log.drawn(completions=2)
    half = log.drawn(completions=3)
    log.drawn(kind="random", completions=1)
    for ordinal in (1, 0):
        log.evaluated([1.0], draw=answered, completion_id=log.received(answered, ordinal))
    completions = [log.received(half, ordinal) for ordinal in (2, 0)]
    log.evaluated(None, draw=half, completion_id=completions[0], status="timeout")
    with views(log) as con:
        assert rows(con, "from open_draws order by all") == [
            (1, "parents", 0, 0, 3, [0, 2], [2]),
            (2, "random", 0, 0, 1, [], []),
        ]


def test_random_draws_count_what_came_of_them() -> None:
    log = Log(2)
    log.drawn()
    draw = log.drawn(1, kind="random", completions=3)
    log.evaluated([1.0], 1, draw=draw)
    log.evaluated(None, 1, draw=draw, status="no_program", source=None)
    log.drawn(1, kind="random", completions=1)
    with views(log) as con:
        assert rows(con, "from random_draws order by all") == [(1, 1, 0, 3, 2), (2, 1, 0, 1, 0)]


def test_results_are_shared_from_the_first_that_was_run() -> None:
    """Not from what the sandbox failed on, and with the outcome that the program earned by itself."""
    log = Log()
    log.evaluated(None, source=ONE, status="sandbox_error", error="no memory")
    log.evaluated([1.0, 2.0], source=ONE, status="stale")
    log.evaluated([1.0, 2.0], source=ONE, reused_from=1)
    log.evaluated([1.0, None], source=OTHER, status="timeout", error="5 s", output="…")
    log.evaluated(None, source=None, status="no_program")

    def key_of(source: str) -> int:
        return int.from_bytes(hashlib.md5(source_hash(source).encode()).digest()[8:], "little")

    with views(log) as con:
        assert rows(con, "from scored_sources order by program_id") == [
            (source_hash(ONE), 1, "ok", None, None, [1.0, 2.0], 1.5, signature_hash([1.0, 2.0]), key_of(ONE)),
            (source_hash(OTHER), 3, "timeout", "5 s", "…", [1.0, None], None, None, key_of(OTHER)),
        ]


def test_progress_counts_work_and_knows_the_best() -> None:
    """Seeds and founders count only for the best; tokens only where reported."""
    log = Log(2)
    log.evaluated([1.0])
    log.evaluated([1.0], 1, reused_from=0)
    first, second = log.drawn(completions=2), log.drawn(1, kind="random", completions=4)
    done = [
        log.received(first, 0, tokens_in=100, tokens_out=7, cost_usd=0.1),
        log.received(first, 1, tokens_in=0, tokens_out=8, cost_usd=0.2),
        log.received(second, 0),
    ]
    log.evaluated([3.0], draw=first, completion_id=done[0])
    log.reset({1: 2})
    log.evaluated([3.0], 1, sampler="founder", reused_from=2)
    log.evaluated([3.0], 1, draw=second, completion_id=done[2], status="duplicate")
    log.evaluated(None, draw=first, completion_id=done[1], status="timeout")
    with views(log) as con:
        found = con.sql("from progress").to_arrow_table().to_pylist()
        assert found == [
            {
                "draws": 2,
                "asked": 6,
                "samples": 3,
                "tokens_in": 100,
                "tokens_out": 15,
                "cost_usd": Decimal("0.300000000"),
                "programs": 3,
                "valid": 2,
                "best_score": 3.0,
                "best_program_id": 2,
                "resets": 1,
                "programs_since_reset": 2,
                "hours_since_reset": 0.0,
            }
        ]
        con.execute("set variable hours_since_reset = 1.5")
        assert rows(con, "select hours_since_reset from progress") == [(1.5,)]


def test_progress_before_anything_happened() -> None:
    with views(Log(3)) as con:
        found = con.sql("from progress").to_arrow_table().to_pylist()
    unknown = {"tokens_in", "tokens_out", "cost_usd", "best_score", "best_program_id"}
    assert {name for name, value in found[0].items() if value is None} == unknown
    assert {value for name, value in found[0].items() if name not in unknown} == {0}


@pytest.mark.parametrize(
    ("seq", "epoch", "living", "best"), [(0, 0, 0, None), (2, 0, 2, 2.0), (3, 1, 0, None), (4, 1, 1, 1.5)]
)
def test_state_as_of_an_event(seq: int, epoch: int, living: int, best: float | None) -> None:
    log = Log()
    log.evaluated([1.0])
    log.evaluated([2.0])
    log.reset({0: None})
    log.evaluated([1.5])
    with views(log) as con:
        assert rows(con, f"select epoch, programs, best_score from islands_as_of({seq})") == [
            (epoch, living, best)
        ]
        assert rows(con, f"select count(*) from programs_as_of({seq})") == [(min(seq, 2) + (seq > 3),)]
