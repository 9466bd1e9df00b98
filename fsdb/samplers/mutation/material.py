"""What proposals for one specification are made of: its language, its seed program and the parts of that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from fsdb.samplers.mutation import expressions as ex
from fsdb.samplers.mutation.expressions import Expression
from fsdb.samplers.mutation.language import Language, language_of
from fsdb.samplers.mutation.reading import Unreadable, read
from fsdb.samplers.mutation.statements import Block, sites, walk
from fsdb.samplers.mutation.types import ANY, NUMBER, Type, array, is_mask

if TYPE_CHECKING:
    from fsdb.problem.specification import Specification


@dataclass(frozen=True, eq=False)
class Material:
    """The language, the seed program's body (empty where it cannot be read), and its parts.

    `parts` are those expressions of the seed program that read nothing but arguments, each once.
    """

    language: Language
    seed: Block
    parts: tuple[Expression, ...]


def material_of(specification: Specification) -> Material:
    """Return the material of a specification."""
    language = language_of(specification)
    try:
        seed = read(specification.evolve.source, language)
        labels = _merged_labels(seed, language)
        if labels:
            language = replace(language, arguments=_relabelled(language.arguments, labels))
            seed = read(specification.evolve.source, language)
    except Unreadable:
        return Material(language, (), ())
    language = replace(language, returns=_returns(seed, language))
    return Material(language, seed, tuple(_parts(seed, language)))


def _merged_labels(seed: Block, language: Language) -> dict[str, str]:
    """Return for array arguments that the seed program combines elementwise the label that they share."""
    labels: dict[str, str] = {}
    for site in sites(seed):
        node = site.node
        shapes = [child.type.shape for child in node.children if child.type.kind == "array"]
        if node.lenient and len(set(shapes)) > 1 and set(shapes) <= set(language.arguments):
            first = labels.get(shapes[0], shapes[0])
            labels.update(dict.fromkeys(shapes, first))
    return labels


def _relabelled(arguments: Mapping[str, Type], labels: Mapping[str, str]) -> dict[str, Type]:
    return {
        name: array(type.of[0], labels.get(type.shape, type.shape)) if type.kind == "array" else type
        for name, type in arguments.items()
    }


def _returns(seed: Block, language: Language) -> Type:
    """Return the type that is asked for: as annotated, with what that leaves open as the seed has it."""
    returned = [s.expressions[0].type for _, s in walk(seed) if s.kind == "return"]
    known = [type for type in returned if type is not ANY]
    if not known:
        return language.returns
    if language.returns is ANY or (language.returns.kind == known[0].kind == "array"):
        type = known[0]
        return array(NUMBER, type.shape) if type.kind == "array" and not is_mask(type) else type
    return language.returns


def _parts(seed: Block, language: Language) -> Iterator[Expression]:
    seen: list[str] = []
    for site in sites(seed):
        names = [name for name, _ in site.node.free]
        of_arguments = all(name in language.arguments for name in names)
        if names and of_arguments and site.node.form is not ex.NAME and site.node.text not in seen:
            seen.append(site.node.text)
            yield site.node
