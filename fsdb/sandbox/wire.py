"""How the engine and a zygote talk: frames of a JSON header and two byte strings, over a socket pair."""

from __future__ import annotations

import json
import socket
import struct
from typing import Any

LENGTHS = struct.Struct("!III")
"""What a frame begins with: the lengths of its header and of its two byte strings, big-endian."""

Frame = tuple[dict[str, Any], bytes, bytes]


def pack(header: dict[str, Any], first: bytes = b"", second: bytes = b"") -> bytes:
    """Return the bytes of a frame; `header` is anything that JSON can say."""
    text = json.dumps(header).encode()
    return LENGTHS.pack(len(text), len(first), len(second)) + text + first + second


def receive(connection: socket.socket) -> Frame | None:
    """Return the next frame of a blocking socket, None when the other end is gone."""
    lengths = _receive_exactly(connection, LENGTHS.size)
    if lengths is None:
        return None
    parts = [_receive_exactly(connection, length) for length in LENGTHS.unpack(lengths)]
    header, first, second = parts
    if header is None or first is None or second is None:
        return None
    return json.loads(header), first, second


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
