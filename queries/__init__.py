"""The SQL of fsdb: what the state is, how it is drawn from, what it must keep, and what to ask of it."""

from __future__ import annotations

from functools import cache
from importlib import resources


@cache
def text(path: str) -> str:
    """Return the SQL file at `path` below queries/, such as "engine/draw.sql"."""
    return resources.files(__name__).joinpath(path).read_text(encoding="utf-8")


@cache
def names(folder: str) -> tuple[str, ...]:
    """Return the names, without suffix and sorted, of the SQL files in a folder of queries/."""
    files = resources.files(__name__).joinpath(folder).iterdir()
    return tuple(sorted(file.name.removesuffix(".sql") for file in files if file.name.endswith(".sql")))
