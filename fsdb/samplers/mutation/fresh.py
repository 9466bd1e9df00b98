"""Fresh random programs: they seed islands and restart them."""

from __future__ import annotations

import random

from fsdb.samplers.mutation import expressions as ex
from fsdb.samplers.mutation import statements as st
from fsdb.samplers.mutation.adjusting import adjustment
from fsdb.samplers.mutation.growing import Grower
from fsdb.samplers.mutation.material import Material
from fsdb.samplers.mutation.scope import Scope
from fsdb.samplers.mutation.statements import Block, Statement
from fsdb.samplers.mutation.types import ANY, BOOL, NUMBER, STR, is_scalar

_NAMES = ("score", "part", "weight", "shift", "bonus")
_TRIES = 3


def fresh(rng: random.Random, material: Material) -> Block | None:
    """Return the body of a random program; None where values of the type asked for cannot be made.

    One of three kinds: one expression; a few variables and an expression of them; or a variable that
    statements change one after the other.
    """
    language = material.language
    if language.returns.kind in ("any", "other", "pair") and material.seed:
        return None
    luck = rng.random()
    if luck < 0.35:
        return _expression(rng, material)
    adjustable = (
        is_scalar(language.returns) and language.returns is not BOOL
    ) or language.returns.kind == "array"
    if luck < 0.55 or not adjustable:
        return _variables(rng, material)
    return _adjusted(rng, material)


def _expression(rng: random.Random, material: Material) -> Block | None:
    scope = Scope(material.language)
    grown = Grower(rng, material, scope.visible()).grow(material.language.returns, rng.choice((2, 3, 3, 4)))
    return None if grown is None else (st.returning(grown),)


def _variables(rng: random.Random, material: Material) -> Block | None:
    scope = Scope(material.language)
    returns = material.language.returns
    own = returns if returns.kind in ("array", "sequence") or returns is STR else NUMBER
    block: list[Statement] = []
    for name in _free_names(material)[1 : rng.randint(2, 3) + 1]:
        wanted = own if rng.random() < 0.7 else NUMBER
        grown = Grower(rng, material, scope.visible()).grow(wanted, 2)
        if grown is None:
            return None
        _append(block, st.assign(name, grown), scope)
    near = tuple(name for statement in block for name in statement.targets)
    grower = Grower(rng, material, scope.visible(), near)
    tries = [grower.grow(returns, 3) for _ in range(_TRIES)]
    telling = [grown for grown in tries if grown is not None and near[-1] in dict(grown.free)]
    return (*block, st.returning(telling[0])) if telling else None


def _adjusted(rng: random.Random, material: Material) -> Block | None:
    scope = Scope(material.language)
    returns = material.language.returns
    target = _free_names(material)[0]
    start = ex.constant(0.0)
    if returns.kind == "array" or rng.random() < 0.4:
        grown = Grower(rng, material, scope.visible()).grow(returns, 2)
        if grown is None:
            return None
        start = grown
    block: list[Statement] = []
    _append(block, st.assign(target, start), scope)
    for _ in range(rng.choice((1, 1, 2, 2, 3))):
        changed = adjustment(Grower(rng, material, scope.visible()), target, owned=target in scope.owned)
        if changed is not None:
            _append(block, changed, scope)
    return (*block, st.returning(ex.name(target, scope.types.get(target, ANY))))


def _append(block: list[Statement], statement: Statement, scope: Scope) -> None:
    """Append a statement that is in order where it stands; types of if and for are taken in by settling."""
    entered = scope.enter(statement, strict=True)
    if entered is not None:
        block.append(entered)


def _free_names(material: Material) -> list[str]:
    return [name if name not in material.language.reserved else f"{name}_of_it" for name in _NAMES]
