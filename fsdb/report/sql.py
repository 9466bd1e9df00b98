"""Asking logs anything in SQL, without letting the question touch anything else (see fsdb.report.locked)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from fsdb.errors import UsageError
from fsdb.log import Damage
from fsdb.report.locked import over_logs
from fsdb.sandbox.verdict import escape

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


def ask(runs: Path | Sequence[Path], query: str, *, limit: int | None = None) -> Answer:
    """Return the answer of the log of a run, or of several, to one query, at most its first `limit` rows.

    The query may name what fsdb.report.locked.over_logs says. Raises UsageError where it is no query or
    fails, LogError where nothing of a log can be read.
    """
    table, damages = _answered(runs, query, limit)
    return Answer(table.column_names, _rows(table), damages)


def export(runs: Path | Sequence[Path], query: str, file: Path, *, limit: int | None = None) -> int:
    """Write the answer to a query into a Parquet file, and return its number of rows; errors as of `ask`."""
    return write_table(_answered(runs, query, limit)[0], file)


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


def _answered(
    runs: Path | Sequence[Path], query: str, limit: int | None
) -> tuple[pa.Table, tuple[Damage, ...]]:
    _check(query)
    run_dirs = [runs] if isinstance(runs, Path) else list(runs)
    try:
        return over_logs(run_dirs, lambda con: _run(con, query, limit))
    except duckdb.Error as error:
        raise _said_by_duckdb(error) from None


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
