"""Programs as numbered versions of the evolved function, worst first, as FunSearch shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fsdb.problem.specification import EvolvedFunction
from fsdb.samplers.base import Parent
from fsdb.samplers.extraction.source import FunctionText, bound_names


@dataclass(frozen=True)
class Version:
    """A version to show: its name, its text under that name, and its score (None for the seed program)."""

    name: str
    source: str
    score: float | None


@dataclass(frozen=True)
class Versions:
    """The versions to show, worst first, and the header and docstring of the one that is asked for."""

    shown: tuple[Version, ...]
    next_name: str
    next_header: str
    next_docstring: str


def versions_of(evolve: EvolvedFunction, parents: Sequence[Parent]) -> Versions:
    """Return parents (in prompt order) as versions `_v0`, `_v1`, …; without any, the seed program as `_v0`.

    The first bears the specification's docstring, each later one says that it improves on the one before.
    """
    sources: list[tuple[str, float | None]] = [(parent.source, parent.score) for parent in parents]
    if not evolve.header:
        return _versions_of_blocks(sources or [(evolve.source, None)])
    shown = tuple(
        Version(f"{evolve.name}_v{number}", as_version(source, evolve, number), score)
        for number, (source, score) in enumerate(sources or [(evolve.source, None)])
    )
    next_name = f"{evolve.name}_v{len(shown)}"
    return Versions(
        shown=shown,
        next_name=next_name,
        next_header=evolve.header.replace(evolve.name, next_name, 1),
        next_docstring=_improved(evolve.name, len(shown)),
    )


def _versions_of_blocks(sources: Sequence[tuple[str, float | None]]) -> Versions:
    """Return versions whose text is as it is: blocks have no name, and no header."""
    shown = tuple(
        Version(f"version {number}", source, score) for number, (source, score) in enumerate(sources)
    )
    return Versions(shown=shown, next_name=f"version {len(shown)}", next_header="", next_docstring="")


def as_version(source: str, evolve: EvolvedFunction, number: int) -> str:
    """Return a program's text under its version's name, by which it also calls itself."""
    name = evolve.name
    function = FunctionText.of(source).normalised()
    version = f"{name}_v{number}"
    if any(name in bound_names(statement) for statement in function.node.body):
        function = function.with_header(function.header.replace(name, version, 1))
    else:
        function = function.renamed({name: version})
    docstring: str | None = _improved(name, number)
    if number == 0:
        docstring = FunctionText.of(evolve.source).normalised().docstring
    return function.text if docstring is None else function.with_docstring(docstring).text


def _improved(name: str, number: int) -> str:
    return f'"""Improved version of `{name}_v{number - 1}`."""'
