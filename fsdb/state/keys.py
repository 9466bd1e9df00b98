"""Content keys: what identifies a source and a signature, on any machine and in any process."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Sequence

NOISE_SCHEME = "splitmix64-gumbel-1"
"""The noise of queries/macros/noise.sql, as events name it."""


def source_hash(source: str) -> str:
    """Return the MD5 of a source's UTF-8 bytes, hex."""
    return hashlib.md5(source.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()


def signature_hash(scores: Sequence[float]) -> str:
    """Return the MD5 of scores as little-endian doubles, hex; -0.0 counts as 0.0."""
    packed = struct.pack(f"<{len(scores)}d", *(score + 0.0 for score in scores))
    return hashlib.md5(packed, usedforsecurity=False).hexdigest()
