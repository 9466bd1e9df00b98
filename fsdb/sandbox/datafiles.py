"""Data files of a specification, parsed before anything is locked; from then on they are only read."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np


class DataError(Exception):
    """A data file is not what the end of its name says; the message names it and the reason."""


def parse_data(described: Sequence[tuple[str, str]], contents: Sequence[bytes]) -> dict[str, Any]:
    """Return what is in data files by name; `described` has the name and the suffix of each.

    Arrays are made read-only. Raises DataError.
    """
    parsed = {}
    for (name, suffix), content in zip(described, contents, strict=True):
        try:
            parsed[name] = _PARSERS[suffix](content)
        except Exception as error:
            raise DataError(f"DATA[{name!r}] is no {suffix} file: {error}") from None
    return parsed


def _text(content: bytes) -> str:
    return content.decode("utf-8-sig")


def _csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(_text(content), newline="")))


def _npy(content: bytes) -> np.ndarray:
    return _read_only(np.load(io.BytesIO(content), allow_pickle=False))


def _npz(content: bytes) -> dict[str, np.ndarray]:
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        return {name: _read_only(arrays[name]) for name in arrays.files}


def _read_only(array: np.ndarray) -> np.ndarray:
    array.setflags(write=False)
    return array


_PARSERS: dict[str, Callable[[bytes], Any]] = {
    ".csv": _csv,
    ".json": json.loads,
    ".npy": _npy,
    ".npz": _npz,
    ".txt": _text,
}
