"""A run's log in other formats: Parquet by table, a DuckDB file, training data."""

from __future__ import annotations

import contextlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import duckdb

from fsdb import schema
from fsdb.errors import UsageError
from fsdb.report import training
from fsdb.report.runs import RunLog
from fsdb.state import database

ENVELOPE = "select run_id, seq, type, recorded_at, schema_version from events"


def to_parquet(log: RunLog, target: Path, *, force: bool = False) -> list[str]:
    """Write a Parquet file for each event type and each view into a directory, and return their names."""
    names = [*schema.event_types(), *database.STATE_VIEWS]

    def write(folder: Path) -> None:
        folder.mkdir()
        for name in names:
            log.read(partial(_copy, name, folder / f"{name}.parquet"))

    _in_place(target, write, force=force)
    return names


def to_duckdb(log: RunLog, target: Path, *, force: bool = False) -> list[str]:
    """Write a DuckDB file that needs no fsdb: a table for each event type, and the state as views over them.

    The macros `…_as_of(seq)` are there too. Returns the names of tables and views.
    """

    def write(path: Path) -> None:
        log.read(lambda con: _copy_events(con, path))
        with duckdb.connect(str(path)) as con:
            database.define_over_tables(con)
            for table in schema.tables():
                name = "events" if table.table == schema.ENVELOPE else table.table
                con.execute(f"comment on table {name} is {_literal(table.comment)}")
            for column in schema.columns():
                name = "events" if column.table == schema.ENVELOPE else column.table
                con.execute(f"comment on column {name}.{column.column} is {_literal(column.comment)}")

    _in_place(target, write, force=force)
    return ["events", *schema.event_types(), *database.STATE_VIEWS]


def to_jsonl(
    log: RunLog,
    target: Path,
    chosen: training.Filter,
    *,
    as_chat: bool = False,
    answer: str | None = None,
    force: bool = False,
) -> int:
    """Write training data, an example a line, and return how many; see fsdb.report.training."""
    count = 0

    def write(path: Path) -> None:
        nonlocal count
        with path.open("w", encoding="utf-8", newline="\n") as file:
            for example in training.examples(log, chosen, as_chat=as_chat, answer=answer):
                file.write(json.dumps(example) + "\n")
                count += 1

    _in_place(target, write, force=force)
    return count


def _copy(name: str, path: Path, con: duckdb.DuckDBPyConnection) -> None:
    con.execute(f"copy (from {name}) to {_literal(path)} (format parquet, compression zstd)")


def _copy_events(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    path.unlink(missing_ok=True)
    con.execute(f"attach {_literal(path)} as exported")
    try:
        con.execute(f"create table exported.events as {ENVELOPE} order by seq")
        for event in schema.event_types():
            con.execute(f"create table exported.{event} as from {event} order by seq")
    finally:
        con.execute("detach exported")


def _in_place(target: Path, write: Callable[[Path], None], *, force: bool) -> None:
    """Let `write` make a file or directory beside `target`, and put it there once it is whole."""
    if target.exists() and not force:
        raise UsageError(f"{target} is there already.", cure="Name another -o, or replace it: --force.")
    try:
        with _beside(target) as making:
            write(making)
            if target.is_dir():
                shutil.rmtree(target)
            making.replace(target)
    except OSError as error:
        raise UsageError(
            f"{target} cannot be written: {error.strerror or error}.", cure="Choose another place with -o."
        ) from error
    except duckdb.IOException as error:
        raise UsageError(
            f"{target} cannot be written: {error}.", cure="Choose another place with -o."
        ) from error


@contextlib.contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """Yield a path in a new directory beside `target`, which is gone afterwards."""
    folder = tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent)
    try:
        yield Path(folder) / target.name
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _literal(text: Path | str) -> str:
    return "'" + str(text).replace("'", "''") + "'"
