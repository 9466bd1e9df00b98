"""Plain values arrive as they were, of the same types; nothing else is made into bytes, or of them."""

from __future__ import annotations

import math
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_numpy

from fsdb.sandbox.values import NotPlain, pack, unpack

HASHABLE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary() | st.complex_numbers(),
    lambda inner: st.tuples(inner, inner) | st.frozensets(inner, max_size=3),
    max_leaves=5,
)
DTYPES = (
    st_numpy.boolean_dtypes()
    | st_numpy.integer_dtypes(endianness="?")
    | st_numpy.floating_dtypes(endianness="?")
    | st_numpy.complex_number_dtypes(endianness="?")
)
ARRAYS = st_numpy.arrays(DTYPES, st_numpy.array_shapes(min_dims=0, min_side=0, max_side=3))
PLAIN = st.recursive(
    HASHABLE | ARRAYS | ARRAYS.map(lambda array: array.reshape(-1)[:1].sum()),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.tuples(inner)
        | st.dictionaries(HASHABLE, inner, max_size=3)
        | st.sets(HASHABLE, max_size=3)
    ),
    max_leaves=8,
)


def same(one: Any, other: Any) -> bool:
    """Return whether two values are of the same types and equal, not-a-number to itself too."""
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray | np.generic):
        return (one.dtype, one.shape, one.tobytes()) == (other.dtype, other.shape, other.tobytes())
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return same(list(one.items()), list(other.items()))
    if isinstance(one, set | frozenset):
        return len(one) == len(other) and all(any(same(a, b) for b in other) for a in one)
    if isinstance(one, complex):
        return same([one.real, one.imag], [other.real, other.imag])
    if isinstance(one, float):
        same_sign = math.copysign(1, one) == math.copysign(1, other)
        return (one == other and same_sign) or (math.isnan(one) and math.isnan(other))
    return bool(one == other)


@given(PLAIN)
def test_plain_values_arrive_as_they_were(value: Any) -> None:
    assert same(unpack(pack(value)), value)


def test_what_arrives_may_be_changed() -> None:
    array = unpack(pack(np.arange(3)))
    array[0] = 7
    assert array.tolist() == [7, 1, 2]


def test_an_array_arrives_in_its_order_whatever_its_layout() -> None:
    array = np.arange(12).reshape(3, 4)[:, ::2].T
    assert unpack(pack(array)).tolist() == array.tolist()


class Lies(float):
    """A float that would run a program's code."""

    def __reduce__(self) -> Any:
        return print, ("gotcha",)


HOLDS_ITSELF: list[Any] = []
HOLDS_ITSELF.append(HOLDS_ITSELF)


@pytest.mark.parametrize(
    "value",
    [
        object(),
        Lies(1.0),
        [Lies(1.0)],
        lambda: 0,
        int,
        np.array([object()]),
        np.array(["text"]),
        np.array([("a", 1)], dtype=[("x", "U1"), ("y", int)]),
        np.ma.masked_array([1.0], [True]),
        "\ud800",
        HOLDS_ITSELF,
        (value for value in ()),
        bytearray(b"x"),
    ],
    ids=range(13),
)
def test_nothing_else_leaves(value: Any) -> None:
    with pytest.raises(NotPlain):
        pack(value)


@given(st.binary(max_size=60))
def test_any_bytes_are_a_value_or_refused(data: bytes) -> None:
    try:
        value = unpack(data)
    except NotPlain:
        return
    assert same(unpack(pack(value)), value)


def extension(code: int, content: Any) -> bytes:
    return msgspec.msgpack.encode(msgspec.msgpack.Ext(code, msgspec.msgpack.encode(content)))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        pack(1) + b"\x01",
        msgspec.msgpack.encode({"a": 1}),
        extension(99, []),
        extension(0, 5),
        extension(1, [[]]),
        extension(3, [[1]]),
        extension(4, "0x" + "z"),
        extension(5, ["1", "2"]),
        extension(6, ["|O", [1], b"12345678"]),
        extension(6, ["<f8", [-1], b"12345678"]),
        extension(6, ["<f8", [2], b"12345678"]),
        extension(6, ["<f8", [2**62, 2**62], b""]),
        extension(6, ["<f8", ["1"], b"12345678"]),
        extension(6, [["<f8"], [1], b"12345678"]),
        extension(7, ["<U1", b"abcd"]),
        b"\xd6\xff\x00\x00\x00\x00",  # a time
        b"\x91" * 100_000 + b"\x01",
    ],
    ids=range(18),
)
def test_bytes_that_no_value_makes_are_refused(data: bytes) -> None:
    with pytest.raises(NotPlain):
        unpack(data)
