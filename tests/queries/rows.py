"""What a query returns, in a form that is easy to compare."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import duckdb

from fsdb import queries
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
