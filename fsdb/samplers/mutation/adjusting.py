"""New statements that change a variable: what `insert` inserts, and what fresh programs are built of."""

from __future__ import annotations

from fsdb.samplers.mutation import expressions as ex
from fsdb.samplers.mutation import forms as fm
from fsdb.samplers.mutation import numpy_idioms
from fsdb.samplers.mutation import sequence_idioms as seq
from fsdb.samplers.mutation import statements as st
from fsdb.samplers.mutation.expressions import Expression
from fsdb.samplers.mutation.growing import Grower
from fsdb.samplers.mutation.statements import Statement
from fsdb.samplers.mutation.types import BOOL, FLOAT, Type, is_numeric_array, is_scalar


def adjustment(grower: Grower, target: str, *, owned: bool, loops: bool = True) -> Statement | None:
    """Return a statement that changes the variable `target`, None where nothing can be made for its type.

    `owned` says that an array may be changed in place, `loops` that the statement may be a loop.
    """
    type = grower.types[target]
    if is_numeric_array(type):
        return _array_adjustment(grower, target, owned=owned)
    if type is BOOL or not is_scalar(type):
        return _replacement(grower, target)
    return _number_adjustment(grower, target, loops=loops)


def _replacement(grower: Grower, target: str) -> Statement | None:
    new = grower.grow(grower.types[target], 2)
    return None if new is None else st.conditional(grower.truth(2), (st.assign(target, new),))


def _number_adjustment(grower: Grower, target: str, *, loops: bool) -> Statement:
    luck = grower.rng.random()
    if luck < 0.35:
        return _augmented(grower, target, 2, telling=True)
    if luck < 0.65 or not loops:
        otherwise = (_augmented(grower, target, 1),) if grower.rng.random() < 0.2 else ()
        return st.conditional(_telling(grower, 2), (_augmented(grower, target, 1),), otherwise)
    return loop(grower, target)


def loop(grower: Grower, target: str) -> Statement:
    """Return a loop that adds to a number."""
    names, iterable = seq.loop(grower)
    inner = grower.inside(names, iterable)
    step = _augmented(inner, target, 2, telling=True)
    if grower.rng.random() < 0.5:
        step = st.conditional(_telling(inner, 1), (_augmented(inner, target, 1),))
    return st.loop(names, iterable, (step,))


def _telling(grower: Grower, depth: int) -> Expression:
    """Return a condition that is not the same for all inputs, as far as that can be told."""
    condition = grower.truth(depth)
    return condition if grower.tells(condition) else grower.truth(depth)


def _augmented(grower: Grower, target: str, depth: int, *, telling: bool = False) -> Statement:
    """Return a change of a number; `telling` asks for an amount that is not the same for all inputs."""
    luck = grower.rng.random()
    amount = grower.number(depth)
    for _ in range(3 * telling):
        if grower.tells(amount):
            break
        amount = grower.number(depth)
    if luck < 0.12 and grower.types[target] is not BOOL:
        return st.augment(target, fm.MUL, amount)
    if luck < 0.3 and amount.form is not ex.CONSTANT:
        amount = grower.made(fm.MUL, grower.constant(), amount)
    return st.augment(target, fm.ADD if grower.rng.random() < 0.6 else fm.SUB, amount)


def _array_adjustment(grower: Grower, target: str, *, owned: bool) -> Statement | None:
    type = grower.types[target]
    luck = grower.rng.random()
    if luck < 0.45:
        mask = numpy_idioms.mask(grower, type.shape, 2)
        if mask is None:
            return None
        return _masked(grower, target, type, mask, in_place=owned and luck < 0.25)
    changed = _changed(grower, target, type)
    if changed is None or luck < 0.85:
        return changed
    return st.conditional(_telling(grower, 2), (changed,))


def _masked(grower: Grower, target: str, type: Type, mask: Expression, *, in_place: bool) -> Statement | None:
    """Return a change of those elements that a mask selects."""
    whole = type.of[0] is not FLOAT
    if in_place:
        operator = grower.rng.choice((fm.ADD, fm.SUB, fm.SUB, fm.MUL))
        amount = grower.constant(whole=whole) if grower.rng.random() < 0.8 or whole else grower.number(1)
        return st.element(target, mask, operator, amount)
    variable = grower.variable(target)
    luck = grower.rng.random()
    if luck < 0.5:
        amount = grower.constant() if luck < 0.35 else grower.number(1)
        other = grower.made(grower.rng.choice((fm.ADD, fm.SUB, fm.MUL)), variable, amount)
    else:
        other = numpy_idioms.numbers(grower, type.shape, 2) or grower.constant()
    where = grower.library.get("numpy.where")
    new = ex.make(where, (mask, other, variable)) if where is not None else None
    return None if new is None else st.assign(target, new)


def _changed(grower: Grower, target: str, type: Type) -> Statement | None:
    """Return a change of a whole array."""
    amount = numpy_idioms.numbers(grower, type.shape, 2) or grower.number(2)
    if grower.rng.random() < 0.4:
        amount = grower.made(fm.MUL, grower.constant(), amount)
    operator = grower.rng.choice((fm.ADD, fm.ADD, fm.SUB, fm.SUB, fm.MUL))
    new = ex.make(operator, (grower.variable(target), amount))
    return None if new is None else st.assign(target, new)
