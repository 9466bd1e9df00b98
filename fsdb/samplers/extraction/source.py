"""A function as text: guarded parsing, renaming, indentation, docstrings. Nothing here is executed.

Text is sliced rather than unparsed, so that comments and layout survive. Line numbers count from 1, columns
are UTF-8 bytes, both as syntax trees have them; lines end with "\\n".
"""

from __future__ import annotations

import ast
import io
import token
import tokenize
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

MAX_PROGRAM_BYTES = 64 * 1024
"""The longest program taken from an answer."""

INDENT = "    "

UNPARSABLE = (SyntaxError, ValueError, RecursionError, MemoryError, tokenize.TokenError)
"""What parsing and walking a hostile text may raise."""


class OutOfBudgetError(ValueError):
    """A text would take too long to make sense of."""


class Parser:
    """Parses at most `budget` characters altogether, so that no text can keep the caller for long."""

    def __init__(self, budget: int = 1_000_000) -> None:
        self._budget = budget

    def parse(self, text: str) -> ast.Module | None:
        """Return the syntax tree; None for what does not parse or is longer than a program may be.

        Raises OutOfBudgetError when the budget is spent.
        """
        self._budget -= len(text)
        if self._budget < 0:
            raise OutOfBudgetError
        if len(text) > MAX_PROGRAM_BYTES:
            return None
        try:
            return parse_trusted(text)
        except UNPARSABLE:
            return None

    def function(self, text: str) -> FunctionText | None:
        """Return `text` as a function when it is one, at column 0, and nothing more."""
        tree = self.parse(text)
        if tree is None or len(tree.body) != 1 or not isinstance(tree.body[0], ast.FunctionDef):
            return None
        return FunctionText(text, tree.body[0])


def parse_trusted(text: str) -> ast.Module:
    """Return the syntax tree of a text without warnings; raises one of UNPARSABLE."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text)


@dataclass(frozen=True)
class FunctionText:
    """One function's text at column 0 without decorators, and its syntax tree."""

    text: str
    node: ast.FunctionDef

    @classmethod
    def of(cls, text: str) -> FunctionText:
        """Return a trusted text as a function; raises ValueError where it is none."""
        function = Parser().function(text)
        if function is None:
            raise ValueError("not the text of one function")
        return function

    @property
    def header(self) -> str:
        """The text from `def` to the colon that opens the body."""
        return self._split()[0]

    def _split(self) -> tuple[str, str]:
        """Return the header, and what follows it."""
        depth = lambdas = 0
        for item in tokenize.generate_tokens(io.StringIO(self.text).readline):
            if item.string in ("(", "[", "{"):
                depth += 1
            elif item.string in (")", "]", "}"):
                depth -= 1
            elif depth == 0 and item.string == "lambda":
                lambdas += 1
            elif depth == 0 and item.string == ":":
                if lambdas == 0:
                    line, column = item.end
                    lines = self.text.split("\n")
                    header = "\n".join([*lines[: line - 1], lines[line - 1][:column]])
                    return header, self.text[len(header) :]
                lambdas -= 1
        raise ValueError("a function without a header")

    def normalised(self) -> FunctionText:
        """Return the function with its body on lines of its own and one line end after it."""
        header, rest = self._split()
        first_line = rest.partition("\n")[0].strip()
        if first_line and not first_line.startswith("#"):
            rest = "\n" + INDENT + rest.lstrip()
        text = header + rest.rstrip() + "\n"
        return self if text == self.text else FunctionText.of(text)

    @property
    def indent(self) -> str:
        """The white space before the statements of the body (of a normalised function)."""
        first = self.node.body[0]
        return self.text.split("\n")[first.lineno - 1].encode()[: first.col_offset].decode()

    @property
    def docstring(self) -> str | None:
        """The docstring as written, quotes and all, for a body indented by four spaces; else None."""
        node = self._docstring_node
        if node is None:
            return None
        lines = (ast.get_source_segment(self.text, node) or "").split("\n")
        moved = (move_line(line, -len(self.indent), INDENT) for line in lines[1:])
        return "\n".join([lines[0], *moved])

    @property
    def _docstring_node(self) -> ast.expr | None:
        first = self.node.body[0]
        if (
            isinstance(first, ast.Expr)
            and isinstance(first.value, ast.Constant)
            and isinstance(first.value.value, str)
        ):
            return first.value
        return None

    def with_header(self, header: str) -> FunctionText:
        """Return the function with another header (which ends with the colon)."""
        return FunctionText.of(header + self._split()[1])

    def with_docstring(self, docstring: str) -> FunctionText:
        """Return a normalised function with this docstring (as `docstring` gives it), replaced or put in."""
        moved = "\n".join(
            line if number == 0 else move_line(line, -len(INDENT), self.indent)
            for number, line in enumerate(docstring.split("\n"))
        )
        old = self._docstring_node
        if old is not None:
            start = position(self.text, old.lineno, old.col_offset)
            end = position(self.text, old.end_lineno or 0, old.end_col_offset or 0)
            return FunctionText.of(self.text[:start] + moved + self.text[end:])
        return self.with_lines_before_body(self.indent + moved + "\n")

    def with_lines_before_body(self, lines: str) -> FunctionText:
        """Return a normalised function with whole lines put at the start of its body, after its docstring."""
        header, rest = self._split()
        node = self._docstring_node
        line = header.count("\n") + 1 if node is None else node.end_lineno or 0
        all_lines = (header + rest).split("\n")
        return FunctionText.of("\n".join([*all_lines[:line], lines.rstrip("\n"), *all_lines[line:]]))

    def bound_names(self) -> set[str]:
        """Return every name that the function binds in any scope in it, its arguments included."""
        return bound_names(self.node)

    def renamed(self, names: Mapping[str, str]) -> FunctionText:
        """Return the function with names replaced: its own, and what its code reads or binds by that name.

        Attributes, keywords and texts stay. A name in an f-string is replaced where its place is known
        (from Python 3.12 on always).
        """
        places = [
            (node.lineno, node.col_offset, node.id)
            for node in ast.walk(self.node)
            if isinstance(node, ast.Name) and node.id in names
        ]
        places += [
            (node.lineno, node.col_offset, node.arg)
            for node in ast.walk(self.node)
            if isinstance(node, ast.arg) and node.arg in names
        ]
        lines = [line.encode() for line in self.text.split("\n")]
        for line, column, name in sorted(set(places), reverse=True):
            old = lines[line - 1]
            if old[column : column + len(name.encode())] == name.encode():
                lines[line - 1] = old[:column] + names[name].encode() + old[column + len(name.encode()) :]
        text = "\n".join(line.decode() for line in lines)
        if self.node.name in names:
            before, _, after = text.partition(self.node.name)
            text = before + names[self.node.name] + after
        return FunctionText.of(text)


def bound_names(tree: ast.AST) -> set[str]:
    """Return every name that code binds, in any scope in it."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            names.add(node.id)
        elif isinstance(node, ast.arg):
            names.add(node.arg)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            names.update(alias.asname or alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)) and node.name:
            names.add(node.name)
    return names


def mentioned_names(tree: ast.AST) -> set[str]:
    """Return every name that stands in code as a variable, read or bound."""
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def own_statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements of a body and of its blocks, without those of functions and classes in it."""
    waiting = list(reversed(body))
    while waiting:
        statement = waiting.pop()
        yield statement
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            continue
        for child in ast.iter_child_nodes(statement):
            if isinstance(child, ast.stmt):
                waiting.append(child)
            elif isinstance(child, (ast.ExceptHandler, ast.match_case)):
                waiting.extend(child.body)


def returns_value(body: list[ast.stmt]) -> bool:
    """Return whether a function with this body returns a value somewhere."""
    return any(
        isinstance(statement, ast.Return) and statement.value is not None
        for statement in own_statements(body)
    )


def always_returns(body: list[ast.stmt]) -> bool:
    """Return whether a body surely ends in a `return` with a value or a `raise`, as far as its form tells."""
    last = body[-1] if body else None
    if isinstance(last, ast.Return):
        return last.value is not None
    if isinstance(last, ast.Raise):
        return True
    if isinstance(last, ast.If):
        return always_returns(last.body) and always_returns(last.orelse)
    if isinstance(last, (ast.With, ast.AsyncWith)):
        return always_returns(last.body)
    if isinstance(last, ast.Try):
        handlers = all(always_returns(handler.body) for handler in last.handlers)
        return always_returns(last.finalbody) or (always_returns(last.orelse or last.body) and handlers)
    return False


def indentation(line: str) -> int:
    """Return how many white-space characters begin a line."""
    return len(line) - len(line.lstrip(" \t\f"))


def move_line(line: str, by: int, prefix: str = "") -> str:
    """Return a line with up to -`by` characters of its indentation taken off and `prefix` put before it."""
    if not line.strip():
        return ""
    return prefix + line[min(-by, indentation(line)) :]


def move_code(code: str, remove: int, prefix: str) -> str:
    """Return code with `remove` characters of indentation taken off each line and `prefix` put before it.

    The lines inside texts of several lines stay as they are, docstrings excepted. Raises one of UNPARSABLE
    where the code does not parse.
    """
    fixed = _lines_inside_texts(code)
    return "\n".join(
        line if number in fixed else move_line(line, -remove, prefix)
        for number, line in enumerate(code.split("\n"), start=1)
    )


def _lines_inside_texts(code: str) -> set[int]:
    """Return the lines of code that begin inside a text that is no docstring."""
    opener = "if True:\n" if code[:1] in (" ", "\t") else ""
    shift = opener.count("\n")
    inside: set[int] = set()
    start_of_statement = True
    for item in tokenize.generate_tokens(io.StringIO(opener + code + "\n").readline):
        is_text = item.type == token.STRING or token.tok_name[item.type] == "FSTRING_MIDDLE"
        if is_text and not (start_of_statement and item.type == token.STRING):
            inside.update(range(item.start[0] + 1 - shift, item.end[0] + 1 - shift))
        start_of_statement = item.type in (token.NEWLINE, token.INDENT, token.DEDENT, token.NL)
    return inside


def position(text: str, line: int, column_bytes: int) -> int:
    """Return the place in characters of what a syntax tree places by line and UTF-8 byte."""
    lines = text.split("\n")
    before = sum(len(earlier) + 1 for earlier in lines[: line - 1])
    return before + len(lines[line - 1].encode()[:column_bytes].decode())
