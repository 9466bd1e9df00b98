"""What is known of the variables at a place of a program, and the check that a program is in order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from fsdb.samplers.mutation import expressions as ex
from fsdb.samplers.mutation import forms as fm
from fsdb.samplers.mutation.expressions import Expression
from fsdb.samplers.mutation.language import Language
from fsdb.samplers.mutation.statements import Block, Statement, StatementPath, always_leaves, with_expression
from fsdb.samplers.mutation.types import (
    ANY,
    BOOL,
    FLOAT,
    INT,
    NUMBER,
    Type,
    elements,
    fits,
    is_mask,
    is_scalar,
    joined,
)


class Scope:
    """The variables at one place.

    `types` holds those that may be assigned there, `certain` those that are for sure, `owned` those that hold
    an object made by the program: changing it in place changes nothing of the caller's.
    """

    def __init__(self, language: Language) -> None:
        self.language = language
        self.types: dict[str, Type] = {**language.constants, **language.arguments}
        self.certain = set(self.types)
        self.owned: set[str] = set()

    def copy(self) -> Scope:
        """Return a scope that changes on its own from here on."""
        copy = Scope.__new__(Scope)
        copy.language = self.language
        copy.types = dict(self.types)
        copy.certain = set(self.certain)
        copy.owned = set(self.owned)
        return copy

    def visible(self) -> dict[str, Type]:
        """Return the variables that are assigned for sure."""
        return {name: type for name, type in self.types.items() if name in self.certain}

    def add_loop(self, names: Iterable[str], iterable: Expression) -> None:
        """Take in loop variables."""
        names = tuple(names)
        types = elements(iterable.type, len(names)) or (ANY,) * len(names)
        for name, type in zip(names, types, strict=True):
            self._set(name, type, owned=False)

    def enter(self, statement: Statement, *, strict: bool) -> Statement | None:
        """Take in what a statement assigns; of an if or for, whose blocks are taken in one by one, nothing.

        Returns the statement. One that would not be made here is None if `strict` and it is not marked as
        lenient; if not strict, it is marked.
        """
        if not self._allows(statement):
            if strict and not statement.lenient:
                return None
            if not strict:
                statement = replace(statement, lenient=True)
        if statement.kind == "assign":
            self._assign(statement)
        elif statement.kind == "augment":
            self._augment(statement)
        elif statement.kind == "raw":
            for name in statement.targets:
                self._set(name, ANY, owned=False)
        return statement

    def merge(self, other: Scope, block: Block, own_block: Block) -> None:
        """Become what holds after this scope, the end of `own_block`, or `other`, the end of `block`."""
        if always_leaves(block):
            return
        if always_leaves(own_block):
            self.types, self.certain, self.owned = other.types, other.certain, other.owned
            return
        for name, type in other.types.items():
            self.types[name] = joined(self.types[name], type) if name in self.types else type
        self.certain &= other.certain
        self.owned &= other.owned

    def after_loop(self, inside: Scope) -> None:
        """Become what holds after a loop that may not have run at all, `inside` being the end of its body."""
        for name, type in inside.types.items():
            self.types[name] = joined(self.types[name], type) if name in self.types else type
        self.owned &= inside.owned

    def _set(self, name: str, type: Type, *, owned: bool) -> None:
        self.types[name] = type
        self.certain.add(name)
        if owned:
            self.owned.add(name)
        else:
            self.owned.discard(name)

    def _assign(self, statement: Statement) -> None:
        expression = statement.expressions[0]
        if len(statement.targets) == 1:
            self._set(statement.targets[0], expression.type, owned=expression.form.makes)
            return
        types = elements(expression.type, 1) or (ANY,)
        for name in statement.targets:
            self._set(name, types[0] if types[0].kind != "pair" else ANY, owned=False)

    def _augment(self, statement: Statement) -> None:
        name = statement.targets[0]
        type = self._augmented(statement)
        self._set(name, type or ANY, owned=name in self.owned)

    def _augmented(self, statement: Statement) -> Type | None:
        name = statement.targets[0]
        if statement.operator is None or name not in self.types:
            return None
        made = ex.make(statement.operator, (ex.name(name, self.types[name]), statement.expressions[0]))
        return made.type if made is not None else None

    def _allows(self, statement: Statement) -> bool:
        types, reserved = self.types, self.language.reserved
        for expression in statement.expressions:
            for name, _ in expression.free:
                if name not in types and name not in reserved:
                    return False
        for name in statement.reads:
            if name not in types and name not in reserved:
                return False
        if statement.kind == "augment":
            return self._allows_augment(statement)
        if statement.kind == "element":
            return self._allows_element(statement)
        if statement.kind == "if":
            return statement.expressions[0].type in (BOOL, INT, ANY)
        if statement.kind == "for":
            return elements(statement.expressions[0].type, len(statement.targets)) is not None
        return statement.kind != "raw"

    def _allows_augment(self, statement: Statement) -> bool:
        """Whether `x += …` is in order: what is changed in place is to be an object of the program's own."""
        type = self._augmented(statement)
        if type is None:
            return False
        old = self.types[statement.targets[0]]
        return is_scalar(old) or (statement.targets[0] in self.owned and type is old)

    def _allows_element(self, statement: Statement) -> bool:
        """Whether `x[…] = …` is in order: an object of its own, and no fraction added to whole numbers."""
        index, value = statement.expressions
        target = statement.targets[0]
        type = self.types.get(target, ANY)
        if target not in self.owned or not (is_scalar(value.type) or value.type is ANY):
            return False
        if type.kind == "sequence":
            return index.type is INT and fits(value.type, type.of[0])
        if type.kind != "array" or is_mask(type):
            return False
        if not (index.type is INT or (is_mask(index.type) and index.type.shape == type.shape)):
            return False
        if statement.operator is None or type.of[0] is FLOAT:
            return True
        return statement.operator is not fm.DIV and value.type in (INT, BOOL)


def settle(block: Block, language: Language) -> Block | None:
    """Return a program's body with the types of its variables worked out anew, None where it is not in order.

    In order is a program whose types agree, whose variables are assigned before they are used, which changes
    nothing of its caller's, and which returns what is asked for; what was read otherwise is let through.
    """
    if not always_leaves(block):
        return None
    return _settled(block, Scope(language))


def _settled(block: Block, scope: Scope) -> Block | None:
    settled = []
    for statement in block:
        new = _settled_statement(statement, scope)
        if new is None:
            return None
        settled.append(new)
    return block if block == tuple(settled) else tuple(settled)


def _settled_statement(statement: Statement, scope: Scope) -> Statement | None:
    for number, expression in enumerate(statement.expressions):
        new = ex.retyped(expression, scope.types)
        if new is None:
            return None
        if new is not expression:
            statement = with_expression(statement, number, new)
    entered = scope.enter(statement, strict=True)
    if entered is None or not entered.blocks:
        return (
            _returning(entered, scope.language)
            if entered is not None and entered.kind == "return"
            else entered
        )
    return _settled_if(entered, scope) if entered.kind == "if" else _settled_for(entered, scope)


def _settled_if(statement: Statement, scope: Scope) -> Statement | None:
    after_then = scope.copy()
    then = _settled(statement.blocks[0], after_then)
    otherwise = _settled(statement.blocks[1], scope)
    if then is None or otherwise is None:
        return None
    scope.merge(after_then, then, otherwise)
    return (
        statement if (then, otherwise) == statement.blocks else replace(statement, blocks=(then, otherwise))
    )


def _settled_for(statement: Statement, scope: Scope) -> Statement | None:
    inside = scope.copy()
    inside.add_loop(statement.targets, statement.expressions[0])
    body = _settled(statement.blocks[0], inside)
    if body is None:
        return None
    scope.after_loop(inside)
    return statement if body == statement.blocks[0] else replace(statement, blocks=(body,))


def _returning(statement: Statement, language: Language) -> Statement | None:
    """Return a return statement that gives the type asked for, converting between numbers."""
    expression = statement.expressions[0]
    coerced = coerced_to(expression, language.returns, language)
    if coerced is None:
        return statement if statement.lenient else None
    return statement if coerced is expression else replace(statement, expressions=(coerced,))


def coerced_to(expression: Expression, wanted: Type, language: Language) -> Expression | None:
    """Return the expression as one of type `wanted`, None where that is not a matter of a conversion.

    A whole number becomes a float where a number is wanted: an array made of whole numbers has no infinity.
    What is of unknown type is taken to be what is wanted.
    """
    actual = expression.type
    if actual is ANY or wanted is ANY:
        return ex.trusted(expression, wanted) if actual is not wanted else expression
    if wanted in (NUMBER, FLOAT) and is_scalar(actual):
        if actual in (INT, BOOL):
            if expression.form is ex.CONSTANT:
                return ex.constant(float(expression.value))  # type: ignore[arg-type]
            return ex.make(language.library.known["float"], (expression,))
        if expression.form.name == "float" and expression.children[0].type in (NUMBER, FLOAT):
            return expression.children[0]
        return expression
    if wanted is INT and actual in (NUMBER, FLOAT):
        return ex.make(language.library.known["int"], (expression,))
    if wanted is BOOL and is_scalar(actual) and actual is not BOOL:
        return ex.make(fm.COMPARISONS["Gt"], (expression, ex.constant(0)))
    return expression if fits(actual, wanted) else None


def scope_at(block: Block, path: StatementPath, language: Language) -> Scope:
    """Return the scope just before the statement at `path` of a settled program."""
    scope = Scope(language)
    _enter_until(block, path, scope)
    return scope


def _enter_until(block: Block, path: StatementPath, scope: Scope) -> None:
    for statement in block[: path[0]]:
        _settled_statement(statement, scope)
    if len(path) == 1:
        return
    statement = block[path[0]]
    if statement.kind == "for":
        scope.add_loop(statement.targets, statement.expressions[0])
    _enter_until(statement.blocks[path[1]], path[2:], scope)
