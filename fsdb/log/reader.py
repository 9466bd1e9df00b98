"""Reading a log, without a lock and while it is written: what is there, what is damaged, what it says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

import pyarrow as pa

from fsdb.errors import LogError
from fsdb.log.check import check_file
from fsdb.log.files import EVENTS, CommitFile, Listing, commit_path, effective, gaps, list_settled, read_files
from fsdb.log.parquet import Footer, read_footer, read_row_groups
from fsdb.log.seal import DamagedFile
from fsdb.schema import SCHEMA_VERSION

_ATTEMPTS = 50

T = TypeVar("T")


@dataclass(frozen=True)
class Damage:
    """One thing that is wrong with a log: `file` (a name in the events directory) `what`, and the cure."""

    file: str
    what: str
    cure: str

    def __str__(self) -> str:
        return f"{self.file} {self.what}"


@dataclass(frozen=True)
class LogState:
    """What a scan found.

    `files` are the readable ones in order, those after a damage included; `superseded` lie within others
    and do not count; `temporary` were being written, or were left by a writer that died. `run_id` is that
    of the first readable event, None where there is none.
    """

    run_dir: Path
    run_id: str | None
    files: tuple[CommitFile, ...]
    superseded: tuple[CommitFile, ...]
    temporary: tuple[Path, ...]
    damages: tuple[Damage, ...]

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong."""
        return not self.damages

    @property
    def events(self) -> int:
        """How many events can be read."""
        return sum(file.events for file in self.files)

    @property
    def prefix(self) -> tuple[CommitFile, ...]:
        """The files before the first missing event."""
        missing = gaps(self.files)
        return tuple(file for file in self.files if not missing or file.last_seq < missing[0][0])

    @property
    def next_seq(self) -> int:
        """The first seq that follows all readable events."""
        return self.files[-1].last_seq + 1 if self.files else 0

    def require_whole(self) -> None:
        """Raise LogError, with the first damage and its cure, unless nothing is wrong."""
        if self.damages:
            others = len(self.damages) - 1
            more = f", and {others} more such {'file' if others == 1 else 'files'}" if others else ""
            raise LogError(
                f"The log in {self.run_dir} is damaged: {self.damages[0]}{more}.", cure=self.damages[0].cure
            )


def require_log(run_dir: Path) -> None:
    """Raise LogError if the directory is not a run's."""
    if not (run_dir / EVENTS).is_dir():
        raise LogError(
            f"There is no run in {run_dir}: it has no directory '{EVENTS}'.",
            cure="Give the path of a run's directory; 'fsdb runs' lists the runs.",
        )


def scan(run_dir: Path, *, check: bool = False) -> LogState:
    """Look into every file of the log and say what can be read and what is wrong; change nothing.

    Reads footers only, so it is quick; with `check`, reads every event as well (see
    fsdb.log.check.check_file). Raises LogError where there is no log, or one of a newer version.
    """
    require_log(run_dir)
    examiner = _Examiner(check)
    for _ in range(_ATTEMPTS):
        try:
            return _assess(run_dir, list_settled(run_dir), examiner)
        except FileNotFoundError:
            continue  # a merge took a file away after it was listed
    raise _unsettled(run_dir)


def read_events(run_dir: Path, *, after: int = -1) -> Iterator[pa.Table]:
    """Yield all readable events with a greater seq than `after`, in order, in tables of a bounded size.

    Goes on while the log is written and merged, up to the events that were there at the start at least.
    Passes over what `scan` calls damaged; raises LogError where the damage shows only in reading.
    """
    state = scan(run_dir)
    for _ in range(_ATTEMPTS):
        try:
            for file in state.files:
                if file.last_seq <= after:
                    continue
                for table in read_row_groups(file.path):
                    first = table.column("seq")[0].as_py()
                    rest = table.slice(max(0, after + 1 - first))
                    if rest.num_rows:
                        yield rest
                        after = first + table.num_rows - 1
            return
        except FileNotFoundError:
            state = scan(run_dir)
        except DamagedFile as error:
            raise LogError(
                f"{file.path} {error}.", cure="See 'fsdb verify' for what is damaged and what to do."
            ) from error
    raise _unsettled(run_dir)


def with_files(run_dir: Path, read: Callable[[list[CommitFile]], T]) -> T:
    """Return `read(files)` of the log's files, calling it again if a merge took one of them away meanwhile.

    For readers with an engine of their own, such as DuckDB: `read` is given `read_files(run_dir)`, may
    raise anything, and must bear being called more than once.
    """
    for _ in range(_ATTEMPTS):
        files = read_files(run_dir)
        try:
            return read(files)
        except Exception:
            if all(file.path.exists() for file in files):
                raise
    raise _unsettled(run_dir)


class _Examiner:
    """Looks into files, each once: a file of the log never changes while it has its name."""

    def __init__(self, check: bool) -> None:
        self._check = check
        self._footers: dict[Path, Footer | str] = {}
        self._contents: dict[Path, str | None] = {}

    def footer(self, path: Path) -> Footer | str:
        """Return the file's footer, or what is wrong with it."""
        if path not in self._footers:
            try:
                self._footers[path] = read_footer(path)
            except DamagedFile as error:
                self._footers[path] = str(error)
        return self._footers[path]

    def fault(self, file: CommitFile, run_id: str | None) -> str | None:
        """Return what is wrong with the file, None where nothing is; LogError for a newer version."""
        footer = self.footer(file.path)
        if isinstance(footer, str):
            return footer
        if footer.schema_version > SCHEMA_VERSION:
            raise LogError(
                f"{file.path} was written in version {footer.schema_version} of the log's format; "
                f"this fsdb knows versions up to {SCHEMA_VERSION}.",
                cure="Upgrade fsdb, then try again.",
            )
        if (footer.first_seq, footer.last_seq) != (file.first_seq, file.last_seq):
            return f"holds the events {footer.first_seq} to {footer.last_seq}, not those that its name says"
        if run_id is not None and footer.run_id != run_id:
            return f"belongs to the run {footer.run_id}; this log is that of {run_id}"
        if not self._check:
            return None
        if file.path not in self._contents:
            try:
                check_file(file, footer.run_id)
                self._contents[file.path] = None
            except DamagedFile as error:
                self._contents[file.path] = str(error)
        return self._contents[file.path]


def _assess(run_dir: Path, listing: Listing, examiner: _Examiner) -> LogState:
    """Find the files that count and can be read; a damaged one gives way to files that lie within it."""
    faults: dict[CommitFile, str] = {}
    run_id: str | None = None
    while True:
        kept = effective(file for file in listing.files if file not in faults)
        found: dict[CommitFile, str] = {}
        for file in kept:
            fault = examiner.fault(file, run_id)
            if fault is not None:
                found[file] = fault
            elif run_id is None:
                footer = examiner.footer(file.path)
                run_id = footer.run_id if isinstance(footer, Footer) else None
        found = found or _first_overlap(kept)
        if not found:
            break
        faults |= found
    damages = [_damaged(file, faults[file], kept, run_dir) for file in sorted(faults)]
    claimed = effective([*kept, *faults])
    damages += [_missing(first, last, claimed, run_dir) for first, last in gaps(claimed)]
    damages += [_misnamed(path, examiner, run_dir) for path in listing.misnamed]
    superseded = tuple(file for file in listing.files if file not in faults and file not in set(kept))
    return LogState(run_dir, run_id, tuple(kept), superseded, listing.temporary, tuple(damages))


def _first_overlap(kept: Sequence[CommitFile]) -> dict[CommitFile, str]:
    """Return the first file that holds events of the one before it, and others besides."""
    for before, file in pairwise(kept):
        if file.first_seq <= before.last_seq:
            shared = f"{file.first_seq} to {before.last_seq}"
            return {file: f"overlaps {before.path.name}: both claim the events {shared}"}
    return {}


def _damaged(file: CommitFile, fault: str, kept: Sequence[CommitFile], run_dir: Path) -> Damage:
    """Describe a file that cannot be used, with what its loss means."""
    events = run_dir / EVENTS
    lost = [(max(first, file.first_seq), min(last, file.last_seq)) for first, last in gaps(kept)]
    lost = [(first, last) for first, last in lost if first <= last]
    end = kept[-1].last_seq if kept else -1
    if end < file.last_seq:
        lost.append((max(end + 1, file.first_seq), file.last_seq))
    if not lost:
        cure = f"All its events stand in other files: move it out of {events}."
    elif lost[0][0] == 0:
        cure = "Restore it from a copy; a log without its first events cannot be continued."
    elif lost[0][0] > end:
        cure = f"Restore it from a copy, or go on from event {lost[0][0]} by moving it out of {events}."
    else:
        cure = (
            f"Restore it from a copy, or go on from event {lost[0][0]} by moving it and every later file "
            f"out of {events}."
        )
    return Damage(file.path.name, fault, cure)


def _missing(first: int, last: int, claimed: Sequence[CommitFile], run_dir: Path) -> Damage:
    """Describe events that no file claims to hold, while a later one is there."""
    later = next(file for file in claimed if file.first_seq > last)
    cure = "Restore the missing files from a copy"
    if first > 0:
        cure += (
            f", or go on from event {first} by moving {later.path.name} and every later file "
            f"out of {run_dir / EVENTS}"
        )
    return Damage(later.path.name, f"follows a gap: no file holds the events {first} to {last}", f"{cure}.")


def _misnamed(path: Path, examiner: _Examiner, run_dir: Path) -> Damage:
    """Describe a Parquet file whose name says no range of events."""
    footer = examiner.footer(path)
    what = "is not named as a file of a log is (<first seq>-<last seq>.parquet, 12 digits each)"
    cure = f"Move it out of {run_dir / EVENTS}."
    if isinstance(footer, Footer):
        name = commit_path(run_dir, footer.first_seq, footer.last_seq).name
        cure = f"If it was renamed, name it {name} again; else move it out of {run_dir / EVENTS}."
    return Damage(path.name, what, cure)


def _unsettled(run_dir: Path) -> LogError:
    """Return the error for a log whose files vanish as fast as they are listed."""
    return LogError(
        f"The files of the log in {run_dir} keep vanishing while they are read.",
        cure="Check that no other program moves or deletes them, then try again.",
    )
