"""A few events of a long log by their numbers: only the row groups that hold them are read."""

from __future__ import annotations

import os
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from fsdb.log.files import CommitFile
from fsdb.log.reader import with_files

_FOOTERS = 64
"""How many files' footers are remembered: more than a log has merged files."""

_THREADS = min(4, os.cpu_count() or 1)
"""How many row groups are read at once."""


def look_up(run_dir: Path, event_type: str, field: str, seqs: Iterable[int]) -> dict[int, Any]:
    """Return one field of the events of one type that have these seqs, by seq; others are left out.

    May be called while the run goes on. Raises LogError where a file cannot be read.
    """
    wanted = sorted(set(seqs))
    return with_files(run_dir, lambda files: _look_up(files, event_type, field, wanted))


def _look_up(files: Sequence[CommitFile], event_type: str, field: str, wanted: list[int]) -> dict[int, Any]:
    groups: list[tuple[CommitFile, int, list[int]]] = []
    for file in files:
        seqs = [seq for seq in wanted if file.first_seq <= seq <= file.last_seq]
        if seqs:
            groups += [(file, group, members) for group, members in _by_group(file, seqs).items()]

    def read(group: tuple[CommitFile, int, list[int]]) -> dict[int, Any]:
        return _in_group(*group, event_type, field)

    # Decompression is most of it, and lets other threads run meanwhile.
    with ThreadPoolExecutor(_THREADS) as pool:
        return {seq: value for found in pool.map(read, groups) for seq, value in found.items()}


def _by_group(file: CommitFile, seqs: list[int]) -> dict[int, list[int]]:
    """Return, by row group of the file, which of these events it holds."""
    _, ends = _footer(file.path, file.path.stat().st_mtime_ns)
    groups = defaultdict(list)
    for seq in seqs:
        groups[bisect_right(ends, seq - file.first_seq)].append(seq)
    return groups


def _in_group(file: CommitFile, group: int, seqs: list[int], event_type: str, field: str) -> dict[int, Any]:
    """Return the field for events that one row group holds."""
    metadata, ends = _footer(file.path, file.path.stat().st_mtime_ns)
    first_seq = file.first_seq + (ends[group - 1] if group else 0)
    with pq.ParquetFile(file.path, metadata=metadata) as parquet:
        column = parquet.read_row_group(group, columns=[f"{event_type}.{field}"], use_threads=False)[
            event_type
        ]
    events = {seq: column[seq - first_seq].as_py() for seq in seqs}
    return {seq: event[field] for seq, event in events.items() if event is not None}


@lru_cache(_FOOTERS)
def _footer(path: Path, written: int) -> tuple[pq.FileMetaData, list[int]]:
    """Return a file's footer, and at which row each of its row groups ends; `written` tells files apart."""
    metadata = pq.read_metadata(path)
    groups = (metadata.row_group(number).num_rows for number in range(metadata.num_row_groups))
    return metadata, list(accumulate(groups))
