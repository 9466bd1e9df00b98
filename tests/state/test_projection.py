"""Projections are caches of views, and views as of an event are the views of a log that ends there."""

from __future__ import annotations

from collections.abc import Iterable

import duckdb
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fsdb import schema
from fsdb.state import database
from fsdb.state.database import STATE_VIEWS, connect_table
from fsdb.state.projection import Projection, differences
from tests.state.histories import histories
from tests.state.logs import Log

FEW = settings(deadline=None, max_examples=5, suppress_health_check=list(HealthCheck), derandomize=True)
MANY = settings(FEW, max_examples=60)


class Viewer:
    """One connection for many logs: making the views anew for each would take most of the time."""

    def __init__(self) -> None:
        self.con = connect_table(schema.arrow_schema().empty_table())

    def show(self, events: pa.Table) -> duckdb.DuckDBPyConnection:
        self.con.register("logged_events", events)
        return self.con


@pytest.fixture(scope="module")
def viewer() -> Viewer:
    return Viewer()


def check_every_commit(viewer: Viewer, log: Log, cuts: Iterable[int]) -> None:
    """Fold a log in commits that end at `cuts`, and compare with the views after each."""
    last = len(log.events) - 1
    first, *ends = [*sorted(cut for cut in cuts if cut < last), last]
    with connect_table(log.table(last=first)) as con:
        projection = Projection(con)
        assert differences(con, viewer.show(log.table(last=first))) == []
        for start, end in zip([first, *ends], ends, strict=False):
            projection.fold(log.table(start + 1, end))
            assert differences(con, viewer.show(log.table(last=end))) == []


def check_as_of(viewer: Viewer, log: Log, seq: int) -> None:
    """Compare every view as of an event with the same view of the log cut after it."""
    con = viewer.show(log.table())
    before = {name: _rows(con, f"{name}_as_of({seq})") for name in (*schema.event_types(), *STATE_VIEWS)}
    con = viewer.show(log.table(last=seq))
    for name, rows in before.items():
        assert rows == _rows(con, name), name


@FEW
@given(log=histories(), cuts=st.sets(st.integers(1, 80)))
def test_projections_equal_views_at_every_commit(viewer: Viewer, log: Log, cuts: set[int]) -> None:
    check_every_commit(viewer, log, cuts)


@FEW
@given(log=histories(), share=st.floats(0, 1))
def test_views_as_of_an_event_are_those_of_the_log_cut_there(viewer: Viewer, log: Log, share: float) -> None:
    check_as_of(viewer, log, round(share * (len(log.events) - 1)))


@pytest.mark.slow
@MANY
@given(log=histories(), cuts=st.sets(st.integers(1, 80)))
def test_projections_equal_views_in_many_histories(viewer: Viewer, log: Log, cuts: set[int]) -> None:
    check_every_commit(viewer, log, cuts)


@pytest.mark.slow
@MANY
@given(log=histories(), share=st.floats(0, 1))
def test_views_as_of_an_event_in_many_histories(viewer: Viewer, log: Log, share: float) -> None:
    check_as_of(viewer, log, round(share * (len(log.events) - 1)))


def test_a_run_in_one_commit_and_in_as_many_as_it_has_events(viewer: Viewer) -> None:
    """Resets one after the other, with founders and without, and draws answered in their own commit."""
    log = Log(islands=2)
    seed = log.evaluated([1.0, -0.0])
    log.evaluated([1.0, 0.0], 1, reused_from=seed)
    late = log.drawn(0, [seed], completions=2)
    log.reset({0: None, 1: None})
    log.reset({1: seed})
    log.evaluated([1.0, 0.0], 1, sampler="founder", parents=[seed], reused_from=seed)
    fresh = log.drawn(0, kind="random", completions=2)
    for draw in (late, fresh):
        for ordinal in range(2):
            completion = log.received(draw, ordinal, tokens_in=3 - ordinal, cost_usd=0.1)
            log.evaluated(
                [2.0, float(ordinal)],
                draw=draw,
                completion_id=completion,
                status="stale" if draw == late else "ok",
                epoch=0 if draw == late else 1,
            )
    check_every_commit(viewer, log, [1])
    check_every_commit(viewer, log, range(1, len(log.events)))


def test_no_projection_is_needed_twice() -> None:
    """Dropping them loses nothing: what was folded and what is copied anew are the same."""
    log = Log(islands=1)
    for number in range(10):
        log.evaluated([float(number % 3)])
    with connect_table(log.table(last=3)) as con, connect_table(log.table()) as other:
        Projection(con).fold(log.table(4))
        Projection(other)
        assert differences(con, other) == []


def test_a_projection_of_no_files_is_an_empty_state() -> None:
    con = Projection.open([]).con
    assert con.execute("select count(*) from islands").fetchall() == [(0,)]
    assert con.execute("select programs, best_score from progress").fetchall() == [(0, None)]


def test_differences_are_told(viewer: Viewer) -> None:
    log = Log(islands=2)
    log.evaluated([1.0])
    log.evaluated([2.0], 1)
    with connect_table(log.table()) as con:
        Projection(con)
        con.execute("set variable hours_since_reset = 3.0")  # the clock is no state
        assert differences(con, viewer.show(log.table())) == []
        con.execute("update live.islands set best_score = 7 where island_id = 1")
        con.execute("delete from live.population where program_id = 0")
        found = differences(con, viewer.show(log.table()))
    assert found[0] == "population: the projection has 1 rows, the view 2"
    assert found[1].startswith("islands: row 1 of the projection is {'island_id': 1,")
    assert "'best_score': 7.0" in found[1]
    assert len(found) == 2


def test_every_view_has_its_macro() -> None:
    with connect_table(Log().table()) as con:
        views = {
            name
            for (name,) in con.execute("select view_name from duckdb_views() where not internal").fetchall()
        }
        macros = con.execute(
            "select function_name from duckdb_functions() where function_type = 'table_macro'"
        )
        as_of = {name.removesuffix("_as_of") for (name,) in macros.fetchall() if name.endswith("_as_of")}
    assert views - {"events", "logged_events"} == as_of == {*schema.event_types(), *STATE_VIEWS}
    assert set(database.STATE_VIEWS) <= views


def _rows(con: duckdb.DuckDBPyConnection, relation: str) -> list[dict[str, object]]:
    return con.sql(f"select * from {relation} order by all").to_arrow_table().to_pylist()
