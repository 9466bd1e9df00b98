"""Random expressions over numpy arrays: elementwise arithmetic, masks, choices, ranks, reductions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdb.samplers.mutation import expressions as ex
from fsdb.samplers.mutation import forms as fm
from fsdb.samplers.mutation import rules
from fsdb.samplers.mutation.chance import Wheel
from fsdb.samplers.mutation.expressions import Expression
from fsdb.samplers.mutation.types import BOOL, NUMBER, array

if TYPE_CHECKING:
    from fsdb.samplers.mutation.growing import Grower

_STYLES = Wheel(
    [
        (8, "arithmetic"), (3, "function"), (2, "where"), (1.5, "extreme"), (1.5, "power"),
        (1.5, "weighted mask"), (0.6, "rank"), (0.5, "clip"), (1, "negated"),
    ]
)  # fmt: skip
_ARITHMETIC = Wheel([(4, fm.ADD), (5, fm.SUB), (5, fm.MUL), (4, fm.DIV), (0.7, fm.MOD), (0.2, fm.FLOORDIV)])
_FUNCTIONS = Wheel(
    [
        (3, "numpy.abs"), (2, "numpy.exp"), (2, "numpy.sqrt"), (2, "numpy.log1p"), (1, "numpy.square"),
        (1, "numpy.tanh"), (0.5, "numpy.sign"), (0.5, "numpy.sin"), (0.4, "numpy.floor"), (0.4, "numpy.cos"),
    ]
)  # fmt: skip
_NEEDS_NONNEGATIVE = frozenset(("numpy.sqrt", "numpy.log1p"))
_REDUCTIONS = Wheel(
    [
        (3, "numpy.max"), (3, "numpy.min"), (3, "numpy.mean"), (1, "numpy.sum"), (1, "numpy.std"),
        (0.7, "numpy.median"), (2, "len"),
    ]
)  # fmt: skip
_COMPARING = Wheel([(3, "Lt"), (1.5, "LtE"), (3, "Gt"), (1.5, "GtE"), (0.3, "Eq")])


def numbers(grower: Grower, shape: str, depth: int) -> Expression | None:
    """Return an array of numbers of a shape, None where there is none to start from."""
    rng = grower.rng
    if depth <= 0 or rng.random() < 0.15:
        return _leaf(grower, shape)
    style = _STYLES.spin(rng)
    depth -= 1
    base = numbers(grower, shape, depth)
    if base is None:
        return None
    match style:
        case "arithmetic":
            return _arithmetic(grower, base, depth)
        case "function":
            return function(grower, base)
        case "where":
            condition, other = mask(grower, shape, depth), _operand(grower, shape, depth)
            if condition is None or other is None:
                return base
            pair = (base, other) if rng.random() < 0.5 else (other, base)
            return (
                grower.function("numpy.where", condition, *pair)
                if grower.library.get("numpy.where")
                else base
            )
        case "extreme":
            other = _operand(grower, shape, depth)
            return grower.function(
                rng.choice(("numpy.maximum", "numpy.minimum")), base, other or grower.constant()
            )
        case "power":
            return power(grower, base)
        case "weighted mask":
            condition = mask(grower, shape, depth)
            return base if condition is None else grower.made(fm.MUL, condition, grower.constant())
        case "rank":
            return _rank(grower, base)
        case "clip":
            return grower.function("numpy.clip", base, ex.constant(0), grower.divisor())
        case _:
            return grower.made(fm.NEG, base)


def mask(grower: Grower, shape: str, depth: int) -> Expression | None:
    """Return an array of truth values of a shape, None where there is no array to start from."""
    rng = grower.rng
    luck = rng.random()
    if depth > 1 and luck < 0.2:
        left, right = mask(grower, shape, depth - 1), mask(grower, shape, depth - 1)
        if left is None or right is None:
            return left
        return grower.made(fm.OPERATORS["BitAnd" if luck < 0.14 else "BitOr"], left, right)
    if luck < 0.25:
        masks = [name for name, type in grower.types.items() if type is array(BOOL, shape)]
        if masks:
            return grower.variable(rng.choice(masks))
    left = numbers(grower, shape, min(depth - 1, 1))
    if left is None:
        return None
    if luck > 0.85:
        extreme = grower.function(rng.choice(("numpy.max", "numpy.min")), left)
        return ex.make(fm.COMPARISONS["Eq"], (left, extreme))
    if luck < 0.6:
        right = grower.constant() if luck < 0.5 else share(grower)
    else:
        right = _operand(grower, shape, depth - 1) or grower.constant()
    return ex.make(fm.COMPARISONS[_COMPARING.spin(rng)], (left, right))


def reduction(grower: Grower, depth: int) -> Expression:
    """Return one number that sums an array up."""
    name = grower.rng.choice(grower.arrays)
    whole = grower.variable(name)
    if depth > 0 and grower.rng.random() < 0.3:
        condition = mask(grower, whole.type.shape, 1)
        if condition is not None:
            return grower.function("numpy.sum", condition)
    base = numbers(grower, whole.type.shape, min(depth, 1)) or whole
    return grower.function(_REDUCTIONS.spin(grower.rng), base)


def share(grower: Grower) -> Expression:
    """Return a share of what an array is at most or on average: a limit that fits its scale."""
    if not grower.arrays:
        return grower.constant()
    whole = grower.variable(grower.rng.choice(grower.arrays))
    scale = grower.function(grower.rng.choice(("numpy.max", "numpy.max", "numpy.mean")), whole)
    if grower.rng.random() < 0.2:
        return scale
    return grower.made(fm.MUL, ex.constant(round(grower.rng.uniform(0.02, 0.98), 2)), scale)


def function(grower: Grower, base: Expression) -> Expression:
    """Return an elementary function of an array, kept from what has no value or runs away."""
    name = _FUNCTIONS.spin(grower.rng)
    if grower.library.get(name) is None:
        return base
    if name in _NEEDS_NONNEGATIVE and not rules.is_nonnegative(base):
        base = grower.function("numpy.abs", base)
    elif name == "numpy.exp":
        base = grower.made(fm.DIV, grower.made(fm.NEG, grower.function("numpy.abs", base)), grower.divisor())
    elif name in ("numpy.tanh", "numpy.sin", "numpy.cos"):
        base = grower.made(fm.DIV, base, grower.divisor())
    return grower.function(name, base)


def power(grower: Grower, base: Expression) -> Expression:
    """Return a power of an array."""
    rng = grower.rng
    if rng.random() < 0.6:
        return grower.made(fm.POW, base, ex.constant(rng.choice((2, 2, 3, 4))))
    if not rules.is_nonnegative(base):
        base = grower.function("numpy.abs", base)
    return grower.made(fm.POW, base, ex.constant(rng.choice((0.5, 1.5, 0.25, 2.5, 0.75))))


def _leaf(grower: Grower, shape: str) -> Expression | None:
    names = [name for name in grower.arrays if grower.types[name].shape == shape]
    own = [name for name in names if name not in grower.language.arguments]
    if own and grower.rng.random() < 0.5:
        return grower.variable(grower.rng.choice(own))
    part = grower.part(array(NUMBER, shape)) if not names or grower.rng.random() < 0.4 else None
    if part is not None or not names:
        return part
    base = grower.variable(grower.rng.choice(names))
    if (
        grower.numbers
        and base.form is ex.NAME
        and base.value in grower.language.arguments
        and grower.rng.random() < 0.5
    ):
        return grower.made(fm.SUB, base, grower.variable(grower.rng.choice(grower.numbers)))
    return base


def _operand(grower: Grower, shape: str, depth: int) -> Expression | None:
    """Return an array of the shape, or a number."""
    if grower.rng.random() < 0.5:
        return grower.number(min(depth, 1))
    return numbers(grower, shape, depth)


def _arithmetic(grower: Grower, base: Expression, depth: int) -> Expression:
    operator = _ARITHMETIC.spin(grower.rng)
    if operator in (fm.MOD, fm.FLOORDIV):
        return grower.made(operator, base, grower.divisor())
    other = _operand(grower, base.type.shape, depth) or grower.constant()
    if operator is not fm.DIV:
        turned = operator is fm.SUB and grower.rng.random() < 0.3
        return grower.made(operator, other, base) if turned else grower.made(operator, base, other)
    if other.type.kind != "array" and grower.rng.random() < 0.5:
        return _quotient(grower, other, base)
    return _quotient(grower, base, other)


def _quotient(grower: Grower, left: Expression, right: Expression) -> Expression:
    """Return a division, as a rule by something that is not zero."""
    if right.form is ex.CONSTANT and right.value == 0:
        right = grower.divisor()
    if right.form is not ex.CONSTANT and grower.rng.random() < 0.8:
        right = grower.made(fm.ADD, right, ex.constant(grower.rng.choice((1, 1, 0.1, 0.01, 2, 5))))
    made = ex.make(fm.DIV, (left, right))
    return made if made is not None and made.type.kind == "array" else left


def _rank(grower: Grower, base: Expression) -> Expression:
    """Return the place of each element: by position, or by value without sorting the elements themselves."""
    luck = grower.rng.random()
    if luck < 0.6:
        return (
            grower.function("numpy.arange", grower.function("len", base))
            if _has(grower, "numpy.arange")
            else base
        )
    if luck < 0.8 and _has(grower, "numpy.searchsorted") and _has(grower, "numpy.sort"):
        return grower.function("numpy.searchsorted", grower.function("numpy.sort", base), base)
    return grower.function("numpy.sort", base)


def _has(grower: Grower, name: str) -> bool:
    return grower.library.get(name) is not None
