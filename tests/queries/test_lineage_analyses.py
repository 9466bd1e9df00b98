"""Analyses of who descends from whom: a log with a few programs in, known rows out."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.queries.rows import analysis, picked
from tests.state.logs import Log

HOSTILE = "x = '''\x1b[31m$program' -- ; drop table t\nline 2\u2028'''\n"


@pytest.fixture
def log() -> Log:
    """2 is made from 0 and 1, 3 from 2 twice, 4 fails, 5 is a founder's copy of 3 on island 1, 6 from it."""
    log = Log(2)
    log.evaluated(1.0, 0, source="a\nb\nc\n")  # 0
    log.evaluated(0.5, 1, source="d\n")  # 1
    log.evaluated(2.0, 0, draw=log.drawn(0), parents=[1, 0], source="a\nb\nx\n")  # 2
    log.evaluated(1.5, 0, draw=log.drawn(0), parents=[2, 2], source="  a\n\ny\nx\n", sampler="openai")  # 3
    log.evaluated(None, 0, draw=log.drawn(0), parents=[0, 3], status="timeout")  # 4
    log.reset({1: 3})
    log.evaluated(1.5, 1, sampler="founder", parents=[3], source="  a\n\ny\nx\n")  # 5
    log.evaluated(3.0, 1, draw=log.drawn(1), parents=[5, 5], source=HOSTILE)  # 6
    return log


def test_ancestors_are_each_there_once_at_the_fewest_steps(log: Log) -> None:
    rows = analysis(log, "ancestors")
    assert picked(rows, "depth", "program_id", "parents", "sampler", "score") == [
        (0, 6, [5, 5], "mutation", 3.0),
        (1, 5, [3], "founder", 1.5),
        (2, 3, [2, 2], "openai", 1.5),
        (3, 2, [1, 0], "mutation", 2.0),
        (4, 1, [], "seed", 0.5),
        (4, 0, [], "seed", 1.0),
    ]
    assert picked(analysis(log, "ancestors", program=4), "depth", "program_id") == [
        (0, 4),
        (1, 3),
        (1, 0),
        (2, 2),
        (3, 1),
    ]
    assert analysis(log, "ancestors", program=99) == []


def test_descendants_say_whether_they_live(log: Log) -> None:
    rows = analysis(log, "descendants", program=1)
    assert picked(rows, "depth", "program_id", "status", "alive") == [
        (0, 1, "ok", False),
        (1, 2, "ok", True),
        (2, 3, "ok", True),
        (3, 4, "timeout", False),
        (3, 5, "ok", True),
        (4, 6, "ok", True),
    ]
    assert picked(analysis(log, "descendants"), "program_id") == [(6,)]


def test_the_path_goes_by_the_better_or_by_the_nearer_parent(log: Log) -> None:
    rows = analysis(log, "path_of_bests")
    assert picked(rows, "step", "program_id", "parent_id", "gain", "similarity") == [
        (0, 0, None, None, None),
        (1, 2, 0, 1.0, 0.5),
        (2, 3, 2, -0.5, 0.5),
        (3, 5, 3, 0.0, 1.0),
        (4, 6, 5, 1.5, 0.0),
    ]
    assert rows[-1]["source"] == HOSTILE
    by_lines = Log()
    by_lines.evaluated(1.0, source="a\nb\n")
    by_lines.evaluated(2.0, source="c\n")
    by_lines.evaluated(0.0, draw=by_lines.drawn(), parents=[0, 1], source="a\nb\nz\n")
    assert picked(analysis(by_lines, "path_of_bests", program=2), "program_id") == [(1,), (2,)]
    assert picked(analysis(by_lines, "path_of_bests", program=2, by="nearest"), "program_id") == [(0,), (2,)]


def test_the_latest_common_ancestor(log: Log) -> None:
    columns = ("program_id", "depth", "other_id", "other_depth", "common")
    assert picked(analysis(log, "common_ancestor", program=4, other=6), *columns) == [(3, 1, 6, 2, 4)]
    assert picked(analysis(log, "common_ancestor", program=2, other=6), *columns) == [(2, 0, 6, 3, 3)]
    assert analysis(log, "common_ancestor", program=0, other=1) == []
    # Left out: the best program (6, on island 1), and the best one of the other island (2).
    assert picked(analysis(log, "common_ancestor"), *columns) == [(2, 3, 2, 0, 3)]


def test_takeover_counts_the_living_at_each_moment(log: Log) -> None:
    last = len(log.events) - 1
    rows = analysis(log, "takeover", program=1, points=last + 1)
    assert [row["seq"] for row in rows] == list(range(last + 1))
    assert picked(rows, "population", "descendants", "islands") == [
        (0, 0, 0),
        (1, 0, 0),
        (2, 1, 1),  # program 1
        (2, 1, 1),
        (3, 2, 2),  # program 2
        (3, 2, 2),
        (4, 3, 2),  # program 3
        (4, 3, 2),
        (4, 3, 2),  # program 4 failed
        (3, 2, 1),  # island 1 fell, and program 1 with it
        (4, 3, 2),  # the founder's copy
        (4, 3, 2),
        (5, 4, 2),  # program 6
    ]
    assert rows[-1]["share"] == 0.8
    assert picked(analysis(log, "takeover", program=1, points=2), "seq", "descendants") == [(0, 0), (last, 4)]


def test_generations_count_steps_along_the_best_parents(log: Log) -> None:
    rows = analysis(log, "generations")
    columns = ("generation", "programs", "valid", "best_score", "first_program_id", "last_program_id")
    assert picked(rows, *columns) == [
        (0, 2, 2, 1.0, 0, 1),
        (1, 1, 1, 2.0, 2, 2),
        (2, 1, 1, 1.5, 3, 3),
        (3, 2, 1, 1.5, 4, 5),
        (4, 1, 1, 3.0, 6, 6),
    ]


def test_origins_go_back_through_founders(log: Log) -> None:
    rows = analysis(log, "origins")
    columns = ("island_id", "programs", "from_island_id", "descended", "share", "roots", "generations")
    assert picked(rows, *columns) == [(0, 3, 0, 3, 1.0, 1, 2), (1, 2, 0, 2, 1.0, 1, 4)]


def test_resemblance_asks_which_parent_a_child_takes_after() -> None:
    log = Log()
    log.evaluated(1.0, source="a\nb\nc\n")
    log.evaluated(2.0, source="a\nd\n")
    for source in ("a\nd\nz\n", "a\nb\nz\n", "a\n", "q\n"):
        draw = log.drawn(parents=[0, 1])
        completion = log.received(draw, model="m")
        log.evaluated(1.0, draw=draw, completion_id=completion, parents=[0, 1], source=source)
    log.evaluated(1.0, draw=log.drawn(), parents=[0, 0], source="of one parent")
    (row,) = analysis(log, "resemblance")
    assert (row["sampler"], row["model"], row["programs"]) == ("mutation", "m", 4)
    # To the better: 2/3, 1/4, 1/2, 0; to the worse: 1/5, 2/4, 1/3, 0.
    assert (row["nearer_better"], row["nearer_worse"], row["equally_near"]) == (0.5, 0.25, 0.25)
    assert row["similarity_better"] == pytest.approx((2 / 3 + 1 / 4 + 1 / 2) / 4)
    assert row["similarity_worse"] == pytest.approx((1 / 5 + 1 / 2 + 1 / 3) / 4)
    assert row["unlike_both"] == 0.25
    assert picked(analysis(log, "resemblance", sample=2), "programs") == [(2,)]


def test_a_damaged_log_whose_parents_come_later_ends_no_query_in_a_circle() -> None:
    log = Log()
    log.evaluated(1.0, draw=log.drawn(), parents=[1])
    log.evaluated(2.0, draw=log.drawn(), parents=[0])
    log.evaluated(3.0, draw=log.drawn(), parents=[2])
    assert picked(analysis(log, "ancestors", program=1), "program_id") == [(1,), (0,)]
    assert picked(analysis(log, "descendants", program=0), "program_id") == [(0,), (1,)]
    assert picked(analysis(log, "path_of_bests", program=2), "program_id") == [(2,)]
    analysis(log, "generations")


@settings(max_examples=20, deadline=None)
@given(st.data())
def test_ancestors_and_descendants_are_those_of_a_plain_walk(data: st.DataObject) -> None:
    log = Log()
    parents: list[list[int]] = []
    for program in range(data.draw(st.integers(1, 12))):
        shown = st.lists(st.integers(0, max(program - 1, 0)), max_size=3 if program else 0)
        parents.append(data.draw(shown))
        log.evaluated(1.0, draw=log.drawn(), parents=parents[-1])
    start = data.draw(st.integers(0, len(parents) - 1))

    def walk(neighbours: list[list[int]]) -> dict[int, int]:
        found, frontier, depth = {start: 0}, [start], 0
        while frontier:
            depth += 1
            frontier = [n for each in frontier for n in neighbours[each] if n not in found]
            found.update(dict.fromkeys(frontier, depth))
        return found

    children = [[c for c, own in enumerate(parents) if p in own] for p in range(len(parents))]
    for name, neighbours in (("ancestors", parents), ("descendants", children)):
        rows = analysis(log, name, program=start)
        assert {row["program_id"]: row["depth"] for row in rows} == walk(neighbours)
        assert len(rows) == len(walk(neighbours))
