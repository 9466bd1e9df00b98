"""Runs on disk: finding one by what a user calls it, opening its log for reading, listing all of them."""

from __future__ import annotations

import contextlib
import difflib
import fcntl
import fnmatch
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from fsdb.errors import FsdbError, LogError, UsageError
from fsdb.log import CommitFile, Damage, is_run, read_files, scan
from fsdb.log.lock import LOCK
from fsdb.queries import catalogue
from fsdb.state import database

T = TypeVar("T")

RUNNING, STOPPED, KILLED, UNREADABLE = "running", "stopped", "killed", "unreadable"
"""How a run stands: a live writer holds its lock; the last one closed the log in order; the last one died
without; or nothing in its log can be read."""

_ATTEMPTS = 50

READERS_NICENESS = 10
"""With this a process that asks a run gets a tenth of the time that its search gets where both want it."""


class RunLog:
    """A run's log, open for reading as it stood at one moment, whatever is written and merged meanwhile.

    `last_seq` is its last event, `damages` what is wrong with it; what can be read is read. It has every
    view of fsdb.state.database; `read`, `rows` and `analysis` ask it, and ask again where a merge took
    a file away meanwhile.
    """

    def __init__(
        self, path: Path, *, unbroken: bool = False, con: duckdb.DuckDBPyConnection | None = None
    ) -> None:
        """Open the log of the run in a directory; LogError where nothing can be read.

        With `unbroken` only events before the first missing one count. `con` is a connection of
        fsdb.state.database to be used, and left open; without it there is one of the log's own.
        """
        self.path = path
        self._unbroken = unbroken
        self.name = path.resolve().name
        self._files = self._scan()
        self.last_seq = self._files[-1].last_seq
        self._attached = False
        self._owned = con is None
        self._con = database.connect([]) if con is None else con

    def read(self, query: Callable[[duckdb.DuckDBPyConnection], T]) -> T:
        """Return `query(con)`; it is called again if a merge took a file away meanwhile."""
        for _ in range(_ATTEMPTS):
            try:
                self._attach()
                return query(self._con)
            except (duckdb.Error, FileNotFoundError):
                if all(file.path.exists() for file in self._files):
                    raise
            self._files, self._attached = self._scan(), False
        raise LogError(
            f"The files of the log in {self.path} keep vanishing while they are read.",
            cure="Check that no other program moves or deletes them, then try again.",
        )

    def rows(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """Return the rows of a query, by column."""

        def query(con: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
            result = con.execute(sql, dict(parameters or {}))
            names = [column[0] for column in result.description or ()]
            return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

        return self.read(query)

    def analysis(self, name: str, **parameters: Any) -> list[dict[str, Any]]:
        """Return the rows of a query of queries/analyses; parameters not given are as it says."""
        found = catalogue.analysis(name)
        return self.rows(found.sql, {**found.defaults, **parameters})

    def started(self) -> dict[str, Any]:
        """Return the fields of the run's first event; LogError where the log has lost it."""
        rows = self.rows("from run_started")
        if not rows:
            raise LogError(
                f"The log in {self.path} has lost its first event, which says what the run was.",
                cure=self.damages[0].cure if self.damages else "Restore it from a copy.",
            )
        return rows[0]

    def on_disk(self) -> tuple[int, int]:
        """Return how many files the log has, and their bytes."""
        sizes = []
        for file in read_files(self.path):
            with contextlib.suppress(FileNotFoundError):  # merged meanwhile
                sizes.append(file.path.stat().st_size)
        return len(sizes), sum(sizes)

    def refresh(self) -> int:
        """Go on to the log's present end, and return its last event."""
        self._files, self._attached = self._scan(), False
        self.last_seq = self._files[-1].last_seq
        return self.last_seq

    def close(self) -> None:
        """Let go of the connection."""
        if self._owned:
            self._con.close()

    def __enter__(self) -> RunLog:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _scan(self) -> tuple[CommitFile, ...]:
        state = scan(self.path)
        self.damages: tuple[Damage, ...] = state.damages
        files = state.prefix if self._unbroken else state.files
        if files:
            return files
        if state.damages:
            raise LogError(
                f"The log in {self.path} cannot be read: {state.damages[0]}.", cure=state.damages[0].cure
            )
        raise LogError(
            f"The run in {self.path} never began: its log holds no event.",
            cure="Remove the directory, and start the run again.",
        )

    def _attach(self) -> None:
        """Let all views read the log's files, up to the last event of the moment of opening."""
        if self._attached:
            return
        database.read_log(self._con, [file.path for file in self._files], last_seq=self.last_seq)
        self._attached = True


@dataclass(frozen=True)
class RunSummary:
    """One run of a list. Counts are 0 and the rest is None where the log cannot be read (`trouble` says why).

    `reason` is that of the last orderly stop, where the run stands stopped; times are UTC.
    """

    name: str
    path: Path
    state: str
    reason: str | None
    trouble: str | None
    started_at: datetime | None
    last_event_at: datetime | None
    problem: str | None
    sampler: str | None
    model: str | None
    samples: int
    programs: int
    valid: int
    best_score: float | None
    events: int


def find_run(runs_dir: Path, run: str | None) -> Path:
    """Return the directory of a run: of this name in `runs_dir`, at this path, or the newest one of all.

    Raises UsageError, with the nearest names, where there is none.
    """
    runs = run_dirs(runs_dir)
    if run is None:
        if not runs:
            raise UsageError(
                f"There are no runs in {runs_dir} yet.",
                cure="Start one: fsdb run bin_packing. Where yours live elsewhere, say so: --runs-dir.",
            )
        return max(runs, key=_age_key)
    for candidate in (runs_dir / run, Path(run)):
        if is_run(candidate):
            return candidate
    if Path(run).is_dir() and run not in (".", ".."):
        raise UsageError(
            f"The directory {run} is not that of a run: it has no events in it.",
            cure="Give the directory that holds the directory 'events'.",
        )
    names = [path.name for path in runs]
    nearest = difflib.get_close_matches(run, names, n=3, cutoff=0.4)
    if nearest:
        cure = f"Did you mean {' or '.join(nearest)}? fsdb runs lists them all."
    elif names:
        cure = "fsdb runs lists those that there are."
    else:
        cure = f"There are no runs in {runs_dir} yet; start one: fsdb run bin_packing."
    raise UsageError(f"There is no run {run!r} in {runs_dir}.", cure=cure)


def find_runs(runs_dir: Path, runs: str | None) -> list[Path]:
    """Return the directories of runs: of names or paths with commas between them, each of which may be a
    pattern (`cap_set-*`); without any, the newest one. UsageError where one is not there.
    """
    if runs is None:
        return [find_run(runs_dir, None)]
    found: list[Path] = []
    for part in filter(None, runs.split(",")):
        if any(c in part for c in "*?["):
            found += _matching(runs_dir, part)
        else:
            found.append(find_run(runs_dir, part))
    if not found:
        raise UsageError("No run is named.", cure="Name runs with commas between them, or by a pattern.")
    return list({path.resolve(): path for path in found}.values())


def _matching(runs_dir: Path, pattern: str) -> list[Path]:
    """Return the runs whose names, or paths, are like a pattern, by age."""
    found = [path for path in run_dirs(runs_dir) if fnmatch.fnmatchcase(path.name, pattern)]
    if not found:
        start = Path(Path(pattern).anchor)
        found = [path for path in start.glob(str(Path(pattern).relative_to(start))) if is_run(path)]
    if not found:
        raise UsageError(
            f"No run in {runs_dir} is like {pattern!r}.", cure="fsdb runs lists those that there are."
        )
    return sorted(found, key=_age_key)


def open_run(path: Path, *, unbroken: bool = False) -> RunLog:
    """Return a run's log, open for reading; LogError where nothing of it can be read.

    Of a damaged log all that can be read is there, or with `unbroken` what stands before the first gap.
    Gives way to the run's search, if there is one (`give_way`).
    """
    give_way(path)
    return RunLog(path, unbroken=unbroken)


def give_way(run_dir: Path) -> None:
    """Let another process that writes a run's log now, if any, go before this one (niceness 10) from now on.

    To be called before DuckDB is, whose threads are as nice as what starts them.
    """
    writer = writer_of(run_dir)
    if writer is not None and not writer.startswith(f"process {os.getpid()} "):
        niceness = os.getpriority(os.PRIO_PROCESS, 0)
        os.setpriority(os.PRIO_PROCESS, 0, max(niceness, READERS_NICENESS))


def list_runs(runs_dir: Path) -> list[RunSummary]:
    """Return a summary of each run in a directory, the newest first; one that is damaged spoils no other."""
    paths = sorted(run_dirs(runs_dir), key=_age_key, reverse=True)
    with database.connect([]) as con:  # one for all: making one takes longer than asking it
        return [_summary(path, con) for path in paths]


def state_of(run_dir: Path, last_type: str | None) -> str:
    """Return how a run stands whose last event is of type `last_type`."""
    if writer_of(run_dir) is not None:
        return RUNNING
    return STOPPED if last_type == "run_stopped" else KILLED


def writer_of(run_dir: Path) -> str | None:
    """Return who writes the run's log now ("process 123 on host"), None where nobody does.

    A writer leaves its name in the lock file, and takes it away when it ends in order. One that was killed
    cannot; so where there is a name, the lock itself is tried.
    """
    try:
        descriptor = os.open(run_dir / LOCK, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        holder = os.pread(descriptor, 256, 0).decode(errors="replace").split()
        if len(holder) != 2:
            return None
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return f"process {holder[0]} on {holder[1]}"
    except OSError:
        return None
    finally:
        os.close(descriptor)
    return None


def run_dirs(runs_dir: Path) -> list[Path]:
    """Return the runs in a directory, in no order; none where there is no such directory."""
    try:
        return [path for path in runs_dir.iterdir() if is_run(path)]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise UsageError(
            f"The runs in {runs_dir} cannot be listed: {error.strerror}.",
            cure="Give another --runs-dir, or mend the permissions of this one.",
        ) from error


def _age_key(run_dir: Path) -> tuple[datetime, str]:
    """Return what orders runs by when they started: the first event's time, which a footer tells."""
    started = datetime.min
    try:
        group = pq.read_metadata(read_files(run_dir)[0].path).row_group(0)
        columns = [group.column(index) for index in range(group.num_columns)]
        statistics = next(column.statistics for column in columns if column.path_in_schema == "recorded_at")
        started = statistics.min.replace(tzinfo=None)
    except (FsdbError, OSError, pa.ArrowException, IndexError, StopIteration, AttributeError):
        pass  # a damaged log: it counts as the oldest
    return started, run_dir.name


def _summary(path: Path, con: duckdb.DuckDBPyConnection) -> RunSummary:
    try:
        with RunLog(path, con=con) as log:
            (row,) = log.analysis("run_summary")
            damages = log.damages
    except (FsdbError, duckdb.Error) as error:
        return RunSummary(
            path.name, path, UNREADABLE, None, str(error), None, None, None, None, None, 0, 0, 0, None, 0
        )
    state = state_of(path, row["last_type"])
    trouble = str(damages[0]) if damages else None
    return RunSummary(
        name=path.name,
        path=path,
        state=state,
        reason=row["stop_reason"] if state == STOPPED else None,
        trouble=trouble,
        **{name: row[name] for name in _FROM_ROW},
    )


_FROM_ROW = (
    "started_at",
    "last_event_at",
    "problem",
    "sampler",
    "model",
    "samples",
    "programs",
    "valid",
    "best_score",
    "events",
)
