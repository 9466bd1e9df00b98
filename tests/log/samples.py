"""Events to write: plain ones that their seq determines, and strategies for arbitrary ones."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
from hypothesis import strategies as st

from fsdb import schema
from fsdb.log import LogWriter, MergePolicy, clean_text, read_events

RUN = "0b1ce3a2f4d54f0d9a3c"
OFTEN = MergePolicy(files=4, small_events=64, large_events=512, row_group_events=96)
"""Merges nearly all the time, so that tests meet merges."""


@cache
def event_at(seq: int) -> tuple[str, dict[str, Any]]:
    """The event that the tests' logs hold at a seq: its type goes round, its fields are told by its seq."""
    types = schema.event_types()
    type_ = types[0] if seq == 0 else types[1 + seq % (len(types) - 1)]
    return type_, {field.name: _value(field, seq) for field in schema.arrow_schema().field(type_).type}


def _value(field: pa.Field, seq: int) -> Any:
    type_ = field.type
    if pa.types.is_list(type_):
        return [_value(pa.field(f"{field.name}{index}", type_.value_type), seq) for index in range(seq % 3)]
    if pa.types.is_struct(type_):
        return {inner.name: _value(inner, seq) for inner in type_}
    if pa.types.is_string(type_):
        return f"{field.name} {seq} ∀x ☃"
    if pa.types.is_boolean(type_):
        return seq % 2 == 0
    if pa.types.is_floating(type_):
        return seq / 7
    return seq


def append(writer: LogWriter, count: int) -> None:
    """Append the events that follow."""
    for _ in range(count):
        writer.append(*event_at(writer.next_seq))


def write_log(run_dir: Path, commits: list[int], *, merge: bool | MergePolicy = False) -> Path:
    """Make a log whose commits hold the given numbers of events."""
    with LogWriter.create(run_dir, RUN, merge=merge) as writer:
        for count in commits:
            append(writer, count)
            writer.commit()
    return run_dir


def rows(run_dir: Path) -> list[tuple[int, str, dict[str, Any]]]:
    """Everything that a reader gets from a log: seq, type and fields of each event, in order."""
    return [
        (row["seq"], row["type"], row[row["type"]])
        for table in read_events(run_dir)
        for row in table.to_pylist()
    ]


def expected_rows(count: int) -> list[tuple[int, str, dict[str, Any]]]:
    """What `rows` gives for a log of the tests' events."""
    return [(seq, *event_at(seq)) for seq in range(count)]


def file_names(run_dir: Path) -> list[str]:
    return sorted(path.name for path in (run_dir / "events").iterdir())


def any_event() -> st.SearchStrategy[tuple[str, dict[str, Any]]]:
    """Any event at all that the definition allows, lone surrogates and NULs included."""
    return st.sampled_from(schema.event_types()).flatmap(
        lambda name: st.tuples(st.just(name), _fields_of(name))
    )


def _fields_of(name: str) -> st.SearchStrategy[dict[str, Any]]:
    nullable = {column.column: column.nullable for column in schema.columns() if column.table == name}
    return st.fixed_dictionaries(
        {
            field.name: _values(field.type, null=nullable[field.name])
            for field in schema.arrow_schema().field(name).type
        }
    )


def _values(type_: pa.DataType, *, null: bool) -> st.SearchStrategy[Any]:
    found: st.SearchStrategy[Any]
    if pa.types.is_list(type_):
        items_null = not pa.types.is_struct(type_.value_type)
        found = st.lists(_values(type_.value_type, null=items_null), max_size=3)
    elif pa.types.is_struct(type_):
        found = st.fixed_dictionaries({field.name: _values(field.type, null=True) for field in type_})
    elif pa.types.is_string(type_):
        found = st.text(st.characters(exclude_categories=()), max_size=12)
    elif pa.types.is_boolean(type_):
        found = st.booleans()
    elif pa.types.is_floating(type_):
        found = st.floats(allow_nan=False)
    else:
        bound = 2 ** (type_.bit_width - 1)
        found = st.integers(-bound, bound - 1)
    return st.none() | found if null else found


def cleaned(value: Any) -> Any:
    """A value as the log keeps it."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, dict):
        return {name: cleaned(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [cleaned(inner) for inner in value]
    return value
