"""Plain values as bytes: what a sandboxed process may hand out, and how the other side reads it.

Numbers, text, bytes, None, lists, tuples, dicts, sets and numpy's arrays and scalars of numbers, by their
exact types: nothing of a program's own, so that reading a value runs nothing that a program wrote. The bytes
are MessagePack; what it has no word for is an extension. Never pickle.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np

MAX_VALUE_BYTES = 64 * 2**20
"""A value that takes more than this is refused."""

_TUPLE, _SET, _FROZENSET, _DICT, _INT, _COMPLEX, _ARRAY, _SCALAR = range(8)
_MIN_INT, _MAX_INT = -(2**63), 2**64

_ITEM_TYPES = frozenset(
    np.dtype(order + code).str
    for code in "?" + np.typecodes["AllInteger"] + np.typecodes["AllFloat"]
    for order in "<>"
)
_SCALAR_TYPES = frozenset(np.dtype(name).type for name in _ITEM_TYPES)


class NotPlain(Exception):
    """A value cannot leave the sandbox, or bytes are not those of one; the message says why."""


def pack(value: object) -> bytes:
    """Return the bytes of a plain value; raises NotPlain for any other, and where it is too large."""
    try:
        data = _encoder.encode(_flatten(value))
    except RecursionError:
        raise NotPlain("a value is nested too deeply, or holds itself") from None
    except (msgspec.MsgspecError, UnicodeEncodeError, ValueError, OverflowError) as error:
        raise NotPlain(str(error)) from None
    if len(data) > MAX_VALUE_BYTES:
        raise NotPlain(f"a value takes {len(data)} bytes; at most {MAX_VALUE_BYTES} are allowed")
    return data


def unpack(data: bytes) -> Any:
    """Return the value that `pack` made bytes of; raises NotPlain for bytes that it would not make."""
    try:
        return _restore(_decoder.decode(data))
    except (msgspec.MsgspecError, UnicodeDecodeError, ValueError, TypeError, RecursionError) as error:
        raise NotPlain(f"it is no plain value: {error}") from None


def _flatten(value: Any) -> Any:
    """Return `value` in MessagePack's own terms: lists stay lists, all that it has no word for is wrapped."""
    kind = type(value)
    if value is None or kind is float or kind is bool or kind is str or kind is bytes:
        return value
    if kind is int:
        return value if _MIN_INT <= value < _MAX_INT else _wrap(_INT, hex(value))
    if kind is np.ndarray:
        return _wrap(_ARRAY, [_item_type(value.dtype), list(value.shape), value.tobytes()])
    if kind is list:
        return [_flatten(item) for item in value]
    if kind is dict:
        return _wrap(_DICT, [[_flatten(key), _flatten(item)] for key, item in value.items()])
    if kind in _COLLECTIONS:
        return _wrap(_COLLECTIONS[kind], [_flatten(item) for item in value])
    if kind is complex:
        return _wrap(_COMPLEX, [value.real, value.imag])
    if kind in _SCALAR_TYPES:
        return _wrap(_SCALAR, [_item_type(value.dtype), value.tobytes()])
    raise NotPlain(f"a value of type {kind.__name__} cannot leave the sandbox")


_COLLECTIONS: dict[type, int] = {tuple: _TUPLE, set: _SET, frozenset: _FROZENSET}


def _wrap(code: int, content: object) -> msgspec.msgpack.Ext:
    return msgspec.msgpack.Ext(code, _encoder.encode(content))


def _item_type(dtype: np.dtype[Any]) -> str:
    if dtype.str not in _ITEM_TYPES:
        raise NotPlain(f"an array of {dtype} cannot leave the sandbox")
    return dtype.str


def _restore(value: Any) -> Any:
    """Return what was flattened; raises TypeError or ValueError for what `_flatten` would not make."""
    kind = type(value)
    if kind is list:
        return [_restore(item) for item in value]
    if kind is msgspec.msgpack.Ext:
        if not 0 <= value.code < len(_RESTORERS):
            raise ValueError("it has an extension of an unknown kind")
        return _RESTORERS[value.code](_decoder.decode(value.data))
    if value is not None and kind not in (bool, int, float, str, bytes):
        raise ValueError(f"it has a {kind.__name__}")
    return value


def _restore_dict(pairs: Any) -> dict[Any, Any]:
    return {_restore(key): _restore(item) for key, item in pairs}


def _restore_int(text: Any) -> int:
    return int(text, 16)


def _restore_complex(parts: Any) -> complex:
    real, imaginary = parts
    return complex(_exactly(real, float), _exactly(imaginary, float))


def _restore_array(parts: Any) -> np.ndarray:
    item_type, shape, data = parts
    if item_type not in _ITEM_TYPES:
        raise ValueError("it has an array of an unknown type")
    if any(_exactly(length, int) < 0 for length in shape):
        raise ValueError("it has an array of less than no length")
    return np.frombuffer(_exactly(data, bytes), dtype=item_type).reshape(shape).copy()


def _restore_scalar(parts: Any) -> Any:
    item_type, data = parts
    return _restore_array([item_type, [], data])[()]


def _exactly(value: Any, kind: type) -> Any:
    if type(value) is not kind:
        raise TypeError(f"it has a {type(value).__name__} for a {kind.__name__}")
    return value


_RESTORERS: tuple[Callable[[Any], Any], ...] = (
    lambda items: tuple(map(_restore, items)),
    lambda items: set(map(_restore, items)),
    lambda items: frozenset(map(_restore, items)),
    _restore_dict,
    _restore_int,
    _restore_complex,
    _restore_array,
    _restore_scalar,
)

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder()
