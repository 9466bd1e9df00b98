"""Reading a file of the log from end to end, to find what its footer cannot tell."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fsdb import schema
from fsdb.log.files import CommitFile
from fsdb.log.parquet import read_row_groups
from fsdb.log.seal import DamagedFile

_FIRST = "run_started"


def check_file(file: CommitFile, run_id: str) -> None:
    """Read every event of the file; raise DamagedFile unless all are what the log promises.

    That is: pages whose checksums hold, text that is UTF-8, seqs from the first to the last without a gap,
    one run, and for each event the struct of its type and no other. Raises FileNotFoundError if a merge
    took the file away.
    """
    expected = file.first_seq
    for table in read_row_groups(file.path):
        try:
            table.validate(full=True)
        except pa.ArrowInvalid as error:
            raise DamagedFile(f"holds values that are not valid ({error})") from error
        _check_envelope(table, expected, run_id)
        _check_types(table, expected)
        expected += table.num_rows
    if expected != file.last_seq + 1:
        raise DamagedFile(f"holds events up to {expected - 1}, not up to {file.last_seq}")


def _check_envelope(table: pa.Table, first_seq: int, run_id: str) -> None:
    """Check the numbering and the run of a stretch of events."""
    seqs = table.column("seq").to_numpy()
    wrong = np.flatnonzero(seqs != np.arange(first_seq, first_seq + table.num_rows))
    if wrong.size:
        raise DamagedFile(f"holds seq {seqs[wrong[0]]} where event {first_seq + wrong[0]} belongs")
    if pc.unique(table.column("run_id")).to_pylist() != [run_id]:
        raise DamagedFile("mixes events of several runs")


def _check_types(table: pa.Table, first_seq: int) -> None:
    """Check that each event has the struct of its type and no other, and that a run starts once, at 0."""
    types = table.column("type")
    known = np.zeros(table.num_rows, dtype=bool)
    for name in schema.event_types():
        of_type = pc.fill_null(pc.equal(types, name), False).to_numpy()
        wrong = np.flatnonzero(of_type != table.column(name).is_valid().to_numpy())
        if wrong.size:
            raise DamagedFile(f"holds event {first_seq + wrong[0]} with other fields than its type has")
        if name == _FIRST:
            seqs = np.arange(first_seq, first_seq + table.num_rows)
            misplaced = np.flatnonzero(of_type != (seqs == 0))
            if misplaced.size:
                raise DamagedFile(
                    f"holds event {seqs[misplaced[0]]} out of place: a run begins with {_FIRST}, once"
                )
        known |= of_type
    if not known.all():
        seq = first_seq + int(np.flatnonzero(~known)[0])
        raise DamagedFile(f"holds event {seq} of an unknown type")
