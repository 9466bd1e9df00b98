"""Writing a log: events are appended, and committed in groups, each commit one durable file."""

from __future__ import annotations

import errno
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyarrow as pa

from fsdb.errors import LogError
from fsdb.log.check import check_file
from fsdb.log.events import Event, check_fields, to_table
from fsdb.log.files import (
    EVENTS,
    CommitFile,
    commit_path,
    effective,
    list_once,
    put_in_place,
    sync_directory,
    temporary_path,
)
from fsdb.log.lock import WriterLock
from fsdb.log.merge import MergePolicy, Merger, SizedFile
from fsdb.log.parquet import encode_commit
from fsdb.log.reader import LogState, require_log, scan
from fsdb.log.seal import DamagedFile

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_COMMIT_BYTES = 32 * 2**20


class LogWriter:
    """The one writer of a run's log; made by `create` or `open`, and to be closed.

    `append` gives an event its place and holds it back; `commit` makes all held back durable, together.
    An event is acknowledged once `commit` has returned; nothing may act on it before. `append` may be
    called in one thread while `commit` runs in another.
    """

    def __init__(
        self,
        run_dir: Path,
        run_id: str,
        lock: WriterLock,
        files: tuple[CommitFile, ...],
        *,
        commit_seconds: float,
        commit_events: int,
        merge: bool | MergePolicy,
    ) -> None:
        self.run_dir = run_dir
        self.run_id = run_id
        self.commit_seconds = commit_seconds
        self.commit_events = commit_events
        self._lock = lock
        self._next_seq = files[-1].last_seq + 1 if files else 0
        self._waiting: list[Event] = []
        self._waiting_since = 0.0
        self._waiting_bytes = 0
        self._appending = threading.Lock()
        self._committing = threading.Lock()
        self._unusable: LogError | None = None
        self._merger: Merger | None = None
        if merge:
            policy = merge if isinstance(merge, MergePolicy) else MergePolicy()
            sized = [SizedFile(file, file.path.stat().st_size) for file in files]
            self._merger = Merger(run_dir, sized, policy)

    @classmethod
    def create(
        cls,
        run_dir: Path,
        run_id: str,
        *,
        commit_seconds: float = 0.05,
        commit_events: int = 256,
        merge: bool | MergePolicy = True,
    ) -> Self:
        """Begin the log of a new run; its directory is made, or may be there without a log in it.

        `commit_seconds` and `commit_events` say when a commit is due. Raises LogError if the directory
        holds a log, cannot be made, or has another writer.
        """
        try:
            _make_directories(run_dir / EVENTS)
        except OSError as error:
            raise LogError(
                f"The run's directory {run_dir} cannot be made: {error.strerror}.",
                cure="Choose another directory for runs, with write permission.",
            ) from error
        lock = WriterLock(run_dir)
        try:
            listing = list_once(run_dir)
            if listing.files or listing.misnamed:
                raise LogError(
                    f"{run_dir} holds a log already.", cure="Resume that run, or choose another name."
                )
            for path in listing.temporary:
                path.unlink()
        except BaseException:
            lock.release()
            raise
        return cls(
            run_dir, run_id, lock, (), commit_seconds=commit_seconds, commit_events=commit_events, merge=merge
        )

    @classmethod
    def open(
        cls,
        run_dir: Path,
        *,
        commit_seconds: float = 0.05,
        commit_events: int = 256,
        merge: bool | MergePolicy = True,
    ) -> Self:
        """Take up the log of a run where it ends; finish what a writer that died left half done.

        Raises LogError if there is no log or no event in it, if it is damaged (the message names the file
        and the cure; nothing is changed), if it is of a newer version, or if it has another writer.
        """
        require_log(run_dir)  # before a lock file is left in a directory that is no run's
        lock = WriterLock(run_dir)
        try:
            state = scan(run_dir)
            state.require_whole()
            if state.run_id is None:
                raise LogError(
                    f"The run in {run_dir} never began: its log holds no event.",
                    cure="Remove the directory, and start the run again.",
                )
            _clear_leftovers(state, state.run_id)
        except BaseException:
            lock.release()
            raise
        return cls(
            run_dir,
            state.run_id,
            lock,
            state.files,
            commit_seconds=commit_seconds,
            commit_events=commit_events,
            merge=merge,
        )

    @property
    def next_seq(self) -> int:
        """The seq that the next event appended will have."""
        return self._next_seq

    @property
    def pending(self) -> int:
        """How many events are held back for the next commit."""
        return len(self._waiting)

    @property
    def merge_problem(self) -> LogError | None:
        """Why files are not merged any more, None while they are; the log itself is complete either way."""
        return self._merger.problem if self._merger else None

    def append(self, type: str, fields: Mapping[str, Any]) -> int:
        """Hold an event back for the next commit, and return its seq.

        Every field of the type must be given; see fsdb.log.events.check_fields for what is accepted, and
        clean_text there for what becomes of text that cannot be stored. Raises ValueError or TypeError
        for another event (which then has no seq), LogError if the writer is closed or a commit failed.
        """
        event = Event(type, time.time_ns() // 1000, check_fields(type, fields))
        size = sum(len(value) for value in event.fields.values() if isinstance(value, str))
        with self._appending:
            self._require_usable()
            if not self._waiting:
                self._waiting_since = time.monotonic()
            self._waiting.append(event)
            self._waiting_bytes += size
            self._next_seq += 1
            return self._next_seq - 1

    def due(self) -> bool:
        """Return whether a commit is due: enough events wait, or much text, or the first for long enough."""
        if not self._waiting:
            return False
        return (
            len(self._waiting) >= self.commit_events
            or self._waiting_bytes >= _COMMIT_BYTES
            or time.monotonic() - self._waiting_since >= self.commit_seconds
        )

    def commit(self) -> pa.Table | None:
        """Make all events held back durable together, as one file, and return them; None if none wait.

        Raises LogError if they cannot be written (a full disk, a lost lock). Nothing half-written remains,
        and the writer is unusable from then on: open the log again to go on from what was acknowledged.
        """
        with self._committing:
            with self._appending:
                self._require_usable()
                events, self._waiting, self._waiting_bytes = self._waiting, [], 0
                last_seq = self._next_seq - 1
            if not events:
                return None
            file = CommitFile(
                last_seq - len(events) + 1,
                last_seq,
                commit_path(self.run_dir, last_seq - len(events) + 1, last_seq),
            )
            try:
                return self._write(file, events)
            except OSError as error:
                self._unusable = _not_written(file, error)
                raise self._unusable from error
            except BaseException as error:
                # Interrupted, or out of memory: whether the file is in place is for the next writer to see.
                self._unusable = _not_written(file, error)
                raise

    def close(self) -> None:
        """Finish merging and let go of the lock; events not committed are dropped. May be called again."""
        self._unusable = self._unusable or LogError(f"The log in {self.run_dir} is closed.")
        try:
            if self._merger:
                self._merger.close()
        finally:
            self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _write(self, file: CommitFile, events: list[Event]) -> pa.Table:
        """Write the file of one commit, and put it in place."""
        table = to_table(self.run_id, file.first_seq, events)
        data = encode_commit(table)
        if not self._lock.intact:
            raise OSError(None, "the run's lock was moved or deleted, so another writer may be at work")
        temporary = temporary_path(file.path)
        try:
            with temporary.open("xb") as sink:
                sink.write(data)
            put_in_place(temporary, file.path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        if self._merger:
            self._merger.add(SizedFile(file, len(data)))
        return table

    def _require_usable(self) -> None:
        """Raise LogError if the writer was closed or a commit failed."""
        if self._unusable:
            raise self._unusable


def _not_written(file: CommitFile, error: BaseException) -> LogError:
    """Return the error for a commit that failed."""
    cause = (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__
    full = isinstance(error, OSError) and error.errno in _FULL
    return LogError(
        f"Events {file.first_seq} to {file.last_seq} could not be written to {file.path.parent}: {cause}.",
        cure=("Make room on the disk" if full else "Mend the cause")
        + ", then resume the run: all events acknowledged before are in the log.",
    )


def _clear_leftovers(state: LogState, run_id: str) -> None:
    """Delete what a writer that died left behind: files half written, and files that a merge replaced.

    The latter only once the file that replaces them was read from end to end and found right.
    """
    try:
        for path in state.temporary:
            path.unlink(missing_ok=True)
        for file in state.files:
            inside = [old for old in state.superseded if effective([file, old]) == [file]]
            if inside:
                check_file(file, run_id)
            for old in inside:
                old.path.unlink(missing_ok=True)
    except DamagedFile as error:
        raise LogError(
            f"The log in {state.run_dir} is damaged: {file.path.name} {error}.",
            cure=f"The files that it was merged from are there still: move it out of {file.path.parent}.",
        ) from error
    except OSError as error:
        raise LogError(
            f"What a former writer left in {state.run_dir} cannot be deleted: {error}.",
            cure="Give this user write permission in the run's directory.",
        ) from error


def _make_directories(directory: Path) -> None:
    """Make a directory and those above it, durably."""
    made = [each for each in (directory, *directory.parents) if not each.exists()]
    directory.mkdir(parents=True, exist_ok=True)
    for each in made:
        sync_directory(each.parent)
