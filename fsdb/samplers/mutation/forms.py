"""The forms that expressions take: operators, calls, comprehensions, and whatever else is read."""

from __future__ import annotations

from functools import lru_cache

from fsdb.samplers.mutation import expressions as ex
from fsdb.samplers.mutation import rules
from fsdb.samplers.mutation.expressions import Form, Typing
from fsdb.samplers.mutation.rules import Children
from fsdb.samplers.mutation.types import ANY, BOOL, INT, Type, array, elements, is_scalar, joined, sequence


def _infix(name: str, sign: str, typing: Typing, binding: int, *, left: int = 0, right: int = 0) -> Form:
    total = name not in ex.DIVISIONS and name != "pow"
    return Form(
        name,
        ("", f" {sign} ", ""),
        typing,
        binding,
        (left or binding, right or binding + 1),
        total=total,
        makes=True,
    )


OPERATORS = {
    "Add": _infix("add", "+", rules.summed, ex.SUM),
    "Sub": _infix("sub", "-", rules.numbers, ex.SUM),
    "Mult": _infix("mul", "*", rules.product, ex.PRODUCT),
    "Div": _infix("div", "/", rules.quotient, ex.PRODUCT),
    "FloorDiv": _infix("floordiv", "//", rules.whole_quotient, ex.PRODUCT),
    "Mod": _infix("mod", "%", rules.whole_quotient, ex.PRODUCT),
    "Pow": Form(
        "pow",
        ("", " ** ", ""),
        rules.power,
        ex.POWER,
        (ex.ATOM, ex.SIGN),
        makes=True,
        loosely=rules.power_loosely,
    ),
    "BitAnd": _infix("bitand", "&", rules.bits, ex.BIT_AND),
    "BitOr": _infix("bitor", "|", rules.bits, ex.BIT_OR),
    "BitXor": _infix("bitxor", "^", rules.bits, ex.BIT_XOR),
    "USub": Form("neg", ("-", ""), rules.negative, ex.SIGN, (ex.SIGN,), total=True, makes=True),
    "Invert": Form("invert", ("~", ""), rules.bits, ex.SIGN, (ex.SIGN,), total=True, makes=True),
    "Not": Form("not", ("not ", ""), rules.truth, ex.NOT, (ex.NOT,), total=True, makes=True),
}
"""Operators by the name of their node in Python's syntax tree."""

COMPARISONS = {
    node: _infix(name, sign, typing, ex.COMPARE, left=ex.BIT_OR)
    for node, name, sign, typing in (
        ("Lt", "lt", "<", rules.comparison),
        ("LtE", "le", "<=", rules.comparison),
        ("Gt", "gt", ">", rules.comparison),
        ("GtE", "ge", ">=", rules.comparison),
        ("Eq", "eq", "==", rules.comparison),
        ("NotEq", "ne", "!=", rules.comparison),
        ("In", "in", "in", rules.membership),
        ("NotIn", "not in", "not in", rules.membership),
        ("Is", "is", "is", lambda children: BOOL),
        ("IsNot", "is not", "is not", lambda children: BOOL),
    )
}
"""Comparisons by the name of their node in Python's syntax tree."""

BOTH = {
    "And": _infix("and", "and", rules.truth, ex.AND, left=ex.AND, right=ex.NOT),
    "Or": _infix("or", "or", rules.truth, ex.OR, left=ex.OR, right=ex.AND),
}
EITHER = Form("either", ("", " if ", " else ", ""), rules.either, ex.LOOSEST, (ex.OR, ex.OR, ex.LOOSEST))
INDEX = Form("index", ("", "[", "]"), rules.indexed, ex.ATOM, (ex.ATOM, ex.LOOSEST))

ADD, SUB, MUL, DIV = (OPERATORS[each] for each in ("Add", "Sub", "Mult", "Div"))
MOD, FLOORDIV, POW, NEG = (OPERATORS[each] for each in ("Mod", "FloorDiv", "Pow", "USub"))


Keywords = tuple[str | None, ...]
"""For each argument of a call the keyword that it goes by, None where it has none."""


@lru_cache(maxsize=4096)
def call(function: str, keywords: Keywords) -> Form:
    """Return the form of a call of a function that nothing is known of."""
    return Form(function, _called(f"{function}(", keywords), rules.unknown)


@lru_cache(maxsize=4096)
def applied(keywords: Keywords) -> Form:
    """Return the form of a call of whatever its first child is."""
    return Form("applied", ("", *_called("(", keywords)), rules.unknown, needs=(ex.ATOM, ex.LOOSEST))


@lru_cache(maxsize=4096)
def method(name: str, keywords: Keywords) -> Form:
    """Return the form of a call of a method that nothing is known of; its first child is the object."""
    return Form(
        f".{name}()", ("", *_called(f".{name}(", keywords)), rules.unknown, needs=(ex.ATOM, ex.LOOSEST)
    )


def _called(opening: str, keywords: Keywords) -> tuple[str, ...]:
    """Return the text around the arguments of a call, keywords and all."""
    if not keywords:
        return (f"{opening})",)
    before = [f"{keyword}=" if keyword else "" for keyword in keywords]
    between = [f", {each}" for each in before[1:]]
    return (opening + before[0], *between, ")")


@lru_cache(maxsize=4096)
def attribute(text: str) -> Form:
    """Return the form of `object.text`."""

    def typing(children: Children) -> Type | None:
        return INT if text == "size" and children[0].type.kind == "array" else ANY

    return Form(f".{text}", ("", f".{text}"), typing, needs=(ex.ATOM,))


@lru_cache(maxsize=256)
def slicing(given: tuple[bool, bool, bool]) -> Form:
    """Return the form of a slice whose start, stop and step are given or not; the given ones are children."""
    separators = ["", "["]
    for number, present in enumerate(given):
        if number and (number < 2 or present):
            separators[-1] += ":"
        if present:
            separators.append("")
    separators[-1] += "]"
    reversal = given == (False, False, True)

    def typing(children: Children) -> Type | None:
        type = children[0].type
        if any(child.type not in (INT, BOOL, ANY) for child in children[1:]):
            return None
        if given[2] and (ex.is_constant(children[-1], 0) or children[-1].form is not ex.CONSTANT):
            return None
        if type.kind == "array":
            return (
                type
                if reversal and ex.is_constant(children[1], -1)
                else array(type.of[0], f"{type.shape}[:]")
            )
        return type if type.kind in ("sequence", "str", "any") else None

    return Form("slice", tuple(separators), typing, needs=(ex.ATOM, ex.OR))


@lru_cache(maxsize=256)
def display(opening: str, closing: str, count: int) -> Form:
    """Return the form of a list or tuple of `count` elements."""
    separators = [opening, *[", "] * (count - 1), closing] if count else [opening + closing]
    if opening == "(" and count == 1:
        separators[-1] = ",)"

    def typing(children: Children) -> Type | None:
        element = children[0].type if children else ANY
        for child in children[1:]:
            element = joined(element, child.type)
        return sequence(element)

    return Form("display", tuple(separators), typing, total=True, makes=True)


@lru_cache(maxsize=256)
def chain(signs: tuple[str, ...]) -> Form:
    """Return the form of a comparison of more than two, such as `a < b <= c`."""
    return Form(
        "chain",
        ("", *(f" {sign} " for sign in signs), ""),
        rules.chained,
        ex.COMPARE,
        (ex.BIT_OR,),
        total=True,
    )


@lru_cache(maxsize=4096)
def comprehension(function: str, names: tuple[str, ...], condition: bool) -> Form:
    """Return the form `function(… for names in … if …)`, or a list's where `function` is `[`."""
    opening, closing = ("[", "]") if function == "[" else (f"{function}(", ")")
    parts = (opening, f" for {', '.join(names)} in ", *([" if "] if condition else []), closing)

    def typing(children: Children) -> Type | None:
        element, iterable = children[0].type, children[1].type
        if elements(iterable, len(names)) is None or (condition and children[2].type not in (BOOL, INT, ANY)):
            return None
        if function in ("[", "sorted"):
            return sequence(element)
        if function in ("any", "all"):
            return BOOL if element in (BOOL, INT, ANY) else None
        if not is_scalar(element):
            return ANY if element is ANY else None
        return INT if element is BOOL and function == "sum" else element

    return Form(
        f"for {function}",
        parts,
        typing,
        needs=(ex.OR,),
        loops=True,
        total=function not in ("max", "min"),
        makes=True,
    )


def operator_sign(form: Form) -> str:
    """Return the sign of an infix operator."""
    return form.parts[1].strip()


@lru_cache(maxsize=256)
def attribute_of_module(text: str, type: Type) -> Form:
    """Return the form of a name that stands for a fixed value of a module, such as `np.inf`."""
    return Form(text, (text,), lambda children: type, total=True, makes=True)
