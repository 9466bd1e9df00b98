"""Each audit finds nothing in a log that is as it should be, and finds what it is for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from fsdb import queries, schema
from fsdb.log.events import Event
from fsdb.replay.verify import audit_promise
from fsdb.state import database
from tests.report.logs import child, hand_made, stopped
from tests.state.logs import Log

Audit = Callable[[Log, str], list[dict[str, Any]]]

SCORES = [-0.5, -1.0]


@pytest.fixture
def log(tmp_path: Path) -> Log:
    """A run of two islands with a failure, a duplicate, a reset with its founder, and a stale program."""
    log = hand_made(tmp_path, islands=2)
    seed = log.evaluated([-1.0, -2.0], 0)
    other = log.evaluated([-1.0, -2.0], 1, source=fields(log, seed)["source"], reused_from=seed)
    better = child(log, SCORES, [seed])
    child(log, [-1.0, None], [seed, better], status="runtime_error", error="ValueError: no")
    child(log, SCORES, [better], status="duplicate", source=fields(log, better)["source"], reused_from=better)
    child(log, [None, None], [better], status="no_program", source=None)
    late = log.drawn(1, [other])
    completion = log.received(late)
    log.reset({1: better})
    copy = {"source": fields(log, better)["source"], "reused_from": better, "parents": [better]}
    log.evaluated(SCORES, 1, sampler="founder", **copy)
    log.evaluated(
        [-3.0, -3.0], 1, draw=late, completion_id=completion, parents=[other], status="stale", epoch=0
    )
    stopped(log)
    return log


def fields(log: Log, program: int) -> dict[str, Any]:
    return of(log, "program_evaluated")[program].fields


def of(log: Log, type: str) -> list[Event]:
    return [event for event in log.events if event.type == type]


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection whose log is exchanged for each test."""
    with database.connect_table(schema.arrow_schema().empty_table()) as con:
        yield con


@pytest.fixture
def audit(con: duckdb.DuckDBPyConnection) -> Audit:
    """Run an audit over a log, and return its rows."""

    def run(log: Log, name: str) -> list[dict[str, Any]]:
        con.register("logged_events", log.table())
        return con.sql(queries.text(f"audits/{name}.sql")).to_arrow_table().to_pylist()

    return run


@pytest.fixture
def findings(audit: Audit) -> Callable[[Log], dict[str, list[dict[str, Any]]]]:
    """Run all audits over a log, and return the rows of those that find some."""

    def run(log: Log) -> dict[str, list[dict[str, Any]]]:
        found = {name: audit(log, name) for name in queries.names("audits")}
        return {name: rows for name, rows in found.items() if rows}

    return run


def change(type: str, number: int, **changed: Any) -> Callable[[Log], int]:
    """Return what changes fields of an event of a type, and returns its seq."""

    def do(log: Log) -> int:
        event = of(log, type)[number]
        event.fields.update(changed)
        return log.events.index(event)

    return do


def change_parent(draw: int, **changed: Any) -> Callable[[Log], int]:
    def do(log: Log) -> int:
        event = of(log, "prompt_drawn")[draw]
        event.fields["parents"][0].update(changed)
        return log.events.index(event)

    return do


def change_founder(**changed: Any) -> Callable[[Log], int]:
    def do(log: Log) -> int:
        event = of(log, "island_reset")[0]
        event.fields["islands"][1].update(changed)
        return log.events.index(event)

    return do


def draw_again(**changed: Any) -> Callable[[Log], int]:
    """Return what makes the second draw one of the state that the first saw, with a field changed."""

    def do(log: Log) -> int:
        first, second = of(log, "prompt_drawn")[:2]
        parents = [{**parent, **changed} for parent in first.fields["parents"]]
        second.fields.update(as_of=first.fields["as_of"], parents=parents)
        if "island_propensity" in changed:
            parents = first.fields["parents"]
            second.fields.update(parents=parents, island_propensity=changed["island_propensity"])
        return log.events.index(first)

    return do


def swap_parents(log: Log) -> int:
    """The second draw shows the better parent first."""
    event = of(log, "prompt_drawn")[1]
    first, second = event.fields["parents"]
    first["position"], second["position"] = 1, 0
    return log.events.index(event)


def drop_last_program(log: Log) -> int:
    """The stale program is gone: its draw stays open."""
    log.events.remove(of(log, "program_evaluated")[-1])
    return log.events.index(of(log, "prompt_drawn")[-1])


def event_after_the_end(log: Log) -> int:
    log.drawn(0, [0], completions=1)
    return len(log.events) - 1


def unconfirmed(log: Log) -> int:
    of(log, "run_started")[0].fields["check_bests"] = True
    return change("program_evaluated", 2, scoring="in-process", second_score=None)(log)


BREAKS: list[tuple[str, Callable[[Log], int]]] = [
    ("parents_are_alive", change_parent(1, program_id=3)),  # it failed
    ("parents_are_alive", change_parent(1, program_id=1)),  # it lives elsewhere
    ("parents_are_alive", change_parent(0, program_id=2)),  # it comes later
    ("parents_are_alive", change_parent(0, program_id=99)),  # there is none
    ("parents_are_alive", change_parent(2, cluster_id=0)),  # it is in another cluster
    ("draws_know_their_epoch", change("prompt_drawn", 0, epoch=1)),
    ("draws_know_their_epoch", change("prompt_drawn", 0, island_id=2)),
    ("programs_have_draws", change("program_evaluated", 2, draw_id=99)),
    ("programs_have_draws", change("program_evaluated", 2, parents=[1])),
    ("programs_have_draws", change("program_evaluated", 2, island_id=1)),
    ("programs_have_draws", change("program_evaluated", 2, draw_id=None)),
    ("programs_have_draws", change("program_evaluated", 0, draw_id=0)),
    ("numbers_have_no_gap", change("prompt_drawn", 4, draw_id=5)),
    ("numbers_have_no_gap", change("program_evaluated", 6, program_id=5)),
    ("numbers_have_no_gap", change("completion_received", 0, completion_id=7)),
    ("numbers_have_no_gap", change("island_reset", 0, reset_id=1)),
    ("propensities_are_probabilities", change("prompt_drawn", 0, island_propensity=0.0)),
    ("propensities_are_probabilities", change_parent(0, cluster_propensity=1.5)),
    ("propensities_are_probabilities", change_parent(0, program_propensity=float("nan"))),
    ("propensities_are_probabilities", change_founder(founder_propensity=-0.25)),
    ("propensities_fit_together", draw_again(cluster_propensity=0.25)),
    ("propensities_fit_together", draw_again(program_propensity=0.5)),
    ("propensities_fit_together", draw_again(cluster_id=7, cluster_propensity=0.75)),
    ("propensities_fit_together", draw_again(island_propensity=0.5)),
    ("prompts_show_the_worst_first", change_parent(1, position=2)),
    ("prompts_show_the_worst_first", swap_parents),
    ("members_belong", change("program_evaluated", 7, status="ok")),  # the stale one
    ("members_belong", change("program_evaluated", 4, status="ok")),  # the duplicate
    ("stale_programs_are_late", change("program_evaluated", 4, status="stale")),
    ("draws_are_answered", drop_last_program),
    ("best_never_falls", change("program_evaluated", 2, program_id=9, score=-0.1)),
    ("completions_have_draws", change("completion_received", 0, draw_id=99)),
    ("completions_have_draws", change("completion_received", 0, ordinal=1)),
    ("completions_have_draws", change("completion_received", 1, draw_id=0)),
    ("completions_have_draws", change("completion_received", 0, text=None)),
    ("one_program_a_completion", change("program_evaluated", 3, completion_id=0)),
    ("one_program_a_completion", change("program_evaluated", 3, completion_id=99)),
    ("scores_fit_statuses", change("program_evaluated", 2, score=None, signature_hash=None)),
    ("scores_fit_statuses", change("program_evaluated", 2, scores=[1.0])),
    ("scores_fit_statuses", change("program_evaluated", 2, scores=[1.0, float("inf")])),
    ("scores_fit_statuses", change("program_evaluated", 2, source="def cube(x): pass")),
    ("scores_fit_statuses", change("program_evaluated", 3, score=-1.0, signature_hash="x")),
    ("reused_results_agree", change("program_evaluated", 4, reused_from=0)),
    ("reused_results_agree", change("program_evaluated", 1, scores=[-1.0, -3.0])),
    ("reused_results_agree", change("program_evaluated", 4, reused_from=6)),
    ("founders_follow_resets", change_founder(founder_program_id=0)),
    ("founders_follow_resets", change_founder(founder_program_id=1)),
    ("writers_take_turns", event_after_the_end),
    ("writers_take_turns", change("prompt_drawn", 0, as_of=50)),
    ("writers_take_turns", change("island_reset", 0, as_of=-1)),
    ("stops_count_right", change("run_stopped", 0, samples=4)),
    ("stops_count_right", change("run_stopped", 0, programs=4)),
    ("stops_count_right", change("run_stopped", 0, best_score=None)),
    ("stops_count_right", change("run_stopped", 0, open_draws=1)),
    ("bests_are_confirmed", unconfirmed),
]


def test_a_log_as_it_should_be_has_no_findings(log: Log, findings) -> None:
    assert findings(log) == {}


@pytest.mark.parametrize(("name", "break_it"), BREAKS, ids=[f"{n}-{i}" for i, (n, _) in enumerate(BREAKS)])
def test_an_audit_finds_what_it_is_for(
    name: str, break_it: Callable[[Log], int], log: Log, audit: Audit
) -> None:
    seq = break_it(log)
    rows = audit(log, name)
    assert rows, f"{name} found nothing"
    assert seq in {row["seq"] for row in rows} or name == "best_never_falls"


def test_an_event_that_is_not_what_it_says_is_found(log: Log, con: duckdb.DuckDBPyConnection) -> None:
    table = log.table()
    sql = queries.text("audits/events_are_what_they_say.sql")

    def found(events: pa.Table) -> list[int]:
        con.register("logged_events", events)
        return [row["seq"] for row in con.sql(sql).to_arrow_table().to_pylist()]

    assert found(table) == []
    assert found(pa.concat_tables([table.slice(0, 3), table.slice(4)])) == list(range(4, len(table)))
    for column, value in (("type", "run_stopped"), ("run_id", "another")):
        values = table[column].to_pylist()
        values[2] = value
        assert found(table.set_column(table.column_names.index(column), column, pa.array(values))) == [2]


def test_a_founder_without_its_copy_is_found(log: Log, audit: Audit) -> None:
    copy = next(e for e in of(log, "program_evaluated") if e.fields["sampler"] == "founder")
    log.events.remove(copy)
    assert audit(log, "founders_follow_resets")


def test_a_copy_that_no_reset_asked_for_is_found(log: Log, audit: Audit) -> None:
    log.evaluated(SCORES, 0, sampler="founder", parents=[1])
    assert audit(log, "founders_follow_resets")


def test_an_interrupted_run_may_have_open_draws(log: Log, findings) -> None:
    drop_last_program(log)
    of(log, "run_stopped")[0].fields.update(reason="interrupted", open_draws=1, programs=4, samples=5)
    assert findings(log) == {}


def test_a_run_may_go_on_after_it_stopped(log: Log, findings) -> None:
    log._append(
        "run_resumed",
        {
            "fsdb_version": "1",
            "python_version": "3",
            "duckdb_version": "2",
            "platform": "p",
            "open_draws": 0,
            "stops": "{}",
            "sampler_params": "{}",
        },
    )
    stopped(log)
    assert findings(log) == {}


@pytest.mark.parametrize("name", queries.names("audits"))
def test_every_audit_is_broken_by_some_test_and_says_what_it_promises(name: str) -> None:
    sql = queries.text(f"audits/{name}.sql")
    assert name in {"events_are_what_they_say", *(broken for broken, _ in BREAKS)}
    assert len(audit_promise(sql)) > 20
    assert "-- Grain: one row for each" in sql
    assert "-- Reads:" in sql or "Reads:" in sql


@pytest.mark.parametrize(
    ("second_score", "check_bests", "found"),
    [(None, True, True), (-1.0, True, True), (None, False, False), ("same", True, False)],
)
def test_a_new_best_that_was_not_confirmed_is_found(
    log: Log, audit: Audit, second_score: Any, check_bests: bool, found: bool
) -> None:
    of(log, "run_started")[0].fields["check_bests"] = check_bests
    best = of(log, "program_evaluated")[2]
    second_score = best.fields["score"] if second_score == "same" else second_score
    best.fields.update(scoring="in-process", second_score=second_score)
    rows = audit(log, "bests_are_confirmed")
    assert [row["seq"] for row in rows] == ([log.events.index(best)] if found else [])
