"""Merging: small files of a log become large ones, while the run goes on.

Thousands of small files are slow to open and large in sum. A merge reads files that follow one another,
writes one that holds the same events, puts it in place, and only then deletes what it replaces; a crash in
between leaves files that lie within another's range, which no reader counts and the next writer deletes.
"""

from __future__ import annotations

import atexit
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

from fsdb.errors import LogError
from fsdb.log.files import CommitFile, commit_path, put_in_place, temporary_path
from fsdb.log.parquet import merged_writer, read_footer, read_row_groups
from fsdb.log.seal import DamagedFile, seal_file


@dataclass(frozen=True)
class MergePolicy:
    """When files are merged, and into what.

    A row of small files is merged once it has `files` of them, or `small_events` events together; a row
    of files that are not large, once they are large together. A file is small below `small_events`,
    and large from `large_events` or `large_bytes` (of the file) on; a large file is never written again.
    So an event is rewritten a few times at most, and a million events stand in some dozens of files.
    A row group holds up to `row_group_events`, or `row_group_bytes` in memory: what a merge needs.
    """

    files: int = 64
    small_events: int = 4096
    large_events: int = 65536
    large_bytes: int = 64 * 2**20
    row_group_events: int = 8192
    row_group_bytes: int = 64 * 2**20


class SizedFile(NamedTuple):
    """A file of the log and its size in bytes."""

    file: CommitFile
    bytes: int


def plan(files: Sequence[SizedFile], policy: MergePolicy, *, final: bool = False) -> list[SizedFile]:
    """Return files, following one another, that are to be merged now; none where nothing is due.

    With `final`, whatever can be merged is due: the writer is about to close the log.
    """

    def small(sized: SizedFile) -> bool:
        return sized.file.events < policy.small_events and sized.bytes < policy.large_bytes

    def growing(sized: SizedFile) -> bool:
        return sized.file.events < policy.large_events and sized.bytes < policy.large_bytes

    if not final:
        for row in _rows(files, small):
            group, full = _fill(row, policy.small_events, policy.large_bytes)
            if len(group) > 1 and (full or len(group) >= policy.files):
                return group
    settled = len(files)
    while not final and settled > 0 and small(files[settled - 1]):
        settled -= 1  # the small files at the end wait for their like
    for row in _rows(files[:settled], growing):
        group, full = _fill(row, policy.large_events, policy.large_bytes)
        if len(group) > 1 and (full or final):
            return group
    return []


def merge(run_dir: Path, files: Sequence[CommitFile], policy: MergePolicy) -> SizedFile:
    """Write one file that holds the events of the files, and put it in place; the files stay.

    Reads and writes a row group at a time. Raises OSError or DamagedFile, leaving nothing behind.
    """
    final = commit_path(run_dir, files[0].first_seq, files[-1].last_seq)
    temporary = temporary_path(final)
    try:
        with merged_writer(temporary) as writer:
            for table in _row_groups(files, policy):
                writer.write_table(table, row_group_size=table.num_rows)
        seal_file(temporary)
        footer = read_footer(temporary)
        if (footer.first_seq, footer.last_seq) != (files[0].first_seq, files[-1].last_seq):
            raise DamagedFile(f"came out of a merge with the events {footer.first_seq} to {footer.last_seq}")
        put_in_place(temporary, final)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return SizedFile(CommitFile(files[0].first_seq, files[-1].last_seq, final), final.stat().st_size)


class Merger:
    """A thread that merges a writer's files as they come.

    It starts with the first file added, so that a writer's own process can load a log that it has opened
    without files vanishing meanwhile. Its work is done in Arrow, outside the interpreter's lock. A failure
    (a full disk, a damaged file) never disturbs the writer: merging ends, `problem` says why, and the log
    stays as it is.
    """

    def __init__(self, run_dir: Path, files: Sequence[SizedFile], policy: MergePolicy) -> None:
        self.problem: LogError | None = None
        self._run_dir = run_dir
        self._files = list(files)
        self._policy = policy
        self._changed = threading.Condition()
        self._closing = False
        self._abandoned = False
        self._thread: threading.Thread | None = None

    def add(self, sized: SizedFile) -> None:
        """Take note of a file that follows all others."""
        with self._changed:
            self._files.append(sized)
            self._changed.notify()
        self._start()

    def close(self) -> None:
        """Merge what can be merged, and end the thread."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._start()
        self._end()

    def abandon(self) -> None:
        """End the thread after the merge that it is at."""
        with self._changed:
            self._abandoned = True
            self._changed.notify()
        self._end()

    def _start(self) -> None:
        """Start the thread, unless it was started before."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="fsdb-merge", daemon=True)
            self._thread.start()
            # A daemon thread inside Arrow would bring the interpreter down with it at exit: end it before.
            atexit.register(self.abandon)

    def _end(self) -> None:
        """Wait for the thread."""
        if self._thread is not None:
            self._thread.join()
            atexit.unregister(self.abandon)

    def _run(self) -> None:
        """Merge whenever a merge is due, until closed or abandoned."""
        try:
            while group := self._next_group():
                merged = merge(self._run_dir, [sized.file for sized in group], self._policy)
                with self._changed:
                    start = self._files.index(group[0])
                    self._files[start : start + len(group)] = [merged]
                for sized in group:
                    sized.file.path.unlink(missing_ok=True)
        except (OSError, DamagedFile, pa.ArrowException) as error:
            self.problem = LogError(
                f"The log's files are not merged any more: {error}.",
                cure="The log is complete and the run goes on. See the disk's space and 'fsdb verify'; "
                "the next writer merges again.",
            )

    def _next_group(self) -> list[SizedFile]:
        """Wait for files to merge and return them; none when the thread is to end."""
        with self._changed:
            while not self._abandoned:
                group = plan(self._files, self._policy, final=self._closing)
                if group or self._closing:
                    return group
                self._changed.wait()
        return []


def _rows(files: Sequence[SizedFile], belongs: Callable[[SizedFile], bool]) -> Iterator[list[SizedFile]]:
    """Yield the longest stretches of files that belong."""
    row: list[SizedFile] = []
    for sized in files:
        if belongs(sized):
            row.append(sized)
        elif row:
            yield row
            row = []
    if row:
        yield row


def _fill(row: Sequence[SizedFile], events: int, size: int) -> tuple[list[SizedFile], bool]:
    """Return files from the start of the row until they have the events or the bytes, and whether they do."""
    group: list[SizedFile] = []
    for sized in row:
        group.append(sized)
        events -= sized.file.events
        size -= sized.bytes
        if events <= 0 or size <= 0:
            return group, True
    return group, False


def _row_groups(files: Sequence[CommitFile], policy: MergePolicy) -> Iterator[pa.Table]:
    """Yield the files' events cut anew, each table a row group of the merged file."""
    held: list[pa.Table] = []
    events = size = 0
    for file in files:
        for table in read_row_groups(file.path):
            rest = table
            while rest.num_rows:
                part = rest.slice(0, policy.row_group_events - events)
                rest = rest.slice(part.num_rows)
                held.append(part)
                events += part.num_rows
                size += part.nbytes
                if events >= policy.row_group_events or size >= policy.row_group_bytes:
                    yield pa.concat_tables(held)
                    held, events, size = [], 0, 0
    if held:
        yield pa.concat_tables(held)
