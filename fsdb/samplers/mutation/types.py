"""The types of expressions, as far as they can be told without running anything.

Two levels of knowledge matter. `NUMBER` is a real scalar that may turn out an integer, `FLOAT` one that is
floating for certain: only the latter survives where numpy would refuse to put a fraction into integers.
Arrays carry a *shape*, a label; two arrays mix only where their labels are the same.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, eq=False)
class Type:
    """One type; equal types are the same object.

    `kind` is bool, int, number, float, str, any, other, array, sequence or pair; `of` holds the type of the
    elements (of a pair, of each), `shape` an array's label.
    """

    kind: str
    of: tuple[Type, ...] = ()
    shape: str = ""

    def __repr__(self) -> str:
        inside = ", ".join([*map(repr, self.of), *([self.shape] if self.shape else [])])
        return f"{self.kind}[{inside}]" if inside else self.kind


BOOL = Type("bool")
INT = Type("int")
NUMBER = Type("number")
FLOAT = Type("float")
STR = Type("str")
ANY = Type("any")
"""Unknown: may stand anywhere, and nothing is grown from it."""
OTHER = Type("other")
"""Known to be none of the rest, such as a dictionary or an object."""

SCALARS = (BOOL, INT, NUMBER, FLOAT)
_RANK = {BOOL: 0, INT: 1, NUMBER: 2, FLOAT: 3}


@cache
def array(element: Type, shape: str) -> Type:
    """Return the type of numpy arrays of BOOL (a mask), NUMBER or FLOAT."""
    return Type("array", (element,), shape)


@cache
def sequence(element: Type) -> Type:
    """Return the type of lists, tuples and the like of `element`."""
    return Type("sequence", (element,))


@cache
def pair(*elements: Type) -> Type:
    """Return the type of tuples of just these elements, as `enumerate` and `zip` give."""
    return Type("pair", elements)


def is_scalar(of: Type) -> bool:
    """Whether it is a real number or a truth value."""
    return of in _RANK


def is_mask(of: Type) -> bool:
    """Whether it is an array of truth values."""
    return of.kind == "array" and of.of[0] is BOOL


def is_numeric_array(of: Type) -> bool:
    """Whether it is an array of numbers."""
    return of.kind == "array" and of.of[0] is not BOOL


def fits(actual: Type, wanted: Type) -> bool:
    """Whether an expression of type `actual` may stand where `wanted` is needed."""
    if actual is wanted or actual is ANY or wanted is ANY:
        return True
    if wanted in _RANK:
        return actual in _RANK and (_RANK[actual] <= _RANK[wanted] or wanted is NUMBER)
    if wanted.kind == "array":
        same = actual.kind == "array" and actual.shape == wanted.shape
        return same and is_mask(actual) == is_mask(wanted)
    if wanted.kind == "sequence":
        return actual.kind == "sequence" and fits(actual.of[0], wanted.of[0])
    return False


def joined(first: Type, second: Type) -> Type:
    """Return the type of what may be either."""
    if first is second:
        return first
    if first in _RANK and second in _RANK:
        if FLOAT in (first, second):
            return NUMBER
        return first if _RANK[first] > _RANK[second] else second
    if first.kind == second.kind == "array" and first.shape == second.shape:
        return array(NUMBER, first.shape) if is_mask(first) == is_mask(second) else ANY
    return ANY


def arithmetic(types: Sequence[Type], *, real: bool = False, masks: bool = False) -> Type | None:
    """Return the type of an elementwise combination, None where it makes none.

    `real` says that the result is floating whatever goes in, `masks` that one array of truth values may take
    part as zeros and ones.
    """
    shape: str | None = None
    unknown = False
    lowest = INT
    mask_count = 0
    for each in types:
        rank = _RANK.get(each)
        if rank is not None:
            if rank > _RANK[lowest]:
                lowest = each
        elif each.kind == "array":
            if shape is not None and shape != each.shape:
                return None
            shape = each.shape
            if each.of[0] is BOOL:
                mask_count += 1
            elif _RANK[each.of[0]] > _RANK[lowest]:
                lowest = each.of[0]
        elif each is ANY:
            unknown = True
        else:
            return None
    if mask_count and (not masks or mask_count > 1):
        return None
    if shape is not None:
        return array(FLOAT if real or lowest is FLOAT else NUMBER, shape)
    if unknown:
        return ANY
    return FLOAT if real else lowest


def elements(iterable: Type, names: int) -> tuple[Type, ...] | None:
    """Return the types that so many loop variables take over an iterable, None where they cannot."""
    if iterable.kind == "sequence":
        element = iterable.of[0]
        if names == 1:
            return (element,)
        if element.kind == "pair":
            return element.of if len(element.of) == names else None
        return (ANY,) * names if element is ANY or element.kind == "sequence" else None
    if iterable is STR and names == 1:
        return (STR,)
    if iterable.kind == "array" and names == 1:
        return (BOOL if is_mask(iterable) else NUMBER,)
    return (ANY,) * names if iterable in (ANY, OTHER) or iterable.kind == "array" else None


_NAMED = {
    "bool": BOOL, "bool_": BOOL, "int": INT, "integer": INT, "float": NUMBER, "floating": NUMBER,
    "number": NUMBER, "Number": NUMBER, "Real": NUMBER, "complex": OTHER, "str": STR, "Any": ANY,
    "object": ANY,
}  # fmt: skip
_SEQUENCES = frozenset(
    ("list", "tuple", "Sequence", "Iterable", "Collection", "List", "Tuple", "MutableSequence")
)
_ARRAYS = frozenset(("ndarray", "NDArray", "ArrayLike", "array"))


def annotated(annotation: str | None, shape: str) -> Type:
    """Return the type that an annotation's text names; ANY where there is none or it is not understood.

    An array gets the label `shape`.
    """
    if annotation is None:
        return ANY
    try:
        tree = ast.parse(annotation.strip(), mode="eval").body
        if isinstance(tree, ast.Constant) and isinstance(tree.value, str):
            tree = ast.parse(tree.value.strip(), mode="eval").body
        return _annotated(tree, shape)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return ANY


def _annotated(tree: ast.expr, shape: str) -> Type:
    if isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.BitOr):
        return joined(_annotated(tree.left, shape), _annotated(tree.right, shape))
    base, inside = (tree.value, tree.slice) if isinstance(tree, ast.Subscript) else (tree, None)
    name = base.attr if isinstance(base, ast.Attribute) else base.id if isinstance(base, ast.Name) else ""
    if name in _ARRAYS:
        return array(NUMBER, shape)
    if name in _SEQUENCES:
        if inside is None:
            return sequence(NUMBER)
        parts = inside.elts if isinstance(inside, ast.Tuple) else [inside]
        known = [
            _annotated(p, shape) for p in parts if not (isinstance(p, ast.Constant) and p.value is Ellipsis)
        ]
        if not known:
            return sequence(ANY)
        element = known[0]
        for other in known[1:]:
            element = joined(element, other)
        return sequence(element)
    if name in _NAMED:
        return _NAMED[name]
    for prefix, number in (("int", INT), ("uint", INT), ("float", NUMBER)):
        if name.startswith(prefix) and name[len(prefix) :].isdigit():
            return number
    return OTHER if name else ANY
