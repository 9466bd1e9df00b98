"""What an event is: everything here is derived from `events.sql`, the one definition.

The definition is run once, in an in-memory DuckDB, when something is first asked for; importing this
module costs nothing. PROTOCOL.md, beside it, says how the events are kept in files.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

SCHEMA_VERSION = 2
"""Version of the definition that this fsdb writes, and the newest that it reads."""

ENVELOPE = "envelope"
"""Name of the table in `events.sql` whose columns every event carries."""


class Table(NamedTuple):
    """One table of the definition: the envelope or an event type, and its comment."""

    table: str
    comment: str


class Column(NamedTuple):
    """One column of the definition; `type` is DuckDB's text for it."""

    table: str
    column: str
    type: str
    comment: str

    @property
    def nullable(self) -> bool:
        """Whether an event may leave it null: only where the comment says so, and lists never."""
        return not self.type.endswith("[]") and re.search(r"(?<!not )\bnull\b", self.comment) is not None


class _Definition(NamedTuple):
    """All that is read out of DuckDB, in the order in which it stands in `events.sql`."""

    tables: tuple[Table, ...]
    columns: tuple[Column, ...]
    schema: pa.Schema


def events_sql() -> str:
    """Return the text of `events.sql`."""
    return files(__package__).joinpath("events.sql").read_text(encoding="utf-8")


def tables() -> tuple[Table, ...]:
    """Return the envelope and then every event type, in the definition's order."""
    return _definition().tables


def columns() -> tuple[Column, ...]:
    """Return every column of the envelope and of every event type, in the definition's order."""
    return _definition().columns


def event_types() -> tuple[str, ...]:
    """Return the names of the event types, in the definition's order."""
    return tuple(table.table for table in tables() if table.table != ENVELOPE)


def arrow_schema() -> pa.Schema:
    """Return the schema of the log's files: the envelope's columns, then one nullable struct per event type.

    The item field of every list is named "element", as Parquet names it.
    """
    return _definition().schema


@cache
def _definition() -> _Definition:
    """Run `events.sql` in a DuckDB of its own and read back what it made."""
    import duckdb

    with duckdb.connect(":memory:", config={"threads": 1}) as con:
        con.execute(events_sql())
        tables_sql = "select table_name, comment from duckdb_tables() order by table_oid"
        columns_sql = (
            "select table_name, column_name, data_type, comment "
            "from duckdb_columns() where not internal order by table_oid, column_index"
        )
        found = tuple(Table(*row) for row in con.execute(tables_sql).fetchall())
        return _Definition(
            tables=found,
            columns=tuple(Column(*row) for row in con.execute(columns_sql).fetchall()),
            schema=_schema(con, [table.table for table in found]),
        )


def _schema(con: duckdb.DuckDBPyConnection, names: list[str]) -> pa.Schema:
    """Put the tables' Arrow schemas together into that of the log's files."""
    import pyarrow as pa

    fields: list[pa.Field] = []
    for name in names:
        table = con.sql(f'from "{name}" limit 0').to_arrow_table().schema
        own = [pa.field(field.name, _with_element_names(field.type)) for field in table]
        fields += own if name == ENVELOPE else [pa.field(name, pa.struct(own))]
    return pa.schema(fields)


def _with_element_names(type_: pa.DataType) -> pa.DataType:
    """Return the type with the item field of every list in it named "element"."""
    import pyarrow as pa

    if pa.types.is_list(type_):
        return pa.list_(pa.field("element", _with_element_names(type_.value_type)))
    if pa.types.is_struct(type_):
        return pa.struct([pa.field(field.name, _with_element_names(field.type)) for field in type_])
    return type_
