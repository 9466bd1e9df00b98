"""The seal of a file of the log: checksums that stand between its data and its Parquet footer.

Parquet has checksums for pages at best, none for their headers and none for the footer, and libraries
that are handed a damaged footer may take the process down. So the writer puts a record of 28 bytes where
no reader looks, directly before the footer: 16 bytes of mark, then three little-endian 32-bit numbers,
the CRC-32 of all bytes before the record, the footer's length, and the footer's CRC-32. A file without a
seal, from another writer, is read all the same.
"""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import BinaryIO, NamedTuple

_PARQUET = b"PAR1"
_ENDING = struct.Struct("<I4s")
# Random, and not UTF-8: no text in the log can look like it.
_MARK = bytes.fromhex("f5db8e1cff9a47d6c0b3e9fe5d21a8ff")
_RECORD = struct.Struct("<16sIII")
_CHUNK = 2**20
_TAIL = 2**16


class DamagedFile(Exception):
    """A file of the log is not what its name promises; the text completes "<file name> …"."""


class _Ends(NamedTuple):
    """Where a file's footer begins, how many bytes the file has, and its last ones, footer included."""

    footer: int
    size: int
    tail: bytes


def sealed(data: memoryview) -> bytes:
    """Return the bytes of a Parquet file with a seal."""
    length, _ = _ENDING.unpack(data[-_ENDING.size :])
    cut = len(data) - _ENDING.size - length
    record = _RECORD.pack(_MARK, zlib.crc32(data[:cut]), length, zlib.crc32(data[cut : cut + length]))
    return b"".join((data[:cut], record, data[cut:]))


def seal_file(path: Path) -> None:
    """Put a seal into a Parquet file that has none, in place."""
    with path.open("r+b") as file:
        ends = _read_ends(file)
        ending = ends.tail[ends.footer - ends.size :]
        footer = ending[: -_ENDING.size]
        checksum = _checksum(file, ends.footer)
        file.seek(ends.footer)
        file.write(_RECORD.pack(_MARK, checksum, len(footer), zlib.crc32(footer)) + ending)


def check_seal(path: Path, *, contents: bool = False) -> None:
    """Check the file's ends and its footer against its seal, and with `contents` all of it.

    Raises DamagedFile, saying what is wrong; FileNotFoundError where there is no such file. After it, a
    sealed file's footer (with `contents`: the file) may be given to a Parquet library.
    """
    try:
        with path.open("rb") as file:
            ends = _read_ends(file)
            at = ends.tail.rfind(_MARK)
            if at < 0:
                return
            record = ends.footer - _RECORD.size
            if at != record - (ends.size - len(ends.tail)):
                raise DamagedFile("has a damaged ending: the length of its footer is wrong")
            _, checksum, length, footer_checksum = _RECORD.unpack_from(ends.tail, at)
            footer = ends.tail[at + _RECORD.size : -_ENDING.size]
            if len(footer) != length or zlib.crc32(footer) != footer_checksum:
                raise DamagedFile("has a damaged footer: its checksum does not hold")
            if contents and _checksum(file, record) != checksum:
                raise DamagedFile("is damaged: its checksum does not hold")
    except FileNotFoundError:
        raise
    except OSError as error:
        raise DamagedFile(f"cannot be read ({error.strerror})") from error


def _read_ends(file: BinaryIO) -> _Ends:
    """Find a file's footer; tell the plain ways to be broken apart, which Parquet libraries do not."""
    size = file.seek(0, 2)
    if size == 0:
        raise DamagedFile("is empty")
    file.seek(0)
    if file.read(len(_PARQUET)) != _PARQUET:
        raise DamagedFile("does not begin like a Parquet file: it was overwritten, or is something else")
    file.seek(max(0, size - _TAIL))
    tail = file.read()
    if size < len(_PARQUET) + _ENDING.size or not tail.endswith(_PARQUET):
        raise DamagedFile(f"is cut off: it ends after {size} bytes without a footer")
    length, _ = _ENDING.unpack(tail[-_ENDING.size :])
    footer = size - _ENDING.size - length
    if footer < len(_PARQUET):
        raise DamagedFile("has a damaged ending: its footer would be longer than the file")
    if length + _ENDING.size + _RECORD.size > len(tail):
        file.seek(max(0, footer - _RECORD.size))
        tail = file.read()
    return _Ends(footer, size, tail)


def _checksum(file: BinaryIO, end: int) -> int:
    """Return the CRC-32 of the file's first `end` bytes."""
    file.seek(0)
    checksum = 0
    while end > 0 and (chunk := file.read(min(end, _CHUNK))):
        checksum = zlib.crc32(chunk, checksum)
        end -= len(chunk)
    return checksum
