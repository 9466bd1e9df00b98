"""A run's log in Python: every table as a polars frame or a DuckDB relation."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from fsdb import schema
from fsdb.errors import UsageError
from fsdb.queries.catalogue import analyses
from fsdb.report.programs import Program, find_program
from fsdb.report.runs import RunLog, find_run
from fsdb.state.database import STATE_VIEWS

if TYPE_CHECKING:
    import polars as pl


class Run:
    """A run's log as it stood when it was opened; a search may go on meanwhile, and `refresh` catches up.

    `name` is the run's, `path` its directory, `last_seq` its last event, and `tables` what there is: the
    state (programs, clusters, islands, …; docs/state.md) and the event types (schema/events.sql).
    """

    tables: tuple[str, ...]

    def __init__(self, log: RunLog) -> None:
        self._log = log
        self.tables = (*STATE_VIEWS, *schema.event_types(), "events")

    @property
    def name(self) -> str:
        """The run's name."""
        return self._log.name

    @property
    def path(self) -> Path:
        """The run's directory."""
        return self._log.path

    @property
    def last_seq(self) -> int:
        """The last event that counts."""
        return self._log.last_seq

    @property
    def started(self) -> dict[str, Any]:
        """The fields of the run's first event: seed, policies, problem, everything that was set."""
        return self._log.started()

    def frame(self, table: str, *, as_of: int | None = None) -> pl.DataFrame:
        """Return a table as a polars frame, now or as of an event."""
        self._check(table, as_of)
        return self.sql(_from(table, as_of))

    def __getitem__(self, table: str) -> pl.DataFrame:
        """Return a table as a polars frame: `run["programs"]`."""
        return self.frame(table)

    def relation(self, table: str, *, as_of: int | None = None) -> duckdb.DuckDBPyRelation:
        """Return a table as a DuckDB relation, to go on with lazily, now or as of an event.

        It reads the log's files only when its rows are asked for. Where the search merged them away by then,
        DuckDB says that a file is missing: call `refresh`, and ask again.
        """
        self._check(table, as_of)
        return self._log.read(lambda con: con.sql(_from(table, as_of)))

    def sql(self, query: str, parameters: dict[str, Any] | None = None) -> pl.DataFrame:
        """Return the answer to a query as a polars frame; `$name` in it stands for a parameter."""
        frame: pl.DataFrame = self._log.read(lambda con: con.sql(query, params=parameters or {}).pl())
        return frame

    def query(self, name: str, **parameters: Any) -> pl.DataFrame:
        """Return the answer to a question of `fsdb query`, by its name; parameters left out have defaults."""
        known = {each.name: each for each in analyses().values() if each.group != "across"}
        if name not in known:
            raise UsageError(f"There is no question {name!r}.", cure=f"There are {', '.join(sorted(known))}.")
        unknown = set(parameters) - known[name].defaults.keys()
        if unknown:
            has = ", ".join(known[name].defaults) or "none"
            raise UsageError(f"{name} has no parameter {min(unknown)}.", cure=f"It has {has}.")
        return self.sql(known[name].sql, {**known[name].defaults, **parameters})

    def program(self, which: int | str = "best") -> Program:
        """Return one program with its scores, parents, draw and completion: a number, "best" or "seed"."""
        return find_program(self._log, str(which))

    def refresh(self) -> int:
        """Take in what was written meanwhile, and return the last event that counts now."""
        return self._log.refresh()

    def close(self) -> None:
        """Let go of the log."""
        self._log.close()

    def __enter__(self) -> Run:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<fsdb run {self.name!r} as of event {self.last_seq}>"

    def _check(self, table: str, as_of: int | None) -> None:
        if table not in self.tables or (table == "events" and as_of is not None):
            raise UsageError(f"There is no table {table!r}.", cure=f"There are {', '.join(self.tables)}.")


def open(run: str | Path | None = None, *, runs_dir: str | Path = "runs") -> Run:
    """Open a run's log for reading: a run's name in `runs_dir`, its directory, or None for the newest.

    Raises UsageError where there is none, LogError where nothing of its log can be read.
    """
    return Run(RunLog(find_run(Path(runs_dir), None if run is None else str(run))))


def _from(table: str, as_of: int | None) -> str:
    return f"from {table}" if as_of is None else f"from {table}_as_of({int(as_of)})"
