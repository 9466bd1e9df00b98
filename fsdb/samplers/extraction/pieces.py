"""Code in an answer, cut into the statements of its top level, whether or not all of it parses."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from fsdb.samplers.extraction.source import (
    FunctionText,
    Parser,
    always_returns,
    bound_names,
    indentation,
    move_code,
    move_line,
)

DEFINITION = re.compile(r" *(?:async[ \t]+)?def[ \t]+(?P<name>\w+)[ \t]*\(")
"""A line that begins a function."""

_IMPORT = re.compile(r"(?:import|from)[ \t]+\w")
_MAX_ENDS = 60


@dataclass(frozen=True)
class Piece:
    """A statement that stood at the top level of an answer's code: its text at column 0, what it binds.

    `function` is the statement as a function, without decorators; None where it is none.
    """

    text: str
    node: ast.stmt
    names: frozenset[str]
    function: FunctionText | None


@dataclass(frozen=True)
class Code:
    """Some code of an answer: its pieces, and the names of the functions that it defines, broken ones too."""

    pieces: list[Piece]
    definitions: list[str]


def read_code(code: str, parser: Parser) -> Code:
    """Return the statements of some code; where it does not parse as a whole, its functions and imports."""
    code = _without_common_margin(code)
    tree = parser.parse(code)
    if tree is None:
        return Code(list(_fragments(code.split("\n"), parser)), defined_names(code))
    pieces = [piece for node in tree.body if (piece := _piece(code, node, parser)) is not None]
    return Code(pieces, [piece.function.node.name for piece in pieces if piece.function is not None])


def defined_names(text: str) -> list[str]:
    """Return the names that lines of a text define by `def`, whether or not anything of it parses."""
    return [match["name"] for line in text.split("\n") if (match := DEFINITION.match(line)) is not None]


def shortest_parsable(
    lines: list[str], start: int, opener: str, parser: Parser
) -> tuple[FunctionText, int] | None:
    """Return the function that the lines from `start` on make when put below `opener`, and where it ends.

    `opener` is the header above a body's lines, "" for a whole function's. It ends before the first line
    that is indented less than its first one (a whole function's: not more) so that it parses. Where there is
    no such end, it was cut off or is broken: then as many of its last lines are left out as must be, provided
    that what remains still returns whatever happens.
    """
    base = indentation(lines[start]) + (0 if opener else 1)
    ends = [
        number
        for number, line in enumerate(lines[start + 1 :], start + 1)
        if line.strip() and indentation(line) < base and not line.lstrip().startswith("#")
    ]
    ends = [*ends[:_MAX_ENDS], len(lines)]
    for end in dict.fromkeys(ends):
        function = _function(lines[start:end], opener, parser)
        if function is not None:
            return _trimmed(function, parser), end
    for end in range(ends[0] - 1, start, -1):
        if lines[end - 1].strip():
            function = _function(lines[start:end], opener, parser)
            if function is not None and always_returns(function.node.body):
                return _trimmed(function, parser), ends[0]
    return None


def _trimmed(function: FunctionText, parser: Parser) -> FunctionText:
    """Return a function without blank lines and comments at column 0 below it."""
    return parser.function(_slice(function.text, function.node)) or function


def _function(lines: list[str], opener: str, parser: Parser) -> FunctionText | None:
    if opener:
        return parser.function(opener + "\n" + "\n".join(lines))
    margin = indentation(lines[0])
    if margin == 0:
        return parser.function("\n".join(lines))
    text = "\n".join(lines)
    if parser.parse("if True:\n" + text) is None:
        return None
    return parser.function(move_code(text, margin, ""))


def _fragments(lines: list[str], parser: Parser) -> Iterator[Piece]:
    number = 0
    while number < len(lines):
        found = None
        if DEFINITION.match(lines[number]):
            found = shortest_parsable(lines, number, "", parser)
        if found is not None:
            function, number = found
            yield Piece(function.text, function.node, frozenset({function.node.name}), function)
            continue
        if _IMPORT.match(lines[number]):
            tree = parser.parse(lines[number])
            if tree is not None:
                yield from (p for node in tree.body if (p := _piece(lines[number], node, parser)) is not None)
        number += 1


def _piece(code: str, node: ast.stmt, parser: Parser) -> Piece | None:
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        text = _slice(code, node)
        function = parser.function(text) if isinstance(node, ast.FunctionDef) else None
        first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
        decorators = "".join(f"{line}\n" for line in code.split("\n")[first - 1 : node.lineno - 1])
        return Piece(decorators + text, node, frozenset({node.name}), function)
    segment = ast.get_source_segment(code, node)
    return None if segment is None else Piece(segment, node, frozenset(bound_names(node)), None)


def _slice(code: str, node: ast.stmt) -> str:
    """Return the lines of a definition without its decorators, with the indented comments below it."""
    lines = code.split("\n")
    end = last = node.end_lineno or node.lineno
    while end < len(lines) and (not lines[end].strip() or re.match(r"[ \t]+#", lines[end])):
        end += 1
        last = end if lines[end - 1].strip() else last
    return "\n".join(lines[node.lineno - 1 : last]) + "\n"


def _without_common_margin(code: str) -> str:
    lines = code.split("\n")
    margin = min((indentation(line) for line in lines if line.strip()), default=0)
    return "\n".join(move_line(line, -margin) for line in lines) if margin else code
