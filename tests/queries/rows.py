"""What a query returns, in a form that is easy to compare."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import duckdb

from fsdb import queries
from fsdb.queries import catalogue
from fsdb.state.database import connect_table
from fsdb.state.projection import Projection
from tests.state.logs import Log


@contextmanager
def views(log: Log) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a connection with every view over the log."""
    with connect_table(log.table()) as con:
        yield con


@contextmanager
def projections(log: Log) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a connection that finds the state at the end of the log as a running search does."""
    with connect_table(log.table()) as con:
        yield Projection(con).con


def rows(con: duckdb.DuckDBPyConnection, sql: str, **params: Any) -> list[tuple[Any, ...]]:
    """Return the rows of a query."""
    return con.execute(sql, params).fetchall()


def engine(con: duckdb.DuckDBPyConnection, name: str, **params: Any) -> list[tuple[Any, ...]]:
    """Return the rows of a query of queries/engine."""
    return con.execute(queries.text(f"engine/{name}.sql"), params).fetchall()


def analysis(log: Log, name: str, **params: Any) -> list[dict[str, Any]]:
    """Return the rows of an analysis, by column; its table macro has to return the same."""
    found = catalogue.analysis(name)
    given = ", ".join(f"{param} := ${param}" for param in params)
    with views(log) as con:
        rows = _by_column(con.execute(found.sql, {**found.defaults, **params}))
        con.execute(found.macro)
        assert _rounded(_by_column(con.execute(f"from {name}({given})", params))) == _rounded(rows)
    for row in rows:
        assert list(row) == list(found.columns)
    return rows


def _rounded(value: Any) -> Any:
    """Return rows with floats as far as they do not depend on the order in which they were summed."""
    if isinstance(value, dict):
        return {key: _rounded(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_rounded(each) for each in value]
    return f"{value + 0.0:.9g}" if isinstance(value, float) else value


def _by_column(result: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    columns = [column[0] for column in result.description or ()]
    return [dict(zip(columns, row, strict=True)) for row in result.fetchall()]


def picked(rows: list[dict[str, Any]], *columns: str) -> list[tuple[Any, ...]]:
    """Return some columns of rows."""
    return [tuple(row[column] for column in columns) for row in rows]
