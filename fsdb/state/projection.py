"""Projections: the views that a running search needs, as DuckDB tables carried forward commit by commit.

A projection is a cache of a view. `Projection.open` copies the views; `fold` applies committed events;
`differences` says where a table is not what its view is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from fsdb import queries
from fsdb.state import database

TABLES = (
    "population",
    "clusters",
    "islands",
    "random_draws",
    "scored_sources",
    "progress",
    "model_draws",
    "model_answers",
    "model_results",
)
"""The projections that stand for a view of the same name."""


_FOLDS = (
    ("island_reset", "reset", "delta_reset"),
    ("prompt_drawn", "fold_draws", "delta_draws"),
    ("completion_received", "fold_completions", "delta_completions"),
    ("program_evaluated", "fold_programs", "delta_programs"),
)
"""In order: event type, the script of queries/projections that folds it, and the relation that it reads."""


_MODEL_FOLDS = {
    "prompt_drawn": ("fold_model_draws", "model"),
    "completion_received": ("fold_model_completions", "model_asked"),
    "program_evaluated": ("fold_model_programs", "completion_id"),
}
"""Further scripts, for runs that ask models: by event type, with the column that tells whether one was."""


class Projection:
    """The state of a running search. `con` finds `population`, `clusters`, `islands`, … as live tables.

    Not safe for use from several threads.
    """

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        """Copy the views of a connection made by fsdb.state.database into live tables."""
        self.con = con
        con.execute(queries.text("projections/create.sql"))
        con.execute("set search_path = 'live,main'")
        ((answers,),) = con.execute("select count(*) from model_answers").fetchall()
        self._has_models = answers > 0

    @classmethod
    def open(cls, files: Sequence[Path]) -> Projection:
        """Return the state at the end of a log, given its files in order."""
        return cls(database.connect(files))

    def fold(self, committed: pa.Table) -> None:
        """Apply committed events, a table in the log's schema; to be called for each commit, in order."""
        for part in _cut_at_resets(committed):
            for event, script, relation in _FOLDS:
                rows = _of_type(part, event)
                if not rows.num_rows:
                    continue
                self._apply(script, relation, rows)
                if event in _MODEL_FOLDS:
                    self._fold_models(event, relation, rows)

    def _fold_models(self, event: str, relation: str, rows: pa.Table) -> None:
        """Apply events to what model policies go by, where any of them has to do with a model."""
        script, column = _MODEL_FOLDS[event]
        self._has_models |= event != "program_evaluated" and rows[column].null_count < rows.num_rows
        if self._has_models:
            self._apply(script, relation, rows)

    def _apply(self, script: str, relation: str, rows: pa.Table) -> None:
        """Run a script of queries/projections with these events as the relation that it reads."""
        self.con.register(relation, rows)
        try:
            self.con.execute(queries.text(f"projections/{script}.sql"))
        finally:
            self.con.unregister(relation)


def differences(projected: duckdb.DuckDBPyConnection, viewed: duckdb.DuckDBPyConnection) -> list[str]:
    """Compare each projection with its view in another connection; return one line for each that differs."""
    found = []
    for name in TABLES:
        # The clock's column is no part of the log, so a projection and a view may well differ in it.
        ordered = f"select columns(lambda name: name <> 'hours_since_reset') from {name} order by all"
        live = projected.sql(ordered).to_arrow_table()
        view = viewed.sql(ordered).to_arrow_table()
        live = live.select(view.column_names)
        if live.num_rows != view.num_rows:
            found.append(f"{name}: the projection has {live.num_rows} rows, the view {view.num_rows}")
        elif not live.equals(view):
            row = next(i for i in range(view.num_rows) if not live.slice(i, 1).equals(view.slice(i, 1)))
            found.append(
                f"{name}: row {row} of the projection is {live.slice(row, 1).to_pylist()[0]}, "
                f"of the view {view.slice(row, 1).to_pylist()[0]}"
            )
    return found


def _cut_at_resets(committed: pa.Table) -> Iterator[pa.Table]:
    """Yield the events in parts, each but the first starting with an island_reset."""
    is_reset = pc.equal(committed["type"], "island_reset")
    starts = [0, *(index.as_py() for index in pc.indices_nonzero(is_reset) if index.as_py() > 0)]
    for start, end in zip(starts, [*starts[1:], committed.num_rows], strict=True):
        if end > start:
            yield committed.slice(start, end - start)


def _of_type(events: pa.Table, event: str) -> pa.Table:
    """Return the fields of the events of one type, with their seq, as columns."""
    rows = events.select(["seq", event]).filter(pc.equal(events["type"], event))
    fields = pa.Table.from_struct_array(rows[event].combine_chunks())
    return fields.append_column("seq", rows["seq"])
