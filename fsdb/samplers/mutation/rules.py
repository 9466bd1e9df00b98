"""Typing rules: from the children of a form to the type of the whole, None where they do not suit it."""

from __future__ import annotations

from collections.abc import Sequence

from fsdb.samplers.mutation import expressions as ex
from fsdb.samplers.mutation.expressions import Expression
from fsdb.samplers.mutation.types import (
    ANY,
    BOOL,
    FLOAT,
    INT,
    NUMBER,
    STR,
    Type,
    arithmetic,
    array,
    elements,
    is_mask,
    is_numeric_array,
    is_scalar,
    joined,
    pair,
    sequence,
)

Children = Sequence[Expression]


def unknown(children: Children) -> Type | None:
    """What nothing is known of."""
    return ANY


def types_of(children: Children) -> list[Type]:
    """Return the types of all children."""
    return [child.type for child in children]


# Typing rules: from children to the type of the whole, None where they do not suit.


def summed(children: Children) -> Type | None:
    """A sum of numbers; sequences and strings are joined."""
    left, right = types_of(children)
    if left.kind == right.kind == "sequence":
        return sequence(joined(left.of[0], right.of[0]))
    if left is STR and right is STR:
        return STR
    return arithmetic((left, right))


def numbers(children: Children) -> Type | None:
    """An elementwise combination of numbers."""
    return arithmetic(types_of(children))


def product(children: Children) -> Type | None:
    """A product of numbers, of a mask and numbers, or a sequence repeated."""
    left, right = types_of(children)
    if left.kind == "sequence" and right is INT:
        return left
    return arithmetic((left, right), masks=True)


def quotient(children: Children) -> Type | None:
    """A true division."""
    return None if ex.is_constant(children[1], 0) else arithmetic(types_of(children), real=True)


def whole_quotient(children: Children) -> Type | None:
    """A floor division, or what one leaves."""
    right = children[1]
    type = arithmetic(types_of(children))
    if type is not None and is_scalar(type) and not may_divide(right):
        return None
    return None if ex.is_constant(right, 0) else type


def may_divide(divisor: Expression) -> bool:
    """Whether it is a literal, a variable or what cannot be zero: others are zero too often."""
    if divisor.form is ex.NAME or divisor.form.name == "len":
        return True
    if divisor.form is ex.CONSTANT:
        return bool(divisor.value)
    parts = divisor.children
    return (
        divisor.form.name == "add"
        and is_nonnegative(parts[1])
        and is_nonnegative(parts[0])
        and any(map(may_divide, parts))
    )


def reals(children: Children) -> Type | None:
    """An elementwise combination that is floating whatever goes in."""
    return arithmetic(types_of(children), real=True)


def power(children: Children) -> Type | None:
    """A power that neither grows out of hand nor leaves the real numbers."""
    base, exponent = children
    if exponent.form is ex.CONSTANT:
        power = exponent.value
        if isinstance(power, int) and 0 <= power <= 6:
            return arithmetic((base.type, INT))
        small = isinstance(power, float) and abs(power) <= 6
        if small and is_nonnegative(base) and (base.type.kind == "array" or power >= 0):  # type: ignore[operator]
            return arithmetic(types_of(children), real=True)
    elif ex.is_constant(base) and not ex.is_constant(base, 0) and exponent.size <= 2 and exponent.type is INT:
        return FLOAT
    return None


def power_loosely(children: Children) -> Type | None:
    """A power of any kind, as programs that are read have it."""
    return arithmetic(types_of(children), masks=True)


def comparison(children: Children) -> Type | None:
    """A comparison of two."""
    types = types_of(children)
    if all(map(is_scalar, types)):
        return BOOL
    if all(type is STR for type in types) or all(type.kind == "sequence" for type in types):
        return BOOL
    joint = arithmetic(types)
    if joint is None or joint is ANY:
        return joint
    return array(BOOL, joint.shape)


def chained(children: Children) -> Type | None:
    """A comparison of more than two."""
    return BOOL if all(is_scalar(child.type) for child in children) else None


def membership(children: Children) -> Type | None:
    """Whether the first is in the second."""
    return BOOL if children[1].type.kind in ("sequence", "str", "any", "other", "array") else None


def truth(children: Children) -> Type | None:
    """A combination of truth values; numbers count as whether they are zero."""
    types = types_of(children)
    return BOOL if all(map(is_scalar, types)) else None


def bits(children: Children) -> Type | None:
    """An elementwise combination of masks, or of truth values or whole numbers."""
    types = types_of(children)
    if all(map(is_mask, types)) and len({type.shape for type in types}) == 1:
        return types[0]
    if all(type is BOOL for type in types):
        return BOOL
    return INT if len(types) == 2 and all(type in (INT, BOOL) for type in types) else None


def negative(children: Children) -> Type | None:
    """The negative of a number."""
    return arithmetic(types_of(children))


def either(children: Children) -> Type | None:
    """One of two values, by a condition between them."""
    then, condition, otherwise = types_of(children)
    if condition not in (BOOL, INT, ANY):
        return None
    result = joined(then, otherwise)
    return None if result is ANY and ANY not in (then, otherwise) else result


def where(children: Children) -> Type | None:
    """`np.where`: one of two values for each element of a mask."""
    condition, then, otherwise = types_of(children)
    if not is_mask(condition):
        return None
    result = arithmetic((array(NUMBER, condition.shape), then, otherwise))
    if result is None:
        return None
    floats = any(t is FLOAT or (t.kind == "array" and t.of[0] is FLOAT) for t in (then, otherwise))
    return array(FLOAT if floats else NUMBER, condition.shape)


def kept(children: Children) -> Type | None:
    """A function of one numeric array that gives one of the same shape."""
    type = children[0].type
    return type if is_numeric_array(type) else None


def real_kept(children: Children) -> Type | None:
    """A function of one array that gives floating numbers in the same shape."""
    type = children[0].type
    return array(FLOAT, type.shape) if type.kind == "array" else None


def reduced(children: Children) -> Type | None:
    """One number of the kind that the array or sequence holds."""
    type = children[0].type
    if is_numeric_array(type):
        return FLOAT if type.of[0] is FLOAT else NUMBER
    return INT if is_mask(type) else NUMBER if type.kind == "sequence" and is_scalar(type.of[0]) else None


def really_reduced(children: Children) -> Type | None:
    """One floating number of an array or sequence."""
    type = children[0].type
    return FLOAT if type.kind == "array" or (type.kind == "sequence" and is_scalar(type.of[0])) else None


def counted(children: Children) -> Type | None:
    """A whole number of an array or sequence."""
    return INT if children[0].type.kind in ("array", "sequence") else None


def questioned(children: Children) -> Type | None:
    """A truth value of an array."""
    return BOOL if children[0].type.kind == "array" else None


def length(children: Children) -> Type | None:
    """The length of whatever has one."""
    return INT if children[0].type.kind in ("array", "sequence", "str", "any", "other") else None


def positions(children: Children) -> Type | None:
    """`np.arange(len(x))`, which has the shape of x; over another length, a shape of its own."""
    return array(NUMBER, length_label(children[0])) if children[0].type in (INT, BOOL, ANY) else None


def filled(children: Children) -> Type | None:
    """An array of a length, filled with floating numbers."""
    return array(FLOAT, length_label(children[0])) if children[0].type in (INT, BOOL, ANY) else None


def length_label(length: Expression) -> str:
    """Return the label of an array of so many elements: that of the array whose length it is."""
    if length.form.name in ("len", ".size", ".shape") and length.children[0].type.kind == "array":
        return length.children[0].type.shape
    return f"({length.text})"


def scalar_element(children: Children) -> Type | None:
    """The largest, smallest or other single element of a sequence of scalars."""
    type = children[0].type
    return type.of[0] if type.kind == "sequence" and is_scalar(type.of[0]) else None


def totalled(children: Children) -> Type | None:
    """The sum of a sequence or array."""
    element = scalar_element(children)
    if element is not None:
        return INT if element is BOOL else element
    return NUMBER if children[0].type.kind == "array" else None


def ordered(children: Children) -> Type | None:
    """A sequence of the same elements."""
    type = children[0].type
    return sequence(type.of[0]) if type.kind == "sequence" else None


def numbered(children: Children) -> Type | None:
    """`enumerate`."""
    type = children[0].type
    inside = elements(type, 1)
    return sequence(pair(INT, inside[0])) if inside is not None and type.kind in ("sequence", "str") else None


def zipped(children: Children) -> Type | None:
    """`zip`."""
    inside = [elements(child.type, 1) for child in children]
    return None if None in inside else sequence(pair(*(types[0] for types in inside if types)))


def ranged(children: Children) -> Type | None:
    """`range`."""
    return sequence(INT) if all(child.type in (INT, BOOL, ANY) for child in children) else None


def indexed(children: Children) -> Type | None:
    """An element of a sequence, text or array, or an array's selection by a mask."""
    of, index = types_of(children)
    if of.kind == "pair" and isinstance(children[1].value, int):
        position = children[1].value
        return of.of[position] if -len(of.of) <= position < len(of.of) else None
    if of.kind == "array":
        if is_mask(index) and index.shape == of.shape:
            return array(of.of[0], f"{of.shape}[{children[1].text}]")
        return NUMBER if index in (INT, BOOL) else None
    if index is not INT and index is not ANY:
        return None
    return of.of[0] if of.kind == "sequence" else STR if of is STR else ANY if of is ANY else None


def scalars(result: Type | None, children: Children) -> Type | None:
    """A function of real scalars with a `result` type, by default that of its first argument."""
    if not all(is_scalar(child.type) or child.type is ANY for child in children):
        return None
    return result or arithmetic(types_of(children))


def is_nonnegative(node: Expression) -> bool:
    """Whether it cannot be below zero, as far as is known here."""
    name = node.form.name
    if node.form is ex.CONSTANT:
        return isinstance(node.value, int | float) and node.value >= 0
    if name in ("abs", "numpy.abs", "numpy.square", "numpy.exp", "numpy.sqrt", "numpy.std", "len", ".count"):
        return True
    if name == "pow":
        return isinstance(node.children[1].value, int) and node.children[1].value % 2 == 0
    if name in ("add", "mul", "div", "min2", "numpy.minimum"):
        return all(map(is_nonnegative, node.children))
    return name in ("max2", "numpy.maximum") and any(map(is_nonnegative, node.children))
