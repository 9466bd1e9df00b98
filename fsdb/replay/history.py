"""The history of a run in memory: what lived when, what was drawn, and the states in chunks that fit.

Tables of schema `replay` (queries/replay/history.sql) in a connection of its own, which keeps nothing of the
log's files open: a writer may go on, and merge them, meanwhile. The relations that policies read (population,
clusters, islands, progress, survivors) are tables of their own there, empty until `stand_at` fills them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb

from fsdb import queries, schema
from fsdb.report.runs import RunLog
from fsdb.state import database

ROWS = 500_000
"""Candidates in memory at a time: a chunk's states have at most so many together, or it is one state."""

# Texts are what a log is mostly made of; of these only lengths and hashes count here.
_COLUMNS = {
    "events": "seq, type, recorded_at",
    "run_started": "*",
    "prompt_drawn": "*",
    "island_reset": "*",
    "program_evaluated": (
        "* replace (null::varchar as source, null::varchar as output, null::varchar as error), "
        "length(source) as length, md5(source) as source_md5"
    ),
    "completion_received": "* replace (left(text, 0) as text)",
}


class History:
    """A run's history. `con` finds the tables of schema `replay`, and the events without their texts.

    Not safe for use from several threads.
    """

    def __init__(self, log: RunLog) -> None:
        """Read the log; LogError where its first event is lost."""
        self.log = log
        self.started: dict[str, Any] = log.started()
        self.last_seq = log.last_seq
        self.con = _events_in_memory(log)
        self.con.execute(queries.text("replay/history.sql"))

    def close(self) -> None:
        """Let go of the memory."""
        self.con.close()

    def __enter__(self) -> History:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def rows(self, sql: str, **parameters: Any) -> list[dict[str, Any]]:
        """Return the rows of a query, by column."""
        result = self.con.execute(sql, parameters)
        names = [column[0] for column in result.description or ()]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def scalar(self, sql: str, **parameters: Any) -> Any:
        """Return the one value of a query."""
        return self.con.execute(sql, parameters).fetchall()[0][0]

    def stand_at(self, state: int) -> None:
        """Fill the relations that policies read with what there was as of one event."""
        self.con.execute(queries.text("replay/stand_at.sql").replace("$state", str(int(state))))

    def chunks(self, of: str, rows: int = ROWS) -> Iterator[tuple[int, int]]:
        """Make chunk_states hold one chunk of the states after another; yield the states done and all.

        `of` is what there is a row for: "clusters" or "programs" of a state.
        """
        self.con.execute(
            "create or replace temp table states_in_chunks as select state, "
            f"(sum({of} + 1) over (order by state) // $rows)::bigint as chunk from replay.states",
            {"rows": rows},
        )
        chunks = self.con.execute(
            "select chunk, count(*) from states_in_chunks group by chunk order by chunk"
        ).fetchall()
        total, done = sum(count for _, count in chunks), 0
        for chunk, count in chunks:
            self.con.execute(
                "create or replace temp table chunk_states as "
                "select state from states_in_chunks where chunk = $chunk",
                {"chunk": chunk},
            )
            yield done, total
            done += count


def _events_in_memory(log: RunLog) -> duckdb.DuckDBPyConnection:
    """Return a connection with a table for each type of event, and the macros of the state over them."""
    con = duckdb.connect(":memory:")
    for event in ("events", *schema.event_types()):
        columns = _COLUMNS.get(event, "*")

        def fetch(logged: duckdb.DuckDBPyConnection, event: str = event, columns: str = columns) -> Any:
            return logged.sql(f"select {columns} from {event} order by seq").to_arrow_table()

        con.register("fetched", log.read(fetch))
        con.execute(f"create table {event} as from fetched")
        con.unregister("fetched")
        con.execute(f"create macro {event}_as_of(n) as table from {event} where seq <= n")
    for name in database.MACROS:
        con.execute(queries.text(f"macros/{name}.sql"))
    return con
