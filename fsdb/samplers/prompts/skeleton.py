"""The specification as a model is to see it: without what is meant for fsdb alone."""

from __future__ import annotations

import ast
import re
from functools import lru_cache

from fsdb.problem.blocks import BETWEEN
from fsdb.problem.constants import NAMES
from fsdb.problem.specification import LINE_END, Specification
from fsdb.samplers.extraction.source import (
    INDENT,
    FunctionText,
    bound_names,
    mentioned_names,
    parse_trusted,
)

_MANY_BLANK_LINES = re.compile(r"\n(?:[ \t]*\n){3,}")


@lru_cache(maxsize=16)
def text_above(specification: Specification) -> str:
    """Return the specification's lines above the evolved function, blank ones around left out."""
    if specification.blocks:
        return specification.text[: specification.start].strip("\n")
    return _tidy(_shown_lines(specification)[0])


@lru_cache(maxsize=16)
def text_with_gap(specification: Specification) -> str:
    """Return the specification with "..." for the evolved function's body, and without its own docstring."""
    if specification.blocks:
        return specification.render(BETWEEN.join(["...\n"] * len(specification.blocks))).strip("\n")
    above, below = _shown_lines(specification, with_docstring=False)
    seed = FunctionText.of(specification.evolve.source).normalised()
    docstring = [INDENT + seed.docstring] if seed.docstring is not None else []
    return _tidy([*above, specification.evolve.header, *docstring, f"{INDENT}...", *below])


@lru_cache(maxsize=16)
def import_lines(specification: Specification) -> tuple[str, ...]:
    """Return the imports at the specification's top level as written, that of funsearch left out."""
    text = LINE_END.sub("\n", specification.text)
    return tuple(
        ast.get_source_segment(text, node) or ""
        for node in parse_trusted(text).body
        if isinstance(node, (ast.Import, ast.ImportFrom)) and not _funsearch_names(node)
    )


def _shown_lines(specification: Specification, *, with_docstring: bool = True) -> tuple[list[str], list[str]]:
    """Return the lines above the evolved function, and those below it, that are not for fsdb alone.

    For fsdb alone are the import of funsearch, its decorators and the evolved function's, and the constants
    that hold inputs and baselines: a baseline would give a good program away.
    """
    text = LINE_END.sub("\n", specification.text)
    body = parse_trusted(text).body
    place = specification.render_with_lines(specification.evolve.source)[1]
    marks = {"funsearch"}.union(*(_funsearch_names(node) for node in body))
    hidden: set[int] = set()
    if not with_docstring and ast.get_docstring(ast.Module(body, [])) is not None:
        hidden |= _lines(body[0])
    for node in body:
        if _funsearch_names(node) or _is_setting(node):
            hidden |= _lines(node)
        if isinstance(node, ast.FunctionDef):
            for decorator in node.decorator_list:
                if node.lineno == place.start or mentioned_names(decorator) & marks:
                    hidden |= _lines(decorator)
    numbered = [pair for pair in enumerate(text.split("\n"), start=1) if pair[0] not in hidden]
    above = [line for number, line in numbered if number < place.start]
    return above, [line for number, line in numbered if number >= place.stop]


def _funsearch_names(node: ast.stmt) -> set[str]:
    """Return the names under which a statement imports funsearch or what it holds."""
    if isinstance(node, ast.ImportFrom) and node.module == "funsearch":
        return bound_names(node)
    if isinstance(node, ast.Import) and any(alias.name == "funsearch" for alias in node.names):
        return bound_names(node)
    return set()


def _is_setting(node: ast.stmt) -> bool:
    return isinstance(node, (ast.Assign, ast.AnnAssign)) and bool(bound_names(node) & set(NAMES))


def _lines(node: ast.stmt | ast.expr) -> set[int]:
    return set(range(node.lineno, (node.end_lineno or node.lineno) + 1))


def _tidy(lines: list[str]) -> str:
    """Return lines as a text without blank ones around it and with no more than two in a row."""
    return _MANY_BLANK_LINES.sub("\n\n\n", "\n".join(lines)).strip("\n")
