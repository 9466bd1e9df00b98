"""A DuckDB connection in which a run's log is views: events, one view an event type, and the state.

Every view has a macro beside it that gives the same as of any event, `clusters_as_of(1200)`; both come
from one definition in queries/.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from fsdb import queries, schema

FUNCTIONS = ("noise", "choice", "statistics")
"""Files of queries/macros that read nothing of a log."""

MACROS = (
    *FUNCTIONS,
    "programs",
    "islands",
    "progress",
    "genealogy",
    "proposals",
    "structure",
    "models",
    "prompts",
)
"""Files of queries/macros in the order in which they build on each other."""

STATE_VIEWS = (
    "programs",
    "population",
    "clusters",
    "islands",
    "island_epochs",
    "progress",
    "random_draws",
    "open_draws",
    "scored_sources",
    "recent_failures",
    "best_so_far",
    "edges",
    "draws",
    "resets",
    "model_draws",
    "model_answers",
    "model_results",
)
"""The state: views over the log, each with a macro `<name>_as_of(seq)`."""


def connect(files: Sequence[Path], *, threads: int | None = None) -> duckdb.DuckDBPyConnection:
    """Return an in-memory connection with every view over the log's files (in order, none superseded)."""
    con = duckdb.connect(":memory:", config={} if threads is None else {"threads": threads})
    con.execute("set preserve_insertion_order = true")
    # Footers of a long log are megabytes, and each view over it would read them anew.
    con.execute("set parquet_metadata_cache = true")
    read_log(con, files)
    define(con)
    return con


def connect_table(events: pa.Table) -> duckdb.DuckDBPyConnection:
    """Return an in-memory connection with every view over events held in memory."""
    con = duckdb.connect(":memory:")
    con.register("logged_events", events)
    con.execute("create view events as from logged_events")
    define(con)
    return con


def read_log(
    con: duckdb.DuckDBPyConnection, files: Sequence[Path], *, last_seq: int = 9223372036854775807
) -> None:
    """Let the view `events`, and with it all others, read these files from now on, up to an event.

    What a file of an older version lacks is null.
    """
    listed = ", ".join("'" + str(file).replace("'", "''") + "'" for file in files)
    # A log's version never falls, so where its first file is of this version, all are.
    if files and pq.read_schema(files[0]).equals(schema.arrow_schema()):
        con.execute(f"create or replace view events as from read_parquet([{listed}]) where seq <= {last_seq}")
        return
    con.register("no_events", schema.arrow_schema().empty_table())
    read = f"from read_parquet([{listed}], union_by_name => true) where seq <= {last_seq}"
    older = f" union all by name {read}" if files else ""
    con.execute(f"create or replace view events as from no_events{older}")


def define(con: duckdb.DuckDBPyConnection) -> None:
    """Make every view and macro over `events`, in the database that the connection uses."""
    for event in schema.event_types():
        con.execute(
            f"create macro {event}_as_of(n) as table select run_id, seq, recorded_at, unnest({event}) "
            f"from events where type = '{event}' and seq <= n"
        )
        con.execute(f"create view {event} as from {event}_as_of(9223372036854775807)")
    _define_state(con)


def define_over_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Make the views and macros of the state where `events` is the envelope and each event type a table."""
    for event in schema.event_types():
        con.execute(f"create macro {event}_as_of(n) as table from {event} where seq <= n")
    _define_state(con)


def _define_state(con: duckdb.DuckDBPyConnection) -> None:
    for name in MACROS:
        con.execute(queries.text(f"macros/{name}.sql"))
    con.execute(queries.text("views/state.sql"))


def define_functions(con: duckdb.DuckDBPyConnection) -> None:
    """Make the macros that read nothing of a log."""
    for name in FUNCTIONS:
        con.execute(queries.text(f"macros/{name}.sql"))
