"""What extraction has to know of a specification, worked out once for each."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import lru_cache

from fsdb.problem.specification import LINE_END, Specification
from fsdb.samplers.extraction.source import FunctionText, bound_names, parse_trusted, returns_value


@dataclass(frozen=True)
class Parameter:
    """One parameter of a function; `kind` is "", "*", "keyword" or "**"; an optional one may be left out."""

    kind: str
    name: str
    optional: bool


@dataclass(frozen=True)
class Skeleton:
    """The evolved function as the specification has it, and the names that stand around it.

    `docstring` is as written (None where it has none), `returns_value` whether it returns one, `names` what
    the specification's top level binds, the evolved function's own name left out.
    """

    name: str
    header: str
    parameters: tuple[Parameter, ...]
    docstring: str | None
    returns_value: bool
    names: frozenset[str]

    @property
    def arguments(self) -> tuple[str, ...]:
        """The parameters' names in order."""
        return tuple(parameter.name for parameter in self.parameters)


@lru_cache(maxsize=16)
def skeleton_of(specification: Specification) -> Skeleton:
    """Return what extraction has to know of a specification."""
    evolve = specification.evolve
    seed = FunctionText.of(evolve.source).normalised()
    module = parse_trusted(LINE_END.sub("\n", specification.text))
    return Skeleton(
        name=evolve.name,
        header=evolve.header,
        parameters=tuple(parameters(seed.node.args)),
        docstring=seed.docstring,
        returns_value=returns_value(seed.node.body),
        names=frozenset(_bound_at_top(module.body)) - {evolve.name},
    )


def parameters(arguments: ast.arguments) -> list[Parameter]:
    """Return a function's parameters in the order in which they are written."""
    positional = [*arguments.posonlyargs, *arguments.args]
    required = len(positional) - len(arguments.defaults)
    found = [Parameter("", node.arg, number >= required) for number, node in enumerate(positional)]
    if arguments.vararg is not None:
        found.append(Parameter("*", arguments.vararg.arg, optional=True))
    for node, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        found.append(Parameter("keyword", node.arg, optional=default is not None))
    if arguments.kwarg is not None:
        found.append(Parameter("**", arguments.kwarg.arg, optional=True))
    return found


def _bound_at_top(body: list[ast.stmt]) -> set[str]:
    names: set[str] = set()
    for statement in body:
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add(statement.name)
        else:
            names |= bound_names(statement)
    return names
