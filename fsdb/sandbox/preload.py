"""What a zygote imports before it is forked: a locked-down child can read no file, so no module either."""

from __future__ import annotations

import ast
import importlib
import sys
import types
from collections.abc import Callable, Iterator
from typing import Any

import numpy.random

# What programs import most, and what Python itself imports late: codecs, names outside ASCII, time formats.
USUAL_MODULES = (
    "_strptime",
    "array",
    "bisect",
    "calendar",
    "cmath",
    "collections",
    "collections.abc",
    "contextlib",
    "copy",
    "dataclasses",
    "datetime",
    "decimal",
    "encodings.ascii",
    "encodings.idna",
    "encodings.latin_1",
    "encodings.utf_16",
    "enum",
    "fractions",
    "functools",
    "graphlib",
    "hashlib",
    "heapq",
    "inspect",
    "itertools",
    "json",
    "keyword",
    "linecache",
    "math",
    "numbers",
    "numpy",
    "numpy.fft",
    "numpy.lib.stride_tricks",
    "numpy.linalg",
    "numpy.ma",
    "numpy.polynomial",
    "numpy.random",
    "numpy.typing",
    "operator",
    "pprint",
    "queue",
    "random",
    "re",
    "statistics",
    "string",
    "struct",
    "textwrap",
    "threading",
    "time",
    "traceback",
    "types",
    "typing",
    "unicodedata",
    "warnings",
)


class PreloadError(Exception):
    """An import at the top of the specification fails; the message names it and the reason."""


def install_funsearch(data: dict[str, Any]) -> None:
    """Make `import funsearch` give a module whose marks leave a function as it is, and which holds `data`.

    The marks serve as `@funsearch.run` and as `@funsearch.run(...)`.
    """
    module = types.ModuleType(
        "funsearch", "The marks of a specification: which function runs, which evolves, which verifies."
    )
    for name in ("run", "evolve", "verify"):
        setattr(module, name, _mark)
    module.data = data  # type: ignore[attr-defined]
    sys.modules["funsearch"] = module


def _mark(function: Callable[..., Any] | None = None, **_: object) -> Any:
    """Return the function marked, or, when called with options, what marks one."""
    return function if callable(function) else lambda marked: marked


def preload(specification: str) -> None:
    """Import what programs usually need and what `specification` imports anywhere.

    Raises PreloadError when an import at the top level of the file fails; one inside a function or a
    `try` may fail here as it may there.
    """
    for name in USUAL_MODULES:
        importlib.import_module(name)
    tree = ast.parse(specification)
    needed = {id(node) for node in tree.body}
    for node in _imports(tree):
        try:
            _execute(node)
        except BaseException as error:
            if id(node) in needed:
                raise PreloadError(f"`{ast.unparse(node)}` fails: {type(error).__name__}: {error}") from error


def fix_chance() -> None:
    """Have a program that draws numbers without a seed of its own draw the same ones each time.

    numpy's shared generator keeps its state over a fork; Python's does not, and is seeded by each child.
    """
    numpy.random.seed(0)


def _imports(tree: ast.Module) -> Iterator[ast.Import | ast.ImportFrom]:
    """Yield each import statement of the file, wherever it stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom | ast.Import):
            yield node


def _execute(node: ast.stmt) -> None:
    """Run one import statement, in a namespace of its own."""
    if isinstance(node, ast.ImportFrom) and node.module == "__future__":
        return
    exec(compile(ast.Module([node], []), "<import>", "exec"), {"__name__": "specification"})
