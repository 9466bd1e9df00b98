"""Answers that tell changes: blocks of lines to search for, and of lines that stand in their place."""

from __future__ import annotations

import re

from fsdb.samplers.extraction.source import MAX_PROGRAM_BYTES

_SEARCH = re.compile(r"<{5,9} ?SEARCH\s*")
_DIVIDER = re.compile(r"={5,9}\s*")
_REPLACE = re.compile(r">{5,9} ?REPLACE\s*")


def tells_changes(answer: str) -> bool:
    """Return whether an answer holds a block of changes, whole or not."""
    return any(_SEARCH.fullmatch(line.strip()) for line in answer.split("\n"))


def apply_changes(answer: str, text: str) -> str | None:
    """Return a text with the changes of an answer, one after the other; None where one does not fit.

    What is searched for must be there, line by line but for blanks at the ends of lines; where it is there
    several times, the first one is meant. A block that is cut off at the answer's end fits nothing.
    """
    blocks = _blocks(answer)
    if not blocks:
        return None
    lines = text.rstrip("\n").split("\n")
    for search, replacement in blocks:
        place = _place(search, lines)
        if place is None:
            return None
        lines[place : place + len(search)] = replacement
        if sum(map(len, lines)) > MAX_PROGRAM_BYTES:
            return None
    return "\n".join(lines) + "\n"


def _blocks(answer: str) -> list[tuple[list[str], list[str]]] | None:
    """Return the blocks of an answer, what to search for and its replacement; None where one is not whole."""
    blocks: list[tuple[list[str], list[str]]] = []
    search: list[str] = []
    replacement: list[str] = []
    within: list[str] | None = None
    for line in answer.split("\n"):
        mark = line.strip()
        if _SEARCH.fullmatch(mark):
            if within is not None:
                return None
            search, replacement = [], []
            within = search
        elif within is search and within is not None and _DIVIDER.fullmatch(mark):
            within = replacement
        elif within is replacement and within is not None and _REPLACE.fullmatch(mark):
            blocks.append((search, replacement))
            within = None
        elif within is not None:
            within.append(line)
    return None if within is not None else blocks


def _place(search: list[str], lines: list[str]) -> int | None:
    """Return the first line at which these lines stand; None where they are none, or not there."""
    wanted = [line.rstrip() for line in search]
    if not any(wanted):
        return None
    there = [line.rstrip() for line in lines]
    for place in range(len(there) - len(wanted) + 1):
        if there[place] == wanted[0] and there[place : place + len(wanted)] == wanted:
            return place
    return None
