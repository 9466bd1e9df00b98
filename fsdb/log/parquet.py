"""What is in a file of the log: how it is encoded, what its footer says, and how it is read.

A commit's file is small and soon merged, so it is written for speed: only texts are compressed. A merged
file is written for keeps: zstd throughout. Both carry a seal (see fsdb.log.seal), and statistics for the
envelope alone (seq finds a file and a row group; other statistics would cost more than they save).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from fsdb import schema
from fsdb.log.seal import DamagedFile, check_seal, sealed

# Texts that seldom repeat: a dictionary of them is waste.
_UNIQUE = frozenset({
    "specification", "specification_hash", "inputs", "held_out", "policy_sql", "reset_policy_sql",
    "text", "source", "source_hash", "signature_hash", "prompt_hash", "request_id", "error", "output",
})  # fmt: skip

_UNREADABLE = (pa.ArrowException, OSError, ValueError, TypeError, KeyError, OverflowError, MemoryError)


@dataclass(frozen=True)
class Footer:
    """What a file's footer says of its events; read without touching the events themselves."""

    events: int
    first_seq: int
    last_seq: int
    run_id: str
    schema_version: int


class _Leaf(NamedTuple):
    """One column as Parquet stores it: what must agree for two files to hold the same columns."""

    path: str
    physical: str
    logical: str
    definition_level: int
    repetition_level: int


def encode_commit(table: pa.Table) -> bytes:
    """Return a commit's events as the bytes of its file."""
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, row_group_size=max(1, table.num_rows), **_options(merged=False))
    return sealed(memoryview(sink.getvalue()))


def merged_writer(path: Path) -> pq.ParquetWriter:
    """Return a writer of a merged file, which is to be sealed once it is closed."""
    return pq.ParquetWriter(path, schema.arrow_schema(), **_options(merged=True))


def read_footer(path: Path) -> Footer:
    """Return what the file's footer says.

    Raises DamagedFile where it cannot be read, holds no events, holds other than a log's columns, or
    numbers its events with a gap; FileNotFoundError where there is no such file.
    """
    check_seal(path)
    try:
        metadata = pq.read_metadata(path)
        leaves = _leaves(metadata)
        columns = {leaf.path: index for index, leaf in enumerate(leaves)}
        if absent := _known().envelope - set(leaves):
            raise DamagedFile(f"is not a file of a log: it has no column {min(absent).path} as a log has it")
        if metadata.num_rows == 0:
            raise DamagedFile("holds no events")
        seqs = _ranges(path, metadata, "seq", columns)
        runs = {value for pair in _ranges(path, metadata, "run_id", columns) for value in pair}
        version = max(high for _, high in _ranges(path, metadata, "schema_version", columns))
        rows = [metadata.row_group(index).num_rows for index in range(metadata.num_row_groups)]
    except FileNotFoundError:
        raise
    except _UNREADABLE as error:
        raise DamagedFile(f"has a footer that cannot be read ({_first_line(error)})") from error
    if len(runs) > 1:
        raise DamagedFile(f"mixes events of the runs {', '.join(sorted(map(str, runs)))}")
    expected = seqs[0][0]
    for (low, high), count in zip(seqs, rows, strict=True):
        if low != expected or high - low + 1 != count:
            raise DamagedFile(f"does not number its events without a gap (at event {expected})")
        expected = high + 1
    if version <= schema.SCHEMA_VERSION:
        _check_columns(leaves, version)
    return Footer(metadata.num_rows, seqs[0][0], seqs[-1][1], runs.pop(), version)


def read_row_groups(path: Path) -> Iterator[pa.Table]:
    """Yield the file's events, a row group at a time, with the columns of this version's definition.

    Columns that an older writer did not know are null. The file stays open, so that deleting it meanwhile
    does no harm. Raises DamagedFile where its checksum does not hold or it cannot be decoded, and
    FileNotFoundError.
    """
    try:
        check_seal(path, contents=True)
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            for index in range(file.metadata.num_row_groups):
                yield conform(file.read_row_group(index, use_threads=False))
    except FileNotFoundError:
        raise
    except _UNREADABLE as error:
        raise DamagedFile(f"cannot be read ({_first_line(error)})") from error


def conform(table: pa.Table) -> pa.Table:
    """Return the table with exactly the columns of this version's definition, absent ones null."""
    definition = schema.arrow_schema()
    if table.schema.equals(definition):
        return table
    arrays = [
        table.column(field.name).cast(field.type)
        if field.name in table.column_names
        else pa.nulls(table.num_rows, field.type)
        for field in definition
    ]
    return pa.Table.from_arrays(arrays, schema=definition)


def _check_columns(leaves: tuple[_Leaf, ...], version: int) -> None:
    """Compare the file's columns with the definition: all of them in this version, no others in an older."""
    found, known = set(leaves), set(_known().leaves)
    if unknown := found - known:
        raise DamagedFile(f"has a column that version {version} of the log does not: {min(unknown).path}")
    if version == schema.SCHEMA_VERSION and (absent := known - found):
        raise DamagedFile(f"lacks the column {min(absent).path}")


def _ranges(
    path: Path, metadata: pq.FileMetaData, column: str, columns: dict[str, int]
) -> list[tuple[Any, Any]]:
    """Return a column's least and greatest value in each row group; read it where the footer is silent."""
    ranges: list[tuple[Any, Any]] = []
    for index in range(metadata.num_row_groups):
        statistics = metadata.row_group(index).column(columns[column]).statistics
        if statistics is None or not statistics.has_min_max:
            with pq.ParquetFile(path) as file:
                values = file.read_row_group(index, columns=[column], use_threads=False)
            values = values.column(0).to_pylist()
            ranges.append((min(values), max(values)))
        else:
            ranges.append((statistics.min, statistics.max))
    return ranges


class _Known(NamedTuple):
    """The definition as Parquet stores it."""

    schema: pq.ParquetSchema
    leaves: tuple[_Leaf, ...]
    envelope: frozenset[_Leaf]


@cache
def _known() -> _Known:
    """Return the definition as Parquet stores it: as the footer of a file without events has it."""
    empty = encode_commit(schema.arrow_schema().empty_table())
    stored = pq.read_metadata(pa.BufferReader(empty)).schema
    leaves = _walk(stored)
    return _Known(stored, leaves, frozenset(leaf for leaf in leaves if leaf.path in _envelope()))


def _leaves(metadata: pq.FileMetaData) -> tuple[_Leaf, ...]:
    """Return a file's columns as Parquet stores them, in order.

    Comparing whole schemas is quick and walking through one is not; a log may have thousands of files.
    """
    known = _known()
    return known.leaves if metadata.schema.equals(known.schema) else _walk(metadata.schema)


def _walk(stored: pq.ParquetSchema) -> tuple[_Leaf, ...]:
    """Return the columns of a schema, in order."""
    return tuple(
        _Leaf(
            column.path,
            column.physical_type,
            column.logical_type.type,
            column.max_definition_level,
            column.max_repetition_level,
        )
        for column in map(stored.column, range(len(stored)))
    )


@cache
def _options(*, merged: bool) -> dict[str, Any]:
    """Return how the files are encoded."""
    types = dict(_leaf_types(schema.arrow_schema()))
    unique = {path for path in types if path.rpartition(".")[2] in _UNIQUE}
    # Numbers that count up, or stay the same, are almost free as differences.
    counted = {path for path, type_ in types.items() if type_ == pa.int64() or pa.types.is_timestamp(type_)}
    return {
        "compression": {path: "zstd" if merged or path in unique else "none" for path in types},
        "use_dictionary": [path for path in types if path not in unique | counted],
        "column_encoding": dict.fromkeys(sorted(counted), "DELTA_BINARY_PACKED"),
        "write_statistics": _envelope(),
        "store_schema": False,
    }


def _envelope() -> list[str]:
    """Return the names of the columns that every event carries."""
    return [column.column for column in schema.columns() if column.table == schema.ENVELOPE]


def _leaf_types(fields: Any, prefix: str = "") -> Iterator[tuple[str, pa.DataType]]:
    """Yield the path and type of every column as Parquet stores it, for a schema or struct type."""
    for field in fields:
        path, type_ = prefix + field.name, field.type
        while pa.types.is_list(type_):
            path, type_ = f"{path}.list.element", type_.value_type
        if pa.types.is_struct(type_):
            yield from _leaf_types(type_, f"{path}.")
        else:
            yield path, type_


def _first_line(error: BaseException) -> str:
    """Return the first line of an error's text, without a full stop."""
    return (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")
