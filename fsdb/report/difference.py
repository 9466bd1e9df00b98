"""The difference of two programs' sources, line by line."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

CONTEXT_LINES = 3
"""Lines that stay the same shown around each change."""


@dataclass(frozen=True)
class Line:
    """A line of a difference: `sign` is "+", "-", " " or, for the head of a hunk, "@"."""

    sign: str
    text: str


def difference(old: str | None, new: str | None, *, context: int = CONTEXT_LINES) -> list[Line]:
    """Return what to change in one source to get the other, hunk by hunk; nothing where they are equal.

    A program without a source counts as an empty one.
    """
    lines = difflib.unified_diff(_lines(old), _lines(new), n=context, lineterm="")
    return [Line(text[:1], text if text.startswith("@@") else text[1:]) for text in lines][2:]


def changed(lines: list[Line]) -> tuple[int, int]:
    """Return how many lines a difference adds, and how many it takes away."""
    return sum(line.sign == "+" for line in lines), sum(line.sign == "-" for line in lines)


def _lines(source: str | None) -> list[str]:
    # Only what Python takes for the end of a line: a form feed or U+2028 in a string is a part of it.
    return [] if source is None else source.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n").split("\n")
