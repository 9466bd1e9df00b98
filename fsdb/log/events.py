"""From an event's fields to rows: what `append` accepts, and the Arrow table that a commit writes."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from numbers import Real
from typing import Any, NamedTuple

import pyarrow as pa

from fsdb import schema

_Convert = Callable[[Any], Any]

_UNSTORABLE = re.compile("[\ud800-\udfff\0]")


class Event(NamedTuple):
    """An event that waits for its commit: `recorded_at` in microseconds since 1970, UTC."""

    type: str
    recorded_at: int
    fields: dict[str, Any]


class _Field(NamedTuple):
    """A column of an event type, how its values are checked, and whether None is one."""

    name: str
    convert: _Convert
    nullable: bool


def clean_text(text: str) -> str:
    """Return the text as the log keeps it: each lone surrogate and each NUL becomes U+FFFD.

    Neither can be kept as UTF-8 text by every reader, and a hostile program may hold both. Whoever hashes
    a text that is to be logged cleans it first, so that the hash is that of the text in the log.
    """
    return _UNSTORABLE.sub("\ufffd", text)


def check_fields(type_: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the event's fields as they will be stored, in the definition's order.

    Every field must be there; None is accepted where the definition's comment speaks of null. Raises
    ValueError for an unknown type, an unknown or missing field, a null or a number out of range, and
    TypeError for a value of another type.
    """
    known = _fields().get(type_)
    if known is None:
        raise ValueError(f"unknown event type {type_!r}; there are {', '.join(_fields())}")
    if len(fields) != len(known) or any(field.name not in fields for field in known):
        raise ValueError(f"{type_}: {_difference(known, fields)}")
    checked: dict[str, Any] = {}
    for name, convert, nullable in known:
        value = fields[name]
        if value is None:
            if not nullable:
                raise ValueError(f"{type_}.{name} must not be null")
            checked[name] = None
            continue
        try:
            checked[name] = convert(value)
        except (TypeError, ValueError, OverflowError) as error:
            raise type(error)(f"{type_}.{name}: {error}") from None
    return checked


def to_table(run_id: str, first_seq: int, events: Sequence[Event]) -> pa.Table:
    """Return the events as rows of the log, numbered from `first_seq` on."""
    definition = schema.arrow_schema()
    count = len(events)
    types = [event.type for event in events]
    envelope = {
        "run_id": pa.repeat(run_id, count),
        "seq": range(first_seq, first_seq + count),
        "type": types,
        "recorded_at": [event.recorded_at for event in events],
        "schema_version": pa.repeat(pa.scalar(schema.SCHEMA_VERSION, pa.int32()), count),
    }
    present = set(types)
    arrays: list[pa.Array] = []
    for column in definition:
        if column.name in envelope:
            arrays.append(pa.array(envelope[column.name], column.type))
        elif column.name in present:
            rows = [event.fields if event.type == column.name else None for event in events]
            arrays.append(pa.array(rows, column.type))
        else:
            arrays.append(pa.nulls(count, column.type))
    return pa.Table.from_arrays(arrays, schema=definition)


def _difference(known: Sequence[_Field], fields: Mapping[str, Any]) -> str:
    """Say which fields are missing and which are unknown."""
    names = [field.name for field in known]
    missing = [name for name in names if name not in fields]
    unknown = [str(name) for name in fields if name not in names]
    said = [f"missing {', '.join(missing)}"] if missing else []
    said += [f"unknown {', '.join(unknown)}"] if unknown else []
    return "; ".join(said)


@cache
def _fields() -> dict[str, tuple[_Field, ...]]:
    """Return the checked columns of every event type, by its name."""
    definition = schema.arrow_schema()
    nullable = {(column.table, column.column): column.nullable for column in schema.columns()}
    return {
        name: tuple(
            _Field(field.name, _converter(field.type), nullable[name, field.name])
            for field in definition.field(name).type
        )
        for name in schema.event_types()
    }


def _converter(type_: pa.DataType) -> _Convert:
    """Return the function that checks a value of the type and returns it as it is stored."""
    if pa.types.is_list(type_):
        return _list_of(type_.value_type)
    if pa.types.is_struct(type_):
        return _struct_of(type_)
    if pa.types.is_integer(type_):
        return _integer_of(type_.bit_width)
    simple: dict[pa.DataType, _Convert] = {pa.string(): _text, pa.float64(): _number, pa.bool_(): _truth}
    return simple[type_]


def _text(value: Any) -> str:
    """Accept text and clean it."""
    if not isinstance(value, str):
        raise TypeError(f"expected text, got {type(value).__name__}")
    return clean_text(value)


def _number(value: Any) -> float:
    """Accept any real number, numpy's too."""
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"expected a number, got {type(value).__name__}")
    return float(value)


def _truth(value: Any) -> bool:
    """Accept True and False."""
    if not isinstance(value, bool):
        raise TypeError(f"expected True or False, got {type(value).__name__}")
    return value


def _integer_of(bits: int) -> _Convert:
    """Accept whole numbers that fit, numpy's too."""
    limit = 2 ** (bits - 1)

    def convert(value: Any) -> int:
        if isinstance(value, bool):
            raise TypeError("expected a whole number, got bool")
        number = operator.index(value)
        if not -limit <= number < limit:
            raise ValueError(f"{number} does not fit in {bits} bits")
        return number

    return convert


def _list_of(type_: pa.DataType) -> _Convert:
    """Accept a list or tuple; its items may be None unless they are structs."""
    item = _converter(type_)
    items_nullable = not pa.types.is_struct(type_)

    def convert(value: Any) -> list[Any]:
        if not isinstance(value, list | tuple):
            raise TypeError(f"expected a list, got {type(value).__name__}")
        return [None if each is None and items_nullable else item(each) for each in value]

    return convert


def _struct_of(type_: pa.DataType) -> _Convert:
    """Accept a mapping with exactly the struct's fields; each may be None."""
    converters = {field.name: _converter(field.type) for field in type_}

    def convert(value: Any) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            raise TypeError(f"expected a mapping, got {type(value).__name__}")
        if value.keys() != converters.keys():
            raise ValueError(f"expected the fields {', '.join(converters)}, got {', '.join(map(str, value))}")
        return {
            name: None if value[name] is None else convert(value[name])
            for name, convert in converters.items()
        }

    return convert
