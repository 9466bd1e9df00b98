"""Asking a log anything in SQL, without letting the question touch anything else.

DuckDB opens no file at all for it: the log's files are read by Arrow, which hands over what a query scans.
So a statement can neither read another file of the machine nor write any, whatever way round the refusal of
statements other than queries it may find (DuckDB has a few).
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from fsdb import schema
from fsdb.errors import LogError, UsageError
from fsdb.log import Damage, scan
from fsdb.report import analyses
from fsdb.sandbox.verdict import escape
from fsdb.state import database

T = TypeVar("T")

_ATTEMPTS = 50
_LONGEST_ERROR = 4000

_QUERIES = (
    duckdb.StatementType.SELECT,
    duckdb.StatementType.EXPLAIN,
    duckdb.StatementType.MULTI,  # PIVOT, which is run as several
)

_MEANT = "fsdb sql only reads: select, from, with, values, describe, show, summarize, pivot, explain."


@dataclass(frozen=True)
class Answer:
    """The rows of a query; `columns` may hold a name twice. `damages` is what was wrong with the log."""

    columns: list[str]
    rows: list[list[Any]]
    damages: tuple[Damage, ...]

    @property
    def is_plan(self) -> bool:
        """Whether it is the answer to EXPLAIN: one text of many lines."""
        return self.columns == ["explain_key", "explain_value"]


def ask(run_dir: Path, query: str, *, limit: int | None = None) -> Answer:
    """Return the answer of a run's log to one query, at most its first `limit` rows.

    The query may name every view and macro of fsdb.state.database. Raises UsageError where it is no query
    or fails, LogError where nothing of the log can be read.
    """
    _check(query)

    def fetch(con: duckdb.DuckDBPyConnection) -> pa.Table:
        return _run(con, query, limit)

    table, damages = _over_log(run_dir, fetch)
    return Answer(table.column_names, _rows(table), damages)


def export(run_dir: Path, query: str, file: Path, *, limit: int | None = None) -> int:
    """Write the answer to a query into a Parquet file, and return its number of rows; errors as of `ask`."""
    _check(query)

    def fetch(con: duckdb.DuckDBPyConnection) -> pa.Table:
        return _run(con, query, limit)

    table, _ = _over_log(run_dir, fetch)
    return write_table(table, file)


def write_table(table: pa.Table, file: Path) -> int:
    """Write rows into a Parquet file, and return their number; UsageError where that cannot be."""
    try:
        pq.write_table(table.rename_columns(_unique(table.column_names)), file, compression="zstd")
    except (pa.ArrowException, OSError) as error:
        cause = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise UsageError(
            f"The file {file} cannot be written: {escape(cause, _LONGEST_ERROR)}.",
            cure="Choose another file, or cast the columns to types that Parquet has.",
        ) from error
    return int(table.num_rows)


def _check(query: str) -> None:
    """Raise UsageError unless the text is one query."""
    with duckdb.connect(":memory:", config={"threads": 1}) as con:
        try:
            statements = con.extract_statements(query)
        except duckdb.Error as error:
            raise _said_by_duckdb(error) from None
    if not statements:
        raise UsageError("There is no query.", cure=_MEANT)
    if len(statements) > 1:
        raise UsageError(
            f"There are {len(statements)} statements.",
            cure="Give one query at a time; WITH joins several into one.",
        )
    kind = statements[0].type
    if kind not in _QUERIES:
        raise UsageError(f"{kind.name} statements are refused.", cure=_MEANT)


def _over_log(run_dir: Path, fetch: Callable[[duckdb.DuckDBPyConnection], T]) -> tuple[T, tuple[Damage, ...]]:
    """Return `fetch(con)` over the log's present files, again where a merge took one away meanwhile."""
    for _ in range(_ATTEMPTS):
        state = scan(run_dir)
        files = [file.path for file in state.files]
        if not files:
            state.require_whole()
            raise LogError(
                f"The run in {run_dir} never began: its log holds no event.",
                cure="Remove the directory, and start the run again.",
            )
        try:
            with tempfile.TemporaryDirectory(prefix="fsdb-sql-") as spill, _locked(files, spill) as con:
                return _interruptible(con, fetch), state.damages
        except duckdb.Error as error:
            if isinstance(error, duckdb.InterruptException) or "KeyboardInterrupt" in str(error):
                raise KeyboardInterrupt from None
            if all(file.exists() for file in files):
                raise _said_by_duckdb(error) from None
    raise LogError(
        f"The files of the log in {run_dir} keep vanishing while they are read.",
        cure="Check that no other program moves or deletes them, then try again.",
    )


def _interruptible(con: duckdb.DuckDBPyConnection, fetch: Callable[[duckdb.DuckDBPyConnection], T]) -> T:
    """Return `fetch(con)`, run in a thread of its own: whoever waits for DuckDB itself gets no Ctrl-C."""
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(fetch, con)
        try:
            return answer.result()
        except KeyboardInterrupt:
            con.interrupt()
            raise


def _locked(files: list[Path], spill: str) -> duckdb.DuckDBPyConnection:
    """Return a connection with every view over the log's files, which can do nothing but query them.

    What does not fit into memory spills into the directory `spill`.
    """
    events = ds.dataset([str(file) for file in files], schema=schema.arrow_schema(), format="parquet")
    con = database.connect_table(events)
    con.execute("drop view events")  # so that `show tables` has one name for it
    con.register("events", events)
    con.unregister("logged_events")
    analyses.define(con)
    con.execute("set python_enable_replacements = false")
    con.execute("set temp_directory = '" + spill.replace("'", "''") + "'")
    con.execute("set autoload_known_extensions = false")
    con.execute("set enable_external_access = false")
    con.execute("set lock_configuration = true")
    return con


def _run(con: duckdb.DuckDBPyConnection, query: str, limit: int | None) -> pa.Table:
    relation = con.sql(query)
    if limit is not None and not query.lstrip().lower().startswith("explain"):
        relation = relation.limit(limit)
    return relation.to_arrow_table()


def _rows(table: pa.Table) -> list[list[Any]]:
    columns = [[_value(value) for value in column.to_pylist()] for column in table.columns]
    return [list(row) for row in zip(*columns, strict=True)]


def _value(value: Any) -> Any:
    """Return a value as Python has it: spans of time as timedelta, where they have no months."""
    if isinstance(value, pa.MonthDayNano):
        if value.months:
            return f"{value.months} months {value.days} days {value.nanoseconds / 1e9:g} s"
        return timedelta(days=value.days, microseconds=value.nanoseconds / 1000)
    return value


def _unique(names: list[str]) -> list[str]:
    """Return column names with a number after those that came before."""
    seen: dict[str, int] = {}
    unique = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        unique.append(name if seen[name] == 1 else f"{name}_{seen[name] - 1}")
    return unique


def _said_by_duckdb(error: duckdb.Error) -> UsageError:
    """Return what to raise for an error of a query."""
    message = escape(str(error), _LONGEST_ERROR)
    if isinstance(error, duckdb.PermissionException):
        return UsageError(message, cure="fsdb sql reads the run's log, and no other file.")
    return UsageError(
        message, cure='fsdb sql "show tables" lists what there is, "describe programs" its columns.'
    )
