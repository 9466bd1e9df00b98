"""Whether a program calls one of its ancestors, the versions of the function that its prompt showed."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

_LOOK_UPS = frozenset(
    ("eval", "exec", "compile", "getattr", "attrgetter", "get", "pop", "__getitem__", "__getattribute__")
)


def called_ancestor(program: ast.Module, name: str) -> str | None:
    """Return the first ancestor that `program`, a parsed program of function `name`, refers to, or None.

    An ancestor is `name` with `_v` and digits after it. It is referred to by its name (called or not), as an
    attribute, or in a string that looks something up: `globals()["f_v0"]`, `getattr(here, "f_v0")`,
    `eval("f_v0(1)")`. Names that the program itself binds are its own, and so is `name`.
    """
    ancestor = re.compile(rf"\b{re.escape(name)}_v[0-9]+\b")
    bound = set(_bound_names(program))
    for node in ast.walk(program):
        if isinstance(node, ast.Name):
            referred = [] if node.id in bound else [node.id]
        elif isinstance(node, ast.Attribute):
            referred = [node.attr]
        elif isinstance(node, ast.Subscript):
            referred = _strings(node.slice)
        elif isinstance(node, ast.Call):
            referred = _strings(*node.args) if _looks_up(node.func) else []
        else:
            continue
        for text in referred:
            found = ancestor.search(text)
            if found:
                return found.group()
    return None


def _strings(*nodes: ast.expr) -> list[str]:
    """Return those of `nodes` that are string literals, as text."""
    return [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def _looks_up(function: ast.expr) -> bool:
    """Whether a call of `function` finds by a string what the string names."""
    if isinstance(function, ast.Name):
        return function.id in _LOOK_UPS
    return isinstance(function, ast.Attribute) and function.attr in _LOOK_UPS


def _bound_names(program: ast.Module) -> Iterator[str]:
    """Yield each name that the program binds: variables, arguments, functions, classes, imports."""
    for node in ast.walk(program):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.alias):
            yield node.asname or node.name
