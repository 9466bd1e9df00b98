"""A few events of a long log by their numbers: only the row groups that hold them are read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from fsdb.log.files import CommitFile
from fsdb.log.reader import with_files

_FOOTERS = 64
"""How many files' footers are remembered: more than a log has merged files."""


def look_up(run_dir: Path, event_type: str, field: str, seqs: Iterable[int]) -> dict[int, Any]:
    """Return one field of the events of one type that have these seqs, by seq; others are left out.

    May be called while the run goes on. Raises LogError where a file cannot be read.
    """
    wanted = sorted(set(seqs))
    return with_files(run_dir, lambda files: _look_up(files, event_type, field, wanted))


def _look_up(files: Sequence[CommitFile], event_type: str, field: str, wanted: list[int]) -> dict[int, Any]:
    found: dict[int, Any] = {}
    for file in files:
        seqs = [seq for seq in wanted if file.first_seq <= seq <= file.last_seq]
        if seqs:
            found |= _in_file(file, event_type, field, seqs)
    return found


def _in_file(file: CommitFile, event_type: str, field: str, seqs: list[int]) -> dict[int, Any]:
    """Return the field for events of this file, reading each row group that holds one once."""
    metadata, ends = _footer(file.path, file.path.stat().st_mtime_ns)
    by_group = defaultdict(list)
    for seq in seqs:
        row = seq - file.first_seq
        group = next(number for number, end in enumerate(ends) if row < end)
        by_group[group].append((seq, row - (ends[group - 1] if group else 0)))
    found = {}
    with pq.ParquetFile(file.path, metadata=metadata) as parquet:
        for group, places in by_group.items():
            column = parquet.read_row_group(group, columns=[f"{event_type}.{field}"])[event_type]
            for seq, place in places:
                event = column[place].as_py()
                if event is not None:
                    found[seq] = event[field]
    return found


@lru_cache(_FOOTERS)
def _footer(path: Path, written: int) -> tuple[pq.FileMetaData, list[int]]:
    """Return a file's footer, and at which row each of its row groups ends; `written` tells files apart."""
    metadata = pq.read_metadata(path)
    groups = (metadata.row_group(number).num_rows for number in range(metadata.num_row_groups))
    return metadata, list(accumulate(groups))
