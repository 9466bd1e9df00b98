"""The files of a log: their names, which of them count, and how one is put in place so that it stays.

One file `<run>/events/<first seq>-<last seq>.parquet` is one commit, or several merged into one. While a
merge ends, its inputs and its output stand side by side: a file whose range lies within another's is
superseded and does not count. Nothing here opens a file; see fsdb.log.parquet for what is in them.
"""

from __future__ import annotations

import fcntl
import os
import re
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from fsdb.errors import LogError

EVENTS = "events"
"""Name of a run's directory that holds its log."""

_NAME = re.compile(r"([0-9]{12})-([0-9]{12})\.parquet")
_TEMPORARY = re.compile(r"\.[0-9]{12}-[0-9]{12}\.parquet\.tmp")
_LISTINGS = 20


@dataclass(frozen=True, order=True)
class CommitFile:
    """A file of the log that holds the events `first_seq` to `last_seq`, both included, by its name."""

    first_seq: int
    last_seq: int
    path: Path

    @property
    def events(self) -> int:
        """How many events it holds."""
        return self.last_seq - self.first_seq + 1


@dataclass(frozen=True)
class Listing:
    """What stands in a run's events directory, by name alone.

    `files` are the well-named ones in order of their first seq, superseded ones included; `misnamed` are
    other Parquet files; `temporary` are files that a writer was writing when they were listed.
    """

    files: tuple[CommitFile, ...]
    misnamed: tuple[Path, ...]
    temporary: tuple[Path, ...]


def is_run(path: Path) -> bool:
    """Return whether the directory holds a log: an events directory with at least one Parquet file in it."""
    try:
        return any(entry.suffix == ".parquet" for entry in (path / EVENTS).iterdir())
    except OSError:
        return False


def commit_path(run_dir: Path, first_seq: int, last_seq: int) -> Path:
    """Return where the file of a range of events stands."""
    return run_dir / EVENTS / f"{first_seq:012d}-{last_seq:012d}.parquet"


def temporary_path(final: Path) -> Path:
    """Return where a file is written before it is put in place; no reader's pattern matches it."""
    return final.with_name(f".{final.name}.tmp")


def list_once(run_dir: Path) -> Listing:
    """List the run's events directory, empty where there is none; LogError if it cannot be listed."""
    files: list[CommitFile] = []
    misnamed: list[Path] = []
    temporary: list[Path] = []
    directory = run_dir / EVENTS
    try:
        entries = sorted(directory.iterdir())
    except FileNotFoundError:
        entries = []
    except OSError as error:
        raise LogError(
            f"The log in {directory} cannot be listed: {error.strerror}.",
            cure="Check the permissions of the run's directory.",
        ) from error
    for entry in entries:
        match = _NAME.fullmatch(entry.name)
        if match and int(match[1]) <= int(match[2]):
            files.append(CommitFile(int(match[1]), int(match[2]), entry))
        elif _TEMPORARY.fullmatch(entry.name):
            temporary.append(entry)
        elif entry.suffix == ".parquet":
            misnamed.append(entry)
    return Listing(tuple(sorted(files)), tuple(misnamed), tuple(temporary))


def list_settled(run_dir: Path) -> Listing:
    """List the run's events directory so that a gap in the answer is a gap in the log.

    A directory is not read in one instant: while a writer merges, one listing can miss both the inputs
    and the output. So a listing with a gap is believed only once the next one agrees with it.
    """
    listing = list_once(run_dir)
    for _ in range(_LISTINGS):
        if not gaps(effective(listing.files)):
            break
        time.sleep(0.005)
        again = list_once(run_dir)
        if again.files == listing.files:
            break
        listing = again
    return listing


def read_files(run_dir: Path) -> list[CommitFile]:
    """Return the files that make up the log, in order, superseded ones left out.

    Goes by the names alone, takes no lock and may be called while the run goes on. A merge may delete a
    returned file before it is opened: see fsdb.log.reader.with_files.
    """
    return effective(list_settled(run_dir).files)


def effective(files: Iterable[CommitFile]) -> list[CommitFile]:
    """Return the files in order without those whose range lies within another's."""
    kept: list[CommitFile] = []
    for file in sorted(files, key=lambda file: (file.first_seq, -file.last_seq)):
        if not kept or file.last_seq > kept[-1].last_seq:
            kept.append(file)
    return kept


def gaps(files: Sequence[CommitFile]) -> list[tuple[int, int]]:
    """Return the ranges of events, from 0 on, that none of the files (in order) holds before a later one."""
    missing: list[tuple[int, int]] = []
    expected = 0
    for file in files:
        if file.first_seq > expected:
            missing.append((expected, file.first_seq - 1))
        expected = file.last_seq + 1
    return missing


def put_in_place(temporary: Path, final: Path) -> None:
    """Make a written file durable under its final name, all of it or none; OSError if that fails.

    Never takes the place of a file that is there.
    """
    descriptor = os.open(temporary, os.O_RDWR)
    try:
        _sync(descriptor)
    finally:
        os.close(descriptor)
    if final.exists():
        raise FileExistsError(f"{final.name} is there already")
    temporary.rename(final)
    sync_directory(final.parent)


def sync_directory(directory: Path) -> None:
    """Make the names in a directory durable."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        _sync(descriptor)
    finally:
        os.close(descriptor)


def _sync(descriptor: int) -> None:
    """Force to the disk; on macOS fsync alone stops at the drive's own cache."""
    full = getattr(fcntl, "F_FULLFSYNC", None)
    if full is None:
        os.fsync(descriptor)
        return
    try:
        fcntl.fcntl(descriptor, full)
    except OSError:
        os.fsync(descriptor)
