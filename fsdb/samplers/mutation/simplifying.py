"""Simplification that never changes what a program does: not its result to the last bit, nor its errors."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

from fsdb.samplers.mutation import expressions as ex
from fsdb.samplers.mutation import forms as fm
from fsdb.samplers.mutation.expressions import Expression
from fsdb.samplers.mutation.statements import Block, Statement, walk
from fsdb.samplers.mutation.types import ANY, BOOL, INT, is_mask, is_scalar

_LARGEST = 1e9


def simplified(root: Expression) -> Expression:
    """Return an expression that always gives the same, written shorter where a rule here applies."""
    if root.simple or not root.children:
        return root
    children = tuple(map(simplified, root.children))
    if any(new is not old for new, old in zip(children, root.children, strict=True)):
        root = ex.remake(root, children) or root
    rule = _RULES.get(root.form.name)
    shorter = rule(root) if rule is not None and not root.lenient else None
    if shorter is not None and (shorter.type is root.type or shorter.form is ex.CONSTANT):
        return simplified(shorter)
    root.simple = True
    return root


def _plain(node: Expression) -> bool:
    """Whether leaving out an operation that changes no value leaves everything else as it was.

    Not so for truth values, which arithmetic makes numbers, nor for a variable's array, which it would share.
    """
    if node.type is ANY or node.type is BOOL or is_mask(node.type):
        return False
    return is_scalar(node.type) or (node.type.kind == "array" and node.form.makes)


def _number(node: Expression) -> float | int | None:
    """Return the value of a literal number."""
    value = node.value if node.form is ex.CONSTANT else None
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _is_whole(node: Expression, value: int) -> bool:
    """Whether it is this number, written as a whole one."""
    return type(node.value) is int and node.form is ex.CONSTANT and node.value == value


def _folded(root: Expression, compute: Callable[..., float | int | bool]) -> Expression | None:
    values = [_number(child) for child in root.children]
    if any(value is None for value in values):
        return None
    try:
        result = compute(*values)
    except (ArithmeticError, ValueError):
        return None
    if not math.isfinite(result) or abs(result) > _LARGEST or (result == 0 and math.copysign(1, result) < 0):
        return None
    return ex.constant(result)


def _add(root: Expression) -> Expression | None:
    left, right = root.children
    folded = _folded(root, lambda a, b: a + b)
    if folded is not None:
        return folded
    for zero, other in ((left, right), (right, left)):
        if _is_whole(zero, 0) and other.type is INT:
            return other
    if right.form is fm.NEG:
        return ex.make(fm.SUB, (left, right.children[0]))
    value = _number(right)
    if value is not None and value < 0:
        return ex.make(fm.SUB, (left, ex.constant(-value)))
    return None


def _sub(root: Expression) -> Expression | None:
    left, right = root.children
    folded = _folded(root, lambda a, b: a - b)
    if folded is not None:
        return folded
    if _is_whole(right, 0) and _plain(left):
        return left
    if ex.same(left, right) and left.type is INT and ex.is_total(left):
        return ex.constant(0)
    if right.form is fm.NEG:
        return ex.make(fm.ADD, (left, right.children[0]))
    value = _number(right)
    if value is not None and value < 0:
        return ex.make(fm.ADD, (left, ex.constant(-value)))
    return None


def _mul(root: Expression) -> Expression | None:
    left, right = root.children
    folded = _folded(root, lambda a, b: a * b)
    if folded is not None:
        return folded
    for one, other in ((left, right), (right, left)):
        if _is_whole(one, 1) and _plain(other):
            return other
    return None


def _div(root: Expression) -> Expression | None:
    left, right = root.children
    if _is_whole(right, 1) and _plain(left) and root.type is left.type:
        return left
    return _folded(root, lambda a, b: a / b)


def _pow(root: Expression) -> Expression | None:
    return root.children[0] if _is_whole(root.children[1], 1) and _plain(root.children[0]) else None


def _neg(root: Expression) -> Expression | None:
    child = root.children[0]
    if child.form is fm.NEG and _plain(child.children[0]):
        return child.children[0]
    return _folded(root, lambda a: -a)


def _abs(root: Expression) -> Expression | None:
    child = root.children[0]
    if child.form is root.form:
        return child
    return _folded(root, abs) if root.form.name == "abs" else None  # numpy's result is not a plain number


def _not(root: Expression) -> Expression | None:
    child = root.children[0]
    return child.children[0] if child.form is root.form and child.children[0].type is BOOL else None


def _invert(root: Expression) -> Expression | None:
    child = root.children[0]
    return child.children[0] if child.form is root.form and is_mask(child.type) else None


def _either(root: Expression) -> Expression | None:
    then, condition, otherwise = root.children
    if condition.form is ex.CONSTANT and isinstance(condition.value, bool):
        return then if condition.value else otherwise
    return then if ex.same(then, otherwise) and ex.is_total(condition) else None


def _where(root: Expression) -> Expression | None:
    condition, then, otherwise = root.children
    alike = ex.same(then, otherwise) and then.type.kind == "array" and then.form.makes
    return then if alike and ex.is_total(condition) else None


def _twice(root: Expression) -> Expression | None:
    """A function of two that gives its argument when both are the same."""
    left, right = root.children
    alike = ex.same(left, right) and (is_scalar(left.type) or left.form.makes)
    return left if alike and ex.is_total(left) else None


def _twice_scalar(root: Expression) -> Expression | None:
    values = [_number(child) for child in root.children]
    if None not in values:
        return _folded(root, max if root.form.name == "max2" else min)
    return _twice(root)


def _float(root: Expression) -> Expression | None:
    child = root.children[0]
    return child if child.form is root.form else None


_COMPUTES: dict[str, Callable[[float, float], bool]] = {
    "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b,
    "gt": lambda a, b: a > b,
    "ge": lambda a, b: a >= b,
    "eq": lambda a, b: a == b,
    "ne": lambda a, b: a != b,
}


def _compare(root: Expression) -> Expression | None:
    left, right = root.children
    if ex.same(left, right) and left.type in (INT, BOOL) and ex.is_total(left):
        return ex.constant(root.form.name in ("le", "ge", "eq"))
    return _folded(root, _COMPUTES[root.form.name])


_RULES: dict[str, Callable[[Expression], Expression | None]] = {
    "add": _add,
    "sub": _sub,
    "mul": _mul,
    "div": _div,
    "pow": _pow,
    "neg": _neg,
    "abs": _abs,
    "numpy.abs": _abs,
    "not": _not,
    "invert": _invert,
    "either": _either,
    "numpy.where": _where,
    "numpy.maximum": _twice,
    "numpy.minimum": _twice,
    "max2": _twice_scalar,
    "min2": _twice_scalar,
    "and": _twice,
    "or": _twice,
    "bitand": _twice,
    "bitor": _twice,
    "float": _float,
    **dict.fromkeys(_COMPUTES, _compare),
}


def tidied(block: Block) -> Block:
    """Return a body that does the same without dead stores, empty branches and unreachable lines."""
    block = _tidied(block)
    dead = _dead_variables(block)
    if dead:
        return tidied(_without(block, dead))
    return _returned_at_once(block)


def _tidied(block: Block) -> Block:
    tidy: list[Statement] = []
    for statement in block:
        tidy += _tidied_statement(statement)
        if tidy and (tidy[-1].kind == "return" or tidy[-1].text in ("break", "continue")):
            break
    return block if block == tuple(tidy) else tuple(tidy)


def _tidied_statement(statement: Statement) -> Sequence[Statement]:
    expressions = tuple(map(simplified, statement.expressions))
    if any(new is not old for new, old in zip(expressions, statement.expressions, strict=True)):
        statement = replace(statement, expressions=expressions)
    if (
        statement.kind == "assign"
        and expressions[0].form is ex.NAME
        and statement.targets == (expressions[0].value,)
    ):
        return ()
    if not statement.blocks:
        return (statement,)
    blocks = tuple(map(_tidied, statement.blocks))
    condition = expressions[0]
    if statement.kind == "if" and condition.form is ex.CONSTANT and isinstance(condition.value, bool):
        return blocks[0 if condition.value else 1]
    if not any(blocks) and ex.is_total(condition) and statement.kind == "if":
        return ()
    if blocks != statement.blocks:
        statement = replace(statement, blocks=blocks)
    return (statement,)


def _dead_variables(block: Block) -> set[str]:
    """Return variables that nothing reads but statements that only change them, and that cannot raise."""
    read: set[str] = set()
    stored: dict[str, bool] = {}
    for _, statement in walk(block):
        own = statement.targets[0] if statement.kind in ("assign", "augment", "element") else None
        read.update(statement.reads)
        for expression in statement.expressions:
            read.update(name for name, _ in expression.free if name != own)
        if own is not None:
            harmless = (
                len(statement.targets) == 1
                and not statement.lenient
                and all(map(ex.is_total, statement.expressions))
            )
            if statement.kind == "augment":
                harmless = harmless and statement.operator in (fm.ADD, fm.SUB, fm.MUL)
            stored[own] = stored.get(own, True) and harmless
        else:
            read.update(statement.targets)
    return {name for name, harmless in stored.items() if harmless and name not in read}


def _without(block: Block, names: set[str]) -> Block:
    """Return the block without the statements that only change these variables."""
    kept = []
    for statement in block:
        if statement.kind in ("assign", "augment", "element") and statement.targets[0] in names:
            continue
        if statement.blocks:
            statement = replace(statement, blocks=tuple(_without(inner, names) for inner in statement.blocks))
        kept.append(statement)
    return tuple(kept)


def _returned_at_once(block: Block) -> Block:
    """Return the block with `x = …; return x` at its end made one statement."""
    if len(block) < 2 or block[-1].kind != "return" or block[-2].kind != "assign":
        return block
    target, value = block[-2].targets, block[-1].expressions[0]
    if value.form is not ex.NAME or target != (value.value,):
        return block
    return (*block[:-2], replace(block[-1], expressions=block[-2].expressions))
