"""Random expressions over sequences and texts: elements, what sums them up, and loops over them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdb.samplers.mutation import expressions as ex
from fsdb.samplers.mutation import forms as fm
from fsdb.samplers.mutation.chance import Wheel
from fsdb.samplers.mutation.expressions import Expression
from fsdb.samplers.mutation.types import NUMBER, Type, fits

if TYPE_CHECKING:
    from fsdb.samplers.mutation.growing import Grower

_POSITIONS = ("i", "j", "k", "p", "q")
_VALUES = ("x", "y", "z", "u", "v")
_PAIRS = ("a", "b", "c", "d", "e", "f")
_PLACES = (0, 0, 1, 1, 2, 3, -1, -1, -2, -3)
_COUNTED = (0, 0, 1, 1, 1, 2, 2, 2, 3)
_LOOPS = Wheel([(3, "values"), (2, "numbered"), (3, "positions"), (1, "neighbours"), (1, "mirrored")])
_SUMMING_UP = Wheel([(4, "count"), (1, "distinct"), (2, "sum"), (1, "max"), (1, "min"), (1, "len")])
_LETTERS = tuple("aeiou")


def item(grower: Grower) -> Expression:
    """Return an element of a sequence, at a place that is there as a rule."""
    name = grower.rng.choice(grower.sequences)
    return grower.made(fm.INDEX, grower.variable(name), index(grower, name))


def index(grower: Grower, name: str) -> Expression:
    """Return a place in the sequence of that name: near a loop variable, or a fixed one."""
    rng = grower.rng
    positions = [each for each in grower.wholes if each in grower.near]
    if positions and rng.random() < 0.7:
        return _near(grower, name, grower.variable(rng.choice(positions)))
    luck = rng.random()
    if luck < 0.75:
        return ex.constant(rng.choice(_PLACES))
    inside = ex.constant(rng.randint(2, 8)) if luck < 0.85 or not grower.wholes else grower.whole(1)
    return grower.made(fm.MOD, inside, length(grower, name))


def _near(grower: Grower, name: str, position: Expression) -> Expression:
    """Return a loop variable as a place: itself, the one before, from the end, or shifted round."""
    luck = grower.rng.random()
    if luck < 0.45:
        return position
    if luck < 0.65:
        return grower.made(fm.SUB, position, ex.constant(1))
    if luck < 0.75:
        return grower.made(fm.SUB, grower.made(fm.NEG, position), ex.constant(1))
    offset = ex.constant(grower.rng.choice((1, 1, 2, 3))) if luck < 0.9 else grower.whole(0)
    return grower.made(fm.MOD, grower.made(fm.ADD, position, offset), length(grower, name))


def length(grower: Grower, name: str) -> Expression:
    """Return the length of the sequence or text of that name."""
    return grower.function("len", grower.variable(name))


def aggregate(grower: Grower) -> Expression:
    """Return a number that sums a sequence up."""
    sequence = grower.variable(grower.rng.choice(grower.sequences))
    kind = _SUMMING_UP.spin(grower.rng)
    if kind == "count":
        value = item(grower) if grower.rng.random() < 0.25 else _counted(grower, sequence.type.of[0])
        return grower.made(grower.library.known[".count"], sequence, value)
    if kind == "distinct":
        return grower.function("len", grower.function("set", sequence))
    return grower.function(kind, sequence)


def _counted(grower: Grower, element: Type) -> Expression:
    """Return a literal to count in a sequence."""
    return grower.constant() if element is NUMBER else ex.constant(grower.rng.choice(_COUNTED))


def comprehension(grower: Grower, function: str, wanted: Type, depth: int) -> Expression:
    """Return a function of expressions of type `wanted`, a scalar, over what can be looped over here."""
    names, iterable = loop(grower)
    inner = grower.inside(names, iterable)
    for _ in range(3):
        grown = inner.grow(wanted, max(1, min(depth, 2))) or inner.constant()
        if inner.tells(grown):
            break
    condition = (inner.truth(1),) if function == "sum" and grower.rng.random() < 0.15 else ()
    form = fm.comprehension(function, names, bool(condition))
    return ex.make(form, (grown, iterable, *condition), names) or grower.constant()


def loop(grower: Grower) -> tuple[tuple[str, ...], Expression]:
    """Return loop variables and something short to loop over."""
    rng = grower.rng
    if not grower.sequences:
        if grower.strings and rng.random() < 0.7:
            return (_new(grower, _VALUES),), grower.variable(rng.choice(grower.strings))
        return (_new(grower, _POSITIONS),), grower.function("range", ex.constant(rng.randint(2, 5)))
    name = rng.choice(grower.sequences)
    sequence = grower.variable(name)
    match _LOOPS.spin(rng):
        case "values":
            return (_new(grower, _VALUES),), sequence
        case "numbered":
            return (_new(grower, _POSITIONS), _new(grower, _VALUES)), grower.function("enumerate", sequence)
        case "positions":
            return (_new(grower, _POSITIONS),), grower.function("range", length(grower, name))
        case "neighbours":
            other = grower.made(
                fm.slicing((True, False, False)), sequence, ex.constant(rng.choice((1, 1, 2, 3)))
            )
        case _:
            other = grower.made(fm.slicing((False, False, True)), sequence, ex.constant(-1))
    return (_new(grower, _PAIRS), _new(grower, _PAIRS, 1)), grower.function("zip", sequence, other)


def _new(grower: Grower, names: tuple[str, ...], skip: int = 0) -> str:
    """Return the name of a new loop variable, the next but so many of those that are free."""
    free = [name for name in names if name not in grower.types and name not in grower.language.reserved]
    return free[skip] if skip < len(free) else f"{names[skip]}{len(grower.types)}"


def sequence(grower: Grower, wanted: Type, depth: int) -> Expression | None:
    """Return a sequence with elements that suit, None where there is none to start from."""
    rng = grower.rng
    names = [name for name, type in grower.types.items() if fits(type, wanted)]
    part = grower.part(wanted)
    if depth <= 0 or rng.random() < 0.3:
        choices = [grower.variable(name) for name in names] + ([part] if part is not None else [])
        return rng.choice(choices) if choices else None
    luck = rng.random()
    if luck < 0.5 or not names:
        inside, iterable = loop(grower)
        element = grower.inside(inside, iterable).grow(wanted.of[0], depth - 1)
        if element is None:
            return part
        return ex.make(fm.comprehension("[", inside, False), (element, iterable), inside)
    of = grower.variable(rng.choice(names))
    if luck < 0.65:
        return grower.function("sorted", of)
    if luck < 0.8:
        return grower.made(fm.slicing((False, False, True)), of, ex.constant(-1))
    return grower.made(fm.slicing((True, False, False)), of, ex.constant(1))


def text(grower: Grower) -> Expression:
    """Return a string."""
    literals = grower.language.strings
    if grower.strings and (not literals or grower.rng.random() < 0.6):
        return grower.variable(grower.rng.choice(grower.strings))
    return ex.constant(grower.rng.choice(literals) if literals else "")


def text_comparison(grower: Grower) -> Expression:
    """Return whether a text is another, or has a part."""
    left = grower.variable(grower.rng.choice(grower.strings))
    right = text(grower)
    if right.text == left.text or grower.rng.random() < 0.5:
        part = ex.constant(grower.rng.choice(grower.language.strings or _LETTERS))
        return ex.make(fm.COMPARISONS["In"], (part, left)) or left
    return ex.make(fm.COMPARISONS["Eq"], (left, right)) or left


def text_number(grower: Grower) -> Expression:
    """Return a number that sums a text up."""
    name = grower.rng.choice(grower.strings)
    if grower.rng.random() < 0.5:
        return length(grower, name)
    part = ex.constant(grower.rng.choice(grower.language.strings or _LETTERS))
    return grower.made(grower.library.known[".count"], grower.variable(name), part)
