"""Data files that a specification reads, by `funsearch.data`: found, read whole, and known by their hash."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fsdb.errors import UsageError
from fsdb.problem.specification import DataFile

SUFFIXES = (".csv", ".json", ".npy", ".npz", ".txt")
"""The kinds of data files, told by the ends of their names."""


def read_data(value: object, where: str, folder: Path) -> dict[str, DataFile]:
    """Return the data files that `value`, a dict of paths in `folder` by name, asks for.

    Raises UsageError, its message beginning with `where`, for a value that is no such dict and a file that
    cannot be read.
    """
    if not isinstance(value, dict) or not all(type(each) is str for pair in value.items() for each in pair):
        raise UsageError(
            f"{where} is no dict of paths by name.", cure='Write `DATA = {"distances": "distances.npy"}`.'
        )
    return {name: _read(folder / path, f"{where}[{name!r}]") for name, path in value.items()}


def data_to_event(data: Mapping[str, DataFile]) -> dict[str, dict[str, Any]]:
    """Return what a log holds of data files: where they were, and the hash of what was in them."""
    return {name: {"path": file.path, "sha256": file.sha256} for name, file in data.items()}


def data_from_event(event: Mapping[str, Mapping[str, Any]], run: str) -> dict[str, DataFile]:
    """Return the files that `data_to_event` described; raises UsageError where one is gone or has changed."""
    files = {}
    for name, described in event.items():
        where = f"{run}: DATA[{name!r}]"
        files[name] = _read(Path(described["path"]), where)
        if files[name].sha256 != described["sha256"]:
            raise UsageError(
                f"{where}: {described['path']} is not the file that the run was started with"
                f" (SHA-256 {described['sha256'][:12]}…, now {files[name].sha256[:12]}…).",
                cure="Put that one back, or start a new run.",
            )
    return files


def _read(path: Path, where: str) -> DataFile:
    if path.suffix not in SUFFIXES:
        raise UsageError(
            f"{where}: {path.name} is of no kind that is read here.",
            cure=f"Use one of {', '.join(SUFFIXES)}.",
        )
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{where}: {path}: {error.strerror}.", cure="Correct the path.") from None
    return DataFile(str(path.resolve()), hashlib.sha256(content).hexdigest(), content)
