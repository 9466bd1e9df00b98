"""Connections over the logs of runs that can do nothing but query them.

DuckDB opens no file at all for it: the logs' files are read by Arrow, which hands over what a query scans.
So a statement can neither read another file of the machine nor write any, whatever way round the refusal of
statements other than queries it may find (DuckDB has a few).
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import duckdb
import pyarrow.dataset as ds

from fsdb import schema
from fsdb.errors import LogError
from fsdb.log import Damage, scan
from fsdb.report import analyses
from fsdb.report.runs import give_way
from fsdb.state import database

T = TypeVar("T")

RUN = "run"
"""The column of each view over several runs that tells which run a row is of."""

_ATTEMPTS = 50
_TAKEN = ("memory", "system", "temp", "main", "information_schema", "pg_catalog")
"""What DuckDB itself calls databases and schemas."""


def over_logs(
    run_dirs: Sequence[Path], fetch: Callable[[duckdb.DuckDBPyConnection], T]
) -> tuple[T, tuple[Damage, ...]]:
    """Return `fetch(con)` over the present files of runs, and what is wrong with their logs.

    Over one run, `con` has every view and macro of fsdb.state.database and fsdb.report.analyses. Over several
    each view has the rows of all runs, with their names in its first column `run`, and each run's own views
    are in a database of its name: `from "cap_set-1".islands`. What is as of an event is for one run alone.

    It is called again where a merge took a file away meanwhile; of DuckDB's errors the others are raised.
    Raises LogError where nothing of a log can be read.
    """
    for run_dir in run_dirs:
        give_way(run_dir)
    for _ in range(_ATTEMPTS):
        states = [scan(run_dir) for run_dir in run_dirs]
        for run_dir, state in zip(run_dirs, states, strict=True):
            if not state.files:
                state.require_whole()
                raise LogError(
                    f"The run in {run_dir} never began: its log holds no event.",
                    cure="Remove the directory, and start the run again.",
                )
        files = [[file.path for file in state.files] for state in states]
        try:
            with (
                tempfile.TemporaryDirectory(prefix="fsdb-sql-") as spill,
                _locked(labels(run_dirs), files, spill) as con,
            ):
                return _interruptible(con, fetch), tuple(each for state in states for each in state.damages)
        except duckdb.Error as error:
            if isinstance(error, duckdb.InterruptException) or "KeyboardInterrupt" in str(error):
                raise KeyboardInterrupt from None
            if all(path.exists() for paths in files for path in paths):
                raise
    raise LogError(
        f"The files of the log in {run_dirs[0]} keep vanishing while they are read.",
        cure="Check that no other program moves or deletes them, then try again.",
    )


def labels(run_dirs: Sequence[Path]) -> list[str]:
    """Return what to call runs side by side: their names, or their paths where two have one name."""
    names = [path.resolve().name for path in run_dirs]
    folded = [name.casefold() for name in names]
    return [
        str(path) if folded.count(fold) > 1 or fold in _TAKEN else name
        for path, name, fold in zip(run_dirs, names, folded, strict=True)
    ]


def _interruptible(con: duckdb.DuckDBPyConnection, fetch: Callable[[duckdb.DuckDBPyConnection], T]) -> T:
    """Return `fetch(con)`, run in a thread of its own: whoever waits for DuckDB itself gets no Ctrl-C."""
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(fetch, con)
        try:
            return answer.result()
        except KeyboardInterrupt:
            con.interrupt()
            raise


def _locked(names: Sequence[str], files: Sequence[Sequence[Path]], spill: str) -> duckdb.DuckDBPyConnection:
    """Return a connection over the logs' files; what does not fit into memory spills into `spill`."""
    logs = [
        ds.dataset([str(path) for path in paths], schema=schema.arrow_schema(), format="parquet")
        for paths in files
    ]
    con = _of_one(logs[0]) if len(logs) == 1 else _of_several(names, logs)
    con.execute("set python_enable_replacements = false")
    con.execute("set temp_directory = '" + spill.replace("'", "''") + "'")
    con.execute("set autoload_known_extensions = false")
    con.execute("set enable_external_access = false")
    con.execute("set lock_configuration = true")
    return con


def _of_one(log: ds.Dataset) -> duckdb.DuckDBPyConnection:
    con = database.connect_table(log)
    con.execute("drop view events")  # so that `show tables` has one name for it
    con.register("events", log)
    con.unregister("logged_events")
    analyses.define(con)
    return con


def _of_several(names: Sequence[str], logs: Sequence[ds.Dataset]) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect(":memory:")
    for number, (name, log) in enumerate(zip(names, logs, strict=True)):
        con.execute(f"attach ':memory:' as {_quoted(name)}")
        con.execute(f"use {_quoted(name)}")
        con.register(f"log_{number}", log)
        con.execute(f"create view events as from log_{number}")
        database.define(con)
    con.execute("use memory")
    database.define_functions(con)
    for view in (*database.STATE_VIEWS, *schema.event_types(), "events"):
        parts = (
            f"select '{name.replace(chr(39), chr(39) * 2)}' as {RUN}, * from {_quoted(name)}.main.{view}"
            for name in names
        )
        con.execute(f"create view {view} as {' union all by name '.join(parts)}")
    return con


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
