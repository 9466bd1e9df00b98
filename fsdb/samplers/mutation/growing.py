"""Random expressions of a wanted type, out of what is in scope."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from functools import cache

from fsdb.samplers.mutation import expressions as ex
from fsdb.samplers.mutation import forms as fm
from fsdb.samplers.mutation import numpy_idioms
from fsdb.samplers.mutation import sequence_idioms as seq
from fsdb.samplers.mutation.chance import Wheel, any_constant
from fsdb.samplers.mutation.expressions import Expression, Form
from fsdb.samplers.mutation.material import Material
from fsdb.samplers.mutation.types import (
    ANY,
    BOOL,
    INT,
    NUMBER,
    STR,
    Type,
    elements,
    fits,
    is_scalar,
)

ARITHMETIC = Wheel(
    [
        (5, "Add"),
        (5, "Sub"),
        (5, "Mult"),
        (1.5, "Div"),
        (1.5, "Mod"),
        (0.3, "FloorDiv"),
        (1, "Pow"),
        (1, "max2"),
        (1, "min2"),
    ]
)
WHOLE_ARITHMETIC = Wheel(
    [
        (5, "Add"),
        (5, "Sub"),
        (4, "Mult"),
        (3, "Mod"),
        (0.5, "FloorDiv"),
        (1, "Pow"),
        (0.5, "max2"),
        (0.5, "min2"),
    ]
)
COMPARING = Wheel([(2, "Lt"), (1, "LtE"), (2, "Gt"), (1, "GtE"), (3, "Eq"), (1, "NotEq")])
COMPARING_REALS = Wheel([(3, "Lt"), (1, "LtE"), (3, "Gt"), (1, "GtE")])
_OVER_A_LOOP = ("sum", "sum", "sum", "sum", "max", "min")
_FUNCTIONS = (
    "numpy.exp",
    "numpy.log1p",
    "numpy.sqrt",
    "numpy.tanh",
    "numpy.sin",
    "math.exp",
    "math.log1p",
    "math.sqrt",
    "math.tanh",
    "math.sin",
)
_NEEDS_NONNEGATIVE = frozenset(("numpy.log1p", "numpy.sqrt", "math.log1p", "math.sqrt"))
_NEEDS_SMALL = frozenset(("math.exp",))


class Grower:
    """Grows expressions from the variables of one place; `near` are those to be used more than others."""

    def __init__(
        self,
        rng: random.Random,
        material: Material,
        types: Mapping[str, Type],
        near: tuple[str, ...] = (),
        literals: Sequence[int | float] = (),
    ) -> None:
        self.rng = rng
        self.material = material
        self.language = material.language
        self.library = material.language.library
        self.types = types
        self.near = near
        self.literals = literals
        self.numbers: list[str] = []
        self.wholes: list[str] = []
        self.sequences: list[str] = []
        self.arrays: list[str] = []
        self.strings: list[str] = []
        for name, type in types.items():
            times = 4 if name in near else 1
            if is_scalar(type):
                self.numbers += [name] * times
                if type in (INT, BOOL):
                    self.wholes += [name] * times
            elif type.kind == "sequence" and is_scalar(type.of[0]):
                self.sequences += [name] * times
            elif type.kind == "array" and type.of[0] is not BOOL:
                self.arrays += [name] * times
            elif type is STR:
                self.strings += [name] * times

    def grow(self, wanted: Type, depth: int) -> Expression | None:
        """Return an expression that suits `wanted`, None where nothing here makes such a type."""
        if wanted is BOOL:
            return self.truth(depth)
        if wanted is INT:
            return self.whole(depth)
        if is_scalar(wanted) or wanted is ANY:
            return self.number(depth)
        if wanted.kind == "array":
            if wanted.of[0] is BOOL:
                return numpy_idioms.mask(self, wanted.shape, depth)
            return numpy_idioms.numbers(self, wanted.shape, depth)
        if wanted.kind == "sequence":
            return seq.sequence(self, wanted, depth)
        return seq.text(self) if wanted is STR else None

    def inside(self, names: tuple[str, ...], iterable: Expression) -> Grower:
        """Return a grower that has the variables of a loop too, and likes them."""
        types = elements(iterable.type, len(names)) or (ANY,) * len(names)
        inside = {**self.types, **dict(zip(names, types, strict=True))}
        return Grower(self.rng, self.material, inside, names, self.literals)

    def variable(self, name: str) -> Expression:
        """Return the variable of that name."""
        return ex.name(name, self.types[name])

    def made(self, form: Form, *children: Expression, value: object = None) -> Expression:
        """Return the node, or its first child where the types do not allow it after all."""
        return ex.make(form, children, value) or children[0]

    def function(self, name: str, *children: Expression) -> Expression:
        """Return the call of a known function, or its first argument where it is out of reach."""
        form = self.library.get(name)
        return self.made(form, *children) if form is not None else children[0]

    def constant(self, *, whole: bool = False) -> Expression:
        """Return a literal number."""
        return ex.constant(any_constant(self.rng, self.language.numbers, self.literals, whole=whole))

    def divisor(self) -> Expression:
        """Return a literal that one may divide by."""
        value = any_constant(self.rng, self.language.numbers, self.literals)
        return ex.constant(value if value != 0 else 2)

    def modulus(self) -> Expression:
        """Return a whole number of at least two, small as a rule."""
        numbers = [n for n in self.language.numbers if isinstance(n, int) and 2 <= n <= 50]
        if numbers and self.rng.random() < 0.4:
            return ex.constant(self.rng.choice(numbers))
        return ex.constant(self.rng.choice((2, 2, 3, 3, 4, 5, 7)))

    def tells(self, expression: Expression) -> bool:
        """Whether an expression depends on what is likely to vary: loop variables, sequences, arrays, locals.

        A scalar argument counts only where there is nothing of these.
        """
        arguments = self.language.arguments
        names = [name for name, _ in expression.free]
        if self.near:
            return any(name in self.near for name in names)
        rich = self.sequences or self.arrays or self.strings
        return any(not rich or name not in arguments or not is_scalar(self.types[name]) for name in names)

    def part(self, wanted: Type) -> Expression | None:
        """Return an expression of the seed program that suits and can stand here."""
        parts = [
            part
            for part in self.material.parts
            if fits(part.type, wanted)
            and part.type is not ANY
            and all(name in self.types for name, _ in part.free)
        ]
        return self.rng.choice(parts) if parts else None

    # Numbers.

    def number(self, depth: int) -> Expression:
        """Return a real number."""
        if depth <= 0 or self.rng.random() < 0.15:
            return self._number_leaf()
        style = _number_styles(
            bool(self.sequences), bool(self.arrays), bool(self.strings), bool(self.language.helpers)
        )
        return style.spin(self.rng)(self, depth - 1)

    def whole(self, depth: int) -> Expression:
        """Return a whole number."""
        if depth <= 0 or self.rng.random() < 0.25:
            return self._whole_leaf()
        style = _whole_styles(bool(self.sequences), bool(self.arrays), bool(self.strings))
        grown = style.spin(self.rng)(self, depth - 1)
        return grown if grown.type in (INT, BOOL) else self._whole_leaf()

    def _number_leaf(self) -> Expression:
        luck = self.rng.random()
        if self.near and luck < 0.55:
            return self._near_leaf()
        if luck < 0.2:
            return self.constant()
        if luck < 0.3:
            part = self.part(NUMBER)
            if part is not None and part.form is not ex.CONSTANT:
                return part
        if self.sequences and luck < 0.85:
            return seq.item(self) if luck < 0.7 else seq.aggregate(self)
        if self.arrays and luck < 0.65:
            return numpy_idioms.reduction(self, 0)
        return self.variable(self.rng.choice(self.numbers)) if self.numbers else self.constant()

    def _near_leaf(self) -> Expression:
        """Return a loop variable or another that is to be used here, or an element at one."""
        positions = [name for name in self.near if self.types[name] is INT]
        if self.sequences and positions and self.rng.random() < 0.4:
            return seq.item(self)
        near = [name for name in self.near if is_scalar(self.types[name])]
        if not near:
            return self._whole_leaf()
        return self.variable(near[-1] if self.rng.random() < 0.5 else self.rng.choice(near))

    def _whole_leaf(self) -> Expression:
        luck = self.rng.random()
        near = [name for name in self.wholes if name in self.near]
        if near and luck < 0.5:
            return self.variable(self.rng.choice(near))
        if self.sequences and luck < (0.7 if near else 0.6):
            item = seq.item(self) if self.rng.random() < 0.75 else seq.aggregate(self)
            if item.type is INT:
                return item
        if self.wholes and luck < 0.8:
            return self.variable(self.rng.choice(self.wholes))
        return (
            ex.constant(self.rng.choice((0, 1, 1, 2, 2, 3)))
            if self.rng.random() < 0.7
            else self.constant(whole=True)
        )

    def _arithmetic(self, depth: int) -> Expression:
        operator = ARITHMETIC.spin(self.rng)
        return self._combined(operator, self.number(depth), self.number(depth))

    def _whole_arithmetic(self, depth: int) -> Expression:
        operator = WHOLE_ARITHMETIC.spin(self.rng)
        return self._combined(operator, self.whole(depth), self.whole(depth))

    def _combined(self, operator: str, left: Expression, right: Expression) -> Expression:
        if left.form is ex.CONSTANT and right.form is ex.CONSTANT:
            left = self._telling_leaf()
        if operator in ("Mod", "FloorDiv"):
            whole_name = right.form is ex.NAME and right.type is INT and self.rng.random() < 0.3
            return self.made(fm.OPERATORS[operator], left, right if whole_name else self.modulus())
        if operator == "Pow":
            return self.made(fm.POW, left, ex.constant(self.rng.choice((2, 2, 2, 3))))
        if operator == "Div":
            return self.made(fm.DIV, left, self.safe_divisor(right))
        if operator in fm.OPERATORS:
            return self.made(fm.OPERATORS[operator], left, right)
        return self.function(operator, left, right)

    def safe_divisor(self, divisor: Expression) -> Expression:
        """Return something to divide by that is hardly ever zero."""
        if divisor.form is ex.CONSTANT or self.rng.random() < 0.5:
            return self.divisor()
        return self.made(fm.ADD, ex.constant(1), self.function("abs", divisor))

    def _residue(self, depth: int) -> Expression:
        """Return what a whole number leaves when divided: of a count, a sum, or whatever is grown."""
        return self.made(fm.MOD, self._summary(depth), self.modulus())

    def _summary(self, depth: int) -> Expression:
        luck = self.rng.random()
        if self.sequences and luck < 0.7:
            return seq.aggregate(self) if luck < 0.3 else seq.comprehension(self, "sum", INT, depth)
        return self.whole(depth)

    def _negated(self, depth: int) -> Expression:
        return self.made(fm.NEG, self.number(depth))

    def _absolute(self, depth: int) -> Expression:
        return self.function("abs", self.number(depth))

    def _weighted_truth(self, depth: int) -> Expression:
        return self.made(fm.MUL, self.constant(), self.truth(depth))

    def _either(self, depth: int) -> Expression:
        return self.made(fm.EITHER, self.number(depth), self.truth(depth), self.number(depth))

    def _either_whole(self, depth: int) -> Expression:
        return self.made(fm.EITHER, self.whole(depth), self.truth(depth), self.whole(depth))

    def _function(self, depth: int) -> Expression:
        known = [name for name in _FUNCTIONS if self.library.get(name) is not None]
        if not known:
            return self._arithmetic(depth)
        name = self.rng.choice(known)
        argument = self.number(depth)
        if name in _NEEDS_NONNEGATIVE:
            argument = self.function("abs", argument)
        elif name in _NEEDS_SMALL:
            argument = self.made(fm.NEG, self.function("abs", argument))
        return self.function(name, argument)

    def _helper(self, depth: int) -> Expression:
        helper = self.rng.choice(self.language.helpers)
        if not is_scalar(helper.gives):
            return self._arithmetic(depth)
        arguments = []
        for wanted in helper.takes:
            near = self.rng.choice(self.arrays) if wanted.kind == "array" and self.arrays else None
            argument = self.variable(near) if near else self.grow(wanted, min(depth, 1))
            if argument is None:
                return self._arithmetic(depth)
            arguments.append(argument)
        return self.made(helper.form, *arguments)

    def _reduction(self, depth: int) -> Expression:
        return numpy_idioms.reduction(self, depth)

    def _aggregate(self, depth: int) -> Expression:
        return seq.aggregate(self)

    def _comprehended(self, depth: int) -> Expression:
        return seq.comprehension(self, self.rng.choice(_OVER_A_LOOP), NUMBER, depth)

    def _comprehended_whole(self, depth: int) -> Expression:
        return seq.comprehension(self, "sum", INT, depth)

    def _text_number(self, depth: int) -> Expression:
        return seq.text_number(self)

    def truth(self, depth: int) -> Expression:
        """Return a truth value."""
        luck = self.rng.random()
        if depth > 1 and luck < 0.2:
            operator = fm.BOTH["And" if luck < 0.12 else "Or"]
            return self.made(operator, self.truth(depth - 1), self.truth(depth - 1))
        if luck < 0.25:
            bools = [name for name, type in self.types.items() if type is BOOL]
            if bools:
                return self.variable(self.rng.choice(bools))
        if depth > 0 and luck < 0.32 and self.sequences:
            return seq.comprehension(self, "any" if luck < 0.29 else "all", BOOL, depth - 1)
        if self.strings and luck < 0.6:
            return seq.text_comparison(self)
        return self._comparison(depth)

    def _telling_leaf(self) -> Expression:
        """Return a short expression that is no literal, if there is one."""
        for _ in range(4):
            leaf = self._number_leaf()
            if self.tells(leaf):
                return leaf
        return leaf

    def _comparison(self, depth: int) -> Expression:
        whole = bool(self.wholes or self.sequences) and self.rng.random() < 0.6
        left = self.whole(depth - 1) if whole else self.number(depth - 1)
        if not self.tells(left):
            left = self._telling_leaf()
        luck = self.rng.random()
        if luck < 0.55:
            right = self._limit(left)
        else:
            right = self.whole(depth - 1) if whole else self.number(depth - 1)
        wholes = left.type in (INT, BOOL) and right.type in (INT, BOOL)
        operator = (COMPARING if wholes else COMPARING_REALS).spin(self.rng)
        return ex.make(fm.COMPARISONS[operator], (left, right)) or ex.constant(True)

    def _limit(self, compared: Expression) -> Expression:
        """Return a literal to compare with: a small whole number for whole numbers, as a rule."""
        if compared.type is INT and self.rng.random() < 0.8:
            return ex.constant(self.rng.choice((0, 0, 1, 1, 1, 2, 2, 2, 3, 4)))
        if self.arrays and self.rng.random() < 0.5:
            return numpy_idioms.share(self)
        return self.constant(whole=compared.type is INT)


_Style = Callable[[Grower, int], Expression]


@cache
def _number_styles(sequences: bool, arrays: bool, strings: bool, helpers: bool) -> Wheel[_Style]:
    return Wheel(
        [
            (8, Grower._arithmetic),
            (1, Grower._negated),
            (1, Grower._absolute),
            (2.5, Grower._weighted_truth),
            (2, Grower._either),
            (0.7, Grower._function),
            (2 * sequences, Grower._residue),
            (3 * sequences, Grower._aggregate),
            (4 * sequences, Grower._comprehended),
            (3 * arrays, Grower._reduction),
            (3 * strings, Grower._text_number),
            (1 * helpers, Grower._helper),
        ]
    )


@cache
def _whole_styles(sequences: bool, arrays: bool, strings: bool) -> Wheel[_Style]:
    return Wheel(
        [
            (8, Grower._whole_arithmetic),
            (1, Grower._either_whole),
            (2 * sequences, Grower._residue),
            (3 * sequences, Grower._aggregate),
            (3 * sequences, Grower._comprehended_whole),
            (1 * arrays, Grower._reduction),
            (3 * strings, Grower._text_number),
        ]
    )
