"""Analyses of a run: a log with a few events in, known rows out."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.queries.rows import analysis, picked
from tests.state.logs import SECOND, Log


@pytest.fixture
def log() -> Log:
    """Events a second apart: a seed of 1, then answers with tokens: a failure, 3, 2 (a repeat), 3.5."""
    log = Log()
    log.evaluated(1.0)  # program 0, event 1
    for number, (score, source) in enumerate([(None, "a"), (3.0, "b"), (3.0, "b"), (3.5, "c")]):
        draw = log.drawn(parents=[0])
        completion = log.received(
            draw,
            tokens_in=10,
            tokens_out=number,
            cost_usd=0.5,
            latency_seconds=2.0,
            request_id=f"r{number}",
        )
        log.evaluated(
            score,
            draw=draw,
            completion_id=completion,
            parents=[0],
            source=source,
            status="timeout" if score is None else "duplicate" if number == 2 else "ok",
            evaluation_seconds=0.25,
            cpu_seconds=0.125,
        )
    return log


def test_improvements_tell_what_each_one_cost(log: Log) -> None:
    rows = analysis(log, "improvements")
    assert picked(rows, "program_id", "seq", "score", "gain", "sampler") == [
        (0, 1, 1.0, None, "seed"),
        (2, 7, 3.0, 2.0, "mutation"),
        (4, 13, 3.5, 0.5, "mutation"),
    ]
    assert picked(rows, "samples", "programs", "seconds", "tokens", "cost_usd") == [
        (0, 0, 1.0, None, None),
        (2, 2, 7.0, 21, 1.0),
        (4, 4, 13.0, 46, 2.0),
    ]
    assert picked(
        rows, "samples_since", "programs_since", "seconds_since", "tokens_since", "cost_usd_since"
    ) == [
        (0, 0, 1.0, None, None),
        (2, 2, 6.0, 21, 1.0),
        (2, 2, 6.0, 25, 1.0),
    ]


def test_a_pause_between_two_writers_is_no_time_of_the_run(log: Log) -> None:
    resumed = {
        "fsdb_version": "1",
        "python_version": "3",
        "duckdb_version": "2",
        "platform": "p",
        "open_draws": 0,
        "stops": "{}",
        "sampler_params": "{}",
    }
    log._append("run_resumed", resumed)
    log.evaluated(9.0)
    late = [event._replace(recorded_at=event.recorded_at + 1000 * SECOND) for event in log.events[-2:]]
    log.events[-2:] = late
    assert analysis(log, "improvements")[-1]["seconds"] == 14.0
    assert analysis(log, "run_summary")[0]["active_seconds"] == 14.0
    assert analysis(log, "run_summary")[0]["resumed"] == 1


def test_the_best_curve_is_a_staircase(log: Log) -> None:
    rows = analysis(log, "best_curve", points=5)
    assert picked(rows, "spent", "best_score", "program_id") == [
        (0.0, 1.0, 0),
        (1.0, 1.0, 0),
        (2.0, 3.0, 2),
        (3.0, 3.0, 2),
        (4.0, 3.5, 4),
    ]
    assert picked(analysis(log, "best_curve", axis="seconds", points=2), "spent", "best_score") == [
        (0.0, None),
        (13.0, 3.5),
    ]
    assert picked(analysis(log, "best_curve", axis="tokens", points=2), "spent", "best_score") == [
        (0.0, 1.0),
        (46.0, 3.5),
    ]


def test_the_area_is_the_best_so_far_summed_over_what_was_spent(log: Log) -> None:
    rows = {row["axis"]: row for row in analysis(log, "best_area")}
    assert (rows["samples"]["spent"], rows["samples"]["area"]) == (4.0, 1 * 2 + 3 * 2)
    assert rows["samples"]["mean_best"] == 2.0
    assert (rows["seconds"]["spent"], rows["seconds"]["area"]) == (12.0, 6 * 1 + 6 * 3)
    assert {row["last_best"] for row in rows.values()} == {3.5}
    assert set(rows) == {"samples", "programs", "seconds", "tokens", "cost_usd"}


def test_what_nobody_reports_has_no_area() -> None:
    log = Log()
    log.evaluated(1.0)
    log.received(log.drawn(), tokens_in=None)
    assert [row["axis"] for row in analysis(log, "best_area")] == ["samples", "programs", "seconds"]
    assert analysis(log, "best_curve", axis="tokens") == []


def test_time_to_a_threshold(log: Log) -> None:
    columns = ("threshold", "reached", "program_id", "score", "samples", "seconds", "tokens")
    assert picked(analysis(log, "time_to_threshold"), *columns) == [(3.5, True, 4, 3.5, 4, 13.0, 46)]
    assert picked(analysis(log, "time_to_threshold", threshold=1.5), *columns) == [
        (1.5, True, 2, 3.0, 2, 7.0, 21)
    ]
    assert picked(analysis(log, "time_to_threshold", threshold=4.0), *columns) == [
        (4.0, False, None, None, 4, 13.0, 46)
    ]


def test_the_longest_streak_comes_first_and_the_last_is_open(log: Log) -> None:
    rows = analysis(log, "stagnation")
    assert picked(rows, "program_id", "until_program_id", "programs", "samples", "seconds", "share") == [
        (0, 2, 2, 2, 6.0, 0.5),
        (2, 4, 2, 2, 6.0, 0.5),
        (4, None, 0, 0, 0.0, 0.0),
    ]
    assert len(analysis(log, "stagnation", top=1)) == 1


def test_outcomes_are_told_part_by_part(log: Log) -> None:
    rows = analysis(log, "outcomes_over_time", parts=2)
    columns = ("part", "first_program_id", "last_program_id", "status", "programs", "share")
    assert picked(rows, *columns) == [
        (1, 1, 2, "ok", 1, 0.5),
        (1, 1, 2, "timeout", 1, 0.5),
        (2, 3, 4, "duplicate", 1, 0.5),
        (2, 3, 4, "ok", 1, 0.5),
    ]


def test_duplicates_are_sources_proposed_again(log: Log) -> None:
    rows = analysis(log, "duplicates")
    columns = ("program_id", "last_program_id", "programs", "islands", "samplers", "share", "source")
    assert picked(rows, *columns) == [(2, 3, 2, 1, ["mutation"], 0.25, "b")]


def test_throughput_is_told_part_by_part(log: Log) -> None:
    rows = analysis(log, "throughput", parts=2)
    assert picked(rows, "part", "from_seconds", "programs", "samples") == [(1, 0.0, 1, 2), (2, 6.5, 3, 2)]
    assert rows[0]["programs_per_second"] == pytest.approx(1 / 6.5)
    assert rows[0]["tokens_per_second"] == pytest.approx(21 / 6.5)
    assert rows[1]["evaluating"] == pytest.approx(0.75 / 6.5)
    assert rows[1]["waiting"] == pytest.approx(4 / 6.5)


def test_time_is_told_activity_by_activity(log: Log) -> None:
    rows = {row["activity"]: row for row in analysis(log, "time_spent")}
    assert {name: (row["times"], row["seconds"]) for name, row in rows.items()} == {
        "drawing": (4, 4.0),
        "model": (4, 8.0),
        "queue": (4, 3.0),
        "evaluation": (4, 1.0),
        "processor": (4, 0.5),
    }
    assert rows["model"]["at_a_time"] == pytest.approx(8 / 13)
    assert rows["model"]["p95_seconds"] == 2.0


def test_a_run_without_a_program_has_rows_that_say_so() -> None:
    log = Log()
    assert analysis(log, "improvements") == []
    assert analysis(log, "best_area") == []
    assert picked(analysis(log, "time_to_threshold"), "reached", "samples") == [(False, 0)]
    assert analysis(log, "stagnation") == []
    assert picked(analysis(log, "throughput", parts=1), "programs", "programs_per_second") == [(0, None)]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.one_of(st.none(), st.integers(-5, 5).map(float)), max_size=12))
def test_the_best_so_far_never_falls_and_ends_at_the_best(scores: list[float | None]) -> None:
    log = Log()
    for score in scores:
        draw = log.drawn()
        log.evaluated(
            score, draw=draw, completion_id=log.received(draw), status="timeout" if score is None else "ok"
        )
    curve = [row["best_score"] for row in analysis(log, "best_curve", axis="programs", points=20)]
    found = [best for best in curve if best is not None]
    assert found == sorted(found)
    assert curve[len(curve) - len(found) :] == found
    numbers = [score for score in scores if score is not None]
    assert curve[-1] == max(numbers, default=None)
