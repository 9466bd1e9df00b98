"""Answers that are a function's body alone, and how it is put below the evolved function's header."""

from __future__ import annotations

from fsdb.samplers.extraction.pieces import DEFINITION, shortest_parsable
from fsdb.samplers.extraction.skeleton import Skeleton
from fsdb.samplers.extraction.source import (
    INDENT,
    FunctionText,
    Parser,
    indentation,
    move_code,
    returns_value,
)

_MAX_STARTS = 30


def body_at_start(text: str, skeleton: Skeleton, parser: Parser) -> FunctionText | None:
    """Return the function whose body begins an answer and is indented: the form of a completion.

    The body ends where the indentation does: at a following `def`, prose, or the file's main guard.
    """
    lines = _without_blank_ends(text)
    if not lines or indentation(lines[0]) == 0:
        return None
    return _first_of([lines, _with_first_line_aligned(lines)], skeleton, parser)


def body_of_block(code: str, skeleton: Skeleton, parser: Parser) -> FunctionText | None:
    """Return the function whose body a block of code is, at any indentation, its first line's lost or not."""
    lines = _without_blank_ends(code)
    if not lines:
        return None
    if indentation(lines[0]) > 0:
        return _first_of([lines, _with_first_line_aligned(lines)], skeleton, parser)
    code = "\n".join(lines)
    whole = parser.parse(code) is not None
    moved = move_code(code, 0, INDENT).split("\n") if whole else [INDENT + line for line in lines]
    return _first_of([moved, _with_first_line_aligned(lines)], skeleton, parser)


def body_in_prose(text: str, skeleton: Skeleton, parser: Parser) -> FunctionText | None:
    """Return the function whose body is an answer, or the first indented stretch of it that is one."""
    function = body_of_block(text, skeleton, parser)
    if function is not None:
        return function
    lines = text.split("\n")
    indented = [bool(line.strip()) and indentation(line) > 0 for line in lines]
    starts = [number for number in range(1, len(lines)) if indented[number] and not indented[number - 1]]
    for start in starts[:_MAX_STARTS]:
        function = _indented_body(lines, start, skeleton, parser)
        if function is not None:
            return function
    return None


def _first_of(attempts: list[list[str]], skeleton: Skeleton, parser: Parser) -> FunctionText | None:
    for lines in attempts:
        function = _indented_body(lines, 0, skeleton, parser) if lines else None
        if function is not None:
            return function
    return None


def _with_first_line_aligned(lines: list[str]) -> list[str]:
    """Return lines with the first one, whose indentation may be lost, as far in as the least of the others.

    Nothing where no other line is indented.
    """
    margins = [indentation(line) for line in lines[1:] if line.strip() and indentation(line) > 0]
    return [" " * min(margins) + lines[0].lstrip(), *lines[1:]] if margins else []


def _indented_body(lines: list[str], start: int, skeleton: Skeleton, parser: Parser) -> FunctionText | None:
    """Return the function whose body the indented lines from `start` on are; None where they are none."""
    if DEFINITION.match(lines[start]) and skeleton.name in lines[start]:
        return None
    found = shortest_parsable(lines, start, skeleton.header, parser)
    if found is None:
        return None
    function = found[0]
    if skeleton.returns_value and not returns_value(function.node.body):
        return None
    body = function.text[len(skeleton.header) + 1 :]
    if indentation(body) != len(INDENT):
        body = move_code(body, indentation(body), INDENT)
    whole = parser.function(f"{skeleton.header}\n{body.rstrip()}\n")
    if whole is not None and whole.docstring is None and skeleton.docstring is not None:
        return whole.with_docstring(skeleton.docstring)
    return whole


def _without_blank_ends(text: str) -> list[str]:
    lines = text.split("\n")
    filled = [number for number, line in enumerate(lines) if line.strip()]
    return lines[filled[0] : filled[-1] + 1] if filled else []
