"""From a function in an answer to a program: named and called as the evolved function, all it uses inside."""

from __future__ import annotations

import ast
import builtins
import re

from fsdb.samplers.extraction.candidates import Candidate
from fsdb.samplers.extraction.pieces import Piece
from fsdb.samplers.extraction.skeleton import Parameter, Skeleton, parameters
from fsdb.samplers.extraction.source import (
    MAX_PROGRAM_BYTES,
    FunctionText,
    Parser,
    bound_names,
    mentioned_names,
    move_code,
)

_BUILTINS = frozenset(dir(builtins))
_MOVABLE = (
    ast.Import,
    ast.ImportFrom,
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Assign,
    ast.AnnAssign,
)


def assemble(candidate: Candidate, skeleton: Skeleton, parser: Parser) -> str | None:
    """Return the program that a candidate makes; None where it cannot take the evolved function's arguments.

    Raises one of UNPARSABLE where the changes to its text do not go together.
    """
    function = candidate.function.normalised()
    own_name = function.node.name
    called = _with_callable_header(_named(function, skeleton.name), skeleton)
    if called is None:
        return None
    if skeleton.docstring is not None and _says_only_improved(called.docstring, skeleton.name):
        called = called.with_docstring(skeleton.docstring)
    beside = _used(called, candidate, skeleton)
    if beside:
        lines = (_body_lines(piece, own_name, called.indent, skeleton.name) for piece in beside)
        called = called.with_lines_before_body("\n".join(lines))
    if len(called.text.encode()) > MAX_PROGRAM_BYTES or parser.function(called.text) is None:
        return None
    return called.text


def _named(function: FunctionText, name: str) -> FunctionText:
    """Return the function under another name, by which it calls itself where it does."""
    own_name = function.node.name
    if own_name not in bound_names(_body(function)):
        return function.renamed({own_name: name})
    return function.with_header(function.header.replace(own_name, name, 1))


def _with_callable_header(function: FunctionText, skeleton: Skeleton) -> FunctionText | None:
    """Return the function with a header under which the specification can call it; None where none will do.

    Its own header stays where its arguments are the specification's (further ones have defaults) and the
    specification knows all names in it. Else it gets the specification's header: as it is where the body
    reads no argument that the specification lacks, with the body's names changed where there are as many.
    """
    own = parameters(function.node.args)
    if _takes_the_same(own, skeleton) and _header_names(function.node) <= skeleton.names | _BUILTINS:
        return function
    body = _body(function)
    read, bound = mentioned_names(body), bound_names(body)
    names = [parameter.name for parameter in own]
    if not (set(names) - set(skeleton.arguments)) & read:
        return function.with_header(skeleton.header)
    if [p.kind for p in own] != [p.kind for p in skeleton.parameters]:
        return None
    changes = {old: new for old, new in zip(names, skeleton.arguments, strict=True) if old != new}
    passed_by_name = {node.arg for node in ast.walk(body) if isinstance(node, ast.keyword)}
    if set(changes.values()) & (read | bound | set(names)) or passed_by_name & set(changes):
        return None
    return function.renamed(changes).with_header(skeleton.header)


def _takes_the_same(own: list[Parameter], skeleton: Skeleton) -> bool:
    """Return whether parameters begin with the specification's, and those after them may be left out."""
    count = len(skeleton.parameters)
    same = [(p.kind, p.name) for p in own[:count]] == [(p.kind, p.name) for p in skeleton.parameters]
    return same and all(parameter.optional for parameter in own[count:])


def _header_names(node: ast.FunctionDef) -> set[str]:
    """Return the names that a function's header reads: of annotations and defaults."""
    return mentioned_names(node.args) | (mentioned_names(node.returns) if node.returns is not None else set())


def _says_only_improved(docstring: str | None, name: str) -> bool:
    """Return whether a docstring is the one that the prompt put there, which means nothing outside of it."""
    said = rf"[rR]?[\"']+\s*Improved version of `?{re.escape(name)}_v\d+`?\.?\s*[\"']+"
    return docstring is not None and re.fullmatch(said, docstring) is not None


def _used(function: FunctionText, candidate: Candidate, skeleton: Skeleton) -> list[Piece]:
    """Return what stood beside a function that it uses, by itself or by what it uses, in order.

    What the specification has itself stays the specification's, and an earlier version of the evolved
    function stays outside: calling one is for the evaluator to judge.
    """
    version = re.compile(rf"{re.escape(skeleton.name)}(?:_v\d+)?")
    by_name = {
        name: piece
        for piece in candidate.beside
        if isinstance(piece.node, _MOVABLE) and not _moves_nowhere(piece.node)
        for name in piece.names
        if name not in skeleton.names and version.fullmatch(name) is None
    }
    used: set[str] = set()
    waiting = mentioned_names(_body(function)) - function.bound_names()
    while waiting:
        name = waiting.pop()
        if name in by_name and name not in used:
            used.add(name)
            waiting |= mentioned_names(by_name[name].node)
    wanted = [by_name[name] for name in used]
    return [piece for piece in candidate.beside if any(piece is other for other in wanted)]


def _moves_nowhere(node: ast.stmt) -> bool:
    """Return whether a statement is an import that cannot stand in a function."""
    return isinstance(node, ast.ImportFrom) and (
        node.module == "__future__" or any(alias.name == "*" for alias in node.names)
    )


def _body_lines(piece: Piece, own_name: str, indent: str, name: str) -> str:
    """Return a piece as lines of a body, calling the evolved function by its name."""
    text = piece.text
    if piece.function is not None and own_name != name and own_name in mentioned_names(piece.node):
        text = piece.function.renamed({own_name: name}).text
    return move_code(text.rstrip("\n"), 0, indent)


def _body(function: FunctionText) -> ast.Module:
    return ast.Module(body=function.node.body, type_ignores=[])
