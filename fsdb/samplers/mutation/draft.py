"""A program on its way to becoming another: what every operator works on."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from fsdb.samplers.mutation import expressions as ex
from fsdb.samplers.mutation.expressions import Expression
from fsdb.samplers.mutation.forms import INDEX
from fsdb.samplers.mutation.growing import Grower
from fsdb.samplers.mutation.language import Language
from fsdb.samplers.mutation.material import Material
from fsdb.samplers.mutation.scope import Scope, scope_at
from fsdb.samplers.mutation.statements import (
    Block,
    Site,
    Statement,
    StatementPath,
    depth,
    loop_depth,
    names_in,
    render,
    sites,
    size,
    statement_at,
    walk,
)
from fsdb.samplers.mutation.types import Type

_VARIABLES = ("score", "bonus", "part", "weight", "shift", "value", "extra", "base", "term", "other")


@dataclass(frozen=True, eq=False)
class Program:
    """A settled body with what operators look up in it, found once."""

    block: Block
    _scopes: dict[StatementPath, Scope] = field(default_factory=dict)

    def scope(self, path: StatementPath, language: Language) -> Scope:
        """Return what is known just before a statement; not to be changed."""
        if path not in self._scopes:
            self._scopes[path] = scope_at(self.block, path, language)
        return self._scopes[path]

    @cached_property
    def sites(self) -> list[Site]:
        """The place of every expression."""
        return sites(self.block)

    @cached_property
    def statements(self) -> list[tuple[StatementPath, Statement]]:
        """Every statement with its path."""
        return list(walk(self.block))

    @cached_property
    def literals(self) -> list[int | float]:
        """The numbers in it."""
        values = [site.node.value for site in self.sites if site.node.form is ex.CONSTANT]
        return [v for v in values if isinstance(v, int | float) and not isinstance(v, bool) and v != 0]

    @cached_property
    def text(self) -> str:
        """The body's text."""
        return "\n".join(render(self.block, " "))

    @cached_property
    def size(self) -> int:
        """How many nodes it has."""
        return size(self.block)

    @cached_property
    def depth(self) -> int:
        """How deeply it is nested."""
        return depth(self.block)

    @cached_property
    def loops(self) -> int:
        """How many loops stand inside one another at most."""
        return loop_depth(self.block)

    @property
    def lines(self) -> int:
        """How many lines it has."""
        return self.text.count("\n") + 1

    @cached_property
    def names(self) -> set[str]:
        """Every name in it; for membership only."""
        return names_in(self.block)


@dataclass(frozen=True, eq=False)
class Draft:
    """The program to change, the others in the prompt, and the chance to change it by."""

    rng: random.Random
    material: Material
    program: Program
    mates: Sequence[Program] = field(default=())

    def scope(self, path: StatementPath) -> Scope:
        """Return what is known just before a statement."""
        return self.program.scope(path, self.material.language)

    def visible(self, site: Site) -> dict[str, Type]:
        """Return the variables that an expression at a site may use."""
        root = statement_at(self.program.block, site.statement).expressions[site.number]
        return {**self.scope(site.statement).visible(), **ex.bound_at(root, site.path)}

    def grower(self, types: dict[str, Type]) -> Grower:
        """Return a grower of expressions out of these variables."""
        return Grower(self.rng, self.material, types, (), self.program.literals)

    def grower_at(self, site: Site) -> Grower:
        """Return a grower for a site, which likes the loop variables there."""
        root = statement_at(self.program.block, site.statement).expressions[site.number]
        bound = ex.bound_at(root, site.path)
        types = {**self.scope(site.statement).visible(), **bound}
        return Grower(self.rng, self.material, types, tuple(bound), self.program.literals)

    def indexed(self, site: Site) -> str | None:
        """Return the name of the sequence that the expression at a site is the index of, if it is one."""
        if not site.path or site.path[-1] != 1:
            return None
        root = statement_at(self.program.block, site.statement).expressions[site.number]
        around = ex.at(root, site.path[:-1])
        of = around.children[0]
        return (
            str(of.value)
            if around.form is INDEX and of.form is ex.NAME and of.type.kind == "sequence"
            else None
        )

    def new_name(self, taken: Sequence[str] = ()) -> str:
        """Return a name for a new variable."""
        free = self.material.language.reserved
        for name in (*_VARIABLES, *(f"value_{number}" for number in range(2, 100))):
            if name not in free and name not in self.program.names and name not in taken:
                return name
        raise AssertionError("a program of bounded size uses fewer names")

    def pick_site(self, suits: object = None) -> Site | None:
        """Return a site drawn uniformly from those that suit, None where there is none."""
        found = self.program.sites if suits is None else [s for s in self.program.sites if suits(s.node)]  # type: ignore[operator]
        return self.rng.choice(found) if found else None


def local_to(node: Expression, bound: dict[str, Type]) -> bool:
    """Whether an expression reads loop variables of a comprehension around it."""
    return any(name in bound for name, _ in node.free)
