"""How the engine and a zygote talk: frames of a JSON header and two byte strings, over a socket pair.

With the lengths that a frame begins with, the engine may send a descriptor.
"""

from __future__ import annotations

import itertools
import json
import socket
import struct
from collections.abc import Sequence
from typing import Any, NamedTuple

LENGTHS = struct.Struct("!QQQ")
"""What a frame begins with: the lengths of its header and of its two byte strings, big-endian."""


class Frame(NamedTuple):
    """A frame as received; `descriptor` is None where none came with it."""

    header: dict[str, Any]
    first: bytes
    second: bytes
    descriptor: int | None


def pack(header: dict[str, Any], first: bytes = b"", second: bytes = b"") -> bytes:
    """Return the bytes of a frame; `header` is anything that JSON can say."""
    text = json.dumps(header).encode()
    return LENGTHS.pack(len(text), len(first), len(second)) + text + first + second


def join(parts: Sequence[bytes]) -> tuple[bytes, list[int]]:
    """Return byte strings as one, and the lengths by which `split` takes them apart again."""
    return b"".join(parts), list(map(len, parts))


def split(data: bytes, lengths: Sequence[int]) -> list[bytes]:
    """Return the byte strings that `join` made one of."""
    ends = list(itertools.accumulate(lengths))
    return [data[end - length : end] for end, length in zip(ends, lengths, strict=True)]


def receive(connection: socket.socket) -> Frame | None:
    """Return the next frame of a blocking socket, None when the other end is gone."""
    try:
        beginning, descriptors, _, _ = socket.recv_fds(connection, LENGTHS.size, 1)
    except ConnectionError:
        return None
    rest = _receive_exactly(connection, LENGTHS.size - len(beginning)) if beginning else None
    if rest is None:
        return None
    parts = [_receive_exactly(connection, length) for length in LENGTHS.unpack(beginning + rest)]
    header, first, second = parts
    if header is None or first is None or second is None:
        return None
    return Frame(json.loads(header), first, second, descriptors[0] if descriptors else None)


def _receive_exactly(connection: socket.socket, length: int) -> bytes | None:
    """Return `length` bytes, None when the other end goes before they came."""
    pieces = []
    while length:
        try:
            piece = connection.recv(min(length, 1 << 20))
        except ConnectionError:
            return None
        if not piece:
            return None
        pieces.append(piece)
        length -= len(piece)
    return b"".join(pieces)
