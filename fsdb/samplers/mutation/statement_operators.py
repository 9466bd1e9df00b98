"""Operators that change a program's statements. Each returns the new body, None where it does not apply."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from fsdb.samplers.mutation import expressions as ex
from fsdb.samplers.mutation import sequence_idioms as seq
from fsdb.samplers.mutation import statements as st
from fsdb.samplers.mutation.adjusting import adjustment, loop
from fsdb.samplers.mutation.chance import Wheel
from fsdb.samplers.mutation.draft import Draft, Program
from fsdb.samplers.mutation.expression_operators import constant, guard, subtree, variation, wrap
from fsdb.samplers.mutation.growing import Grower
from fsdb.samplers.mutation.limits import MOST_LOOPS
from fsdb.samplers.mutation.scope import Scope, settle
from fsdb.samplers.mutation.statements import Block, Site, Statement, StatementPath
from fsdb.samplers.mutation.types import ANY, BOOL, is_numeric_array, is_scalar

_CHANGES = Wheel([(3, constant), (2, wrap), (2, guard), (1, subtree)])


def insert(draft: Draft) -> Block | None:
    """Insert a statement that changes a variable: always, under a condition or a mask, or in a loop."""
    draft = _with_result_in_variable(draft)
    path = _place_after_first(draft)
    if path is None:
        return None
    scope = draft.scope(path)
    target = _target(draft, scope)
    if target is None:
        return None
    grower = draft.grower(scope.visible())
    changed = adjustment(
        grower, target, owned=target in scope.owned, loops=_loops_around(draft, path) < MOST_LOOPS
    )
    return None if changed is None else st.spliced(draft.program.block, path, 0, [changed])


def _with_result_in_variable(draft: Draft) -> Draft:
    """Return the draft with what its last statement returns held by a variable first."""
    block = draft.program.block
    last = block[-1]
    if last.kind != "return" or last.expressions[0].form is ex.NAME:
        return draft
    name = draft.new_name()
    value = last.expressions[0]
    returned = replace(last, expressions=(ex.name(name, value.type),))
    return replace(draft, program=Program((*block[:-1], st.assign(name, value), returned)))


def _place_after_first(draft: Draft) -> StatementPath | None:
    """Return a place to insert a statement at, later ones more often."""
    places = [path for path, _ in draft.program.statements]
    last = (len(draft.program.block) - 1,)
    if draft.rng.random() < 0.5:
        return last
    return draft.rng.choice(places) if places else None


def _target(draft: Draft, scope: Scope) -> str | None:
    """Return a variable to change: the one that is returned as a rule."""
    returned = [
        str(s.expressions[0].value)
        for _, s in draft.program.statements
        if s.kind == "return" and s.expressions[0].form is ex.NAME
    ]
    own = [
        name
        for name in scope.visible()
        if name not in draft.material.language.constants and _changeable(scope, name)
    ]
    wanted = [name for name in own if name in returned and name not in draft.material.language.arguments]
    local = [name for name in own if name not in draft.material.language.arguments]
    choices = wanted if wanted and draft.rng.random() < 0.75 else local
    return draft.rng.choice(choices) if choices else None


def _changeable(scope: Scope, name: str) -> bool:
    type = scope.types[name]
    return is_scalar(type) or is_numeric_array(type) or type.kind in ("str", "sequence")


def _loops_around(draft: Draft, path: StatementPath) -> int:
    """Return how many for statements a place stands in."""
    block = draft.program.block
    return sum(st.statement_at(block, path[:end]).kind == "for" for end in range(1, len(path), 2))


def delete(draft: Draft) -> Block | None:
    """Delete a statement, or the head of an if or for, leaving what stands in it."""
    deletable = [(path, s) for path, s in draft.program.statements if len(path) > 1 or s.kind != "return"]
    if not deletable:
        return None
    path, statement = draft.rng.choice(deletable)
    if statement.kind == "if" and draft.rng.random() < 0.5:
        return st.spliced(draft.program.block, path, 1, draft.rng.choice(statement.blocks))
    return st.spliced(draft.program.block, path, 1, ())


def duplicate(draft: Draft) -> Block | None:
    """Repeat a statement with something in the copy changed."""
    repeatable = [
        (p, s) for p, s in draft.program.statements if s.kind in ("augment", "element", "if", "for")
    ]
    repeatable += [(p, s) for p, s in draft.program.statements if s.kind == "assign" and _reads_its_target(s)]
    if not repeatable:
        return None
    path, statement = draft.rng.choice(repeatable)
    after = (*path[:-1], path[-1] + 1)
    twice = Program(st.spliced(draft.program.block, after, 0, [statement]))
    copies = [site for site in twice.sites if site.statement[: len(after)] == after]
    return _changed_at(replace(draft, program=twice), copies)


def _reads_its_target(statement: Statement) -> bool:
    return any(name == statement.targets[0] for name, _ in statement.expressions[0].free)


def _changed_at(draft: Draft, places: Sequence[Site]) -> Block | None:
    """Return the program with an expression changed at one of `places`."""
    program = _Confined(draft.program.block, places)
    return _CHANGES.spin(draft.rng)(replace(draft, program=program))


class _Confined(Program):
    """A program that shows operators only some of its expressions."""

    def __init__(self, block: Block, places: Sequence[Site]) -> None:
        super().__init__(block)
        self.__dict__["sites"] = list(places)


def local(draft: Draft) -> Block | None:
    """Give an expression a variable of its own, wherever it stands, and change what the variable holds."""
    site = draft.pick_site(lambda node: node.size >= 3 and not node.lenient and node.type is not ANY)
    if site is None:
        return None
    block = draft.program.block
    root = st.statement_at(block, site.statement).expressions[site.number]
    bound = ex.bound_at(root, site.path)
    if any(known in bound for known, _ in site.node.free):
        return None
    name = draft.new_name()
    variable = ex.name(name, site.node.type)
    for other in draft.program.sites:
        if other.node.text == site.node.text and other.statement >= site.statement:
            block = st.with_node(block, other, variable) or block
    block = st.spliced(block, site.statement, 0, [st.assign(name, site.node)])
    settled = settle(block, draft.material.language)
    if settled is None:
        return None
    program = Program(settled)
    held = [s for s in program.sites if s.statement == site.statement]
    return _changed_at(replace(draft, program=program), held)


def repeat(draft: Draft) -> Block | None:
    """Put a statement that changes a variable into a loop, or let a new loop add to a number."""
    draft = _with_result_in_variable(draft)
    changing = [
        (path, s)
        for path, s in draft.program.statements
        if (s.kind == "augment" or (s.kind == "assign" and _reads_its_target(s)))
        and _loops_around(draft, path) < MOST_LOOPS
    ]
    if changing and draft.rng.random() < 0.4:
        return _looped(draft, *draft.rng.choice(changing))
    path = (len(draft.program.block) - 1,)
    scope = draft.scope(path)
    target = _target(draft, scope)
    if target is None or not is_scalar(scope.types[target]) or scope.types[target] is BOOL:
        return _looped(draft, *draft.rng.choice(changing)) if changing else None
    return st.spliced(draft.program.block, path, 0, [loop(draft.grower(scope.visible()), target)])


def _looped(draft: Draft, path: StatementPath, statement: Statement) -> Block | None:
    """Return the program with a statement in a loop, whose variable stands in it somewhere."""
    grower = draft.grower(draft.scope(path).visible())
    names, iterable = seq.loop(grower)
    target = statement.targets[0]
    value = statement.expressions[0]
    scalars = [place for place, node in ex.nodes(value) if is_scalar(node.type) and node.value != target]
    if not scalars:
        return None
    changed = ex.replaced(value, draft.rng.choice(scalars), grower.inside(names, iterable).whole(1))
    if changed is None:
        return None
    body = (replace(statement, expressions=(changed,)),)
    return st.spliced(draft.program.block, path, 1, [st.loop(names, iterable, body)])


def branch(draft: Draft) -> Block | None:
    """Put a statement under a condition, or return early under one."""
    rng = draft.rng
    kinds = ("augment", "element", "assign", "return", "raw")
    choices = [(p, s) for p, s in draft.program.statements if s.kind in kinds]
    if not choices:
        return None
    path, statement = rng.choice(choices)
    scope = draft.scope(path)
    grower = draft.grower(scope.visible())
    condition = grower.truth(2)
    if statement.kind in ("return", "raw"):
        early = _early(draft, grower, statement)
        if early is None:
            return None
        return st.spliced(draft.program.block, path, 0, [st.conditional(condition, (early,))])
    if statement.kind == "assign" and (
        len(statement.targets) != 1 or statement.targets[0] not in scope.certain
    ):
        return None
    return st.spliced(draft.program.block, path, 1, [st.conditional(condition, (statement,))])


def _early(draft: Draft, grower: Grower, statement: Statement) -> Statement | None:
    """Return a return statement to put before another statement."""
    value = statement.expressions[0] if statement.kind == "return" else None
    if value is not None and (is_scalar(value.type) or is_numeric_array(value.type)):
        return st.returning(variation(draft, grower, value))
    grown = grower.grow(draft.material.language.returns, 3)
    return None if grown is None else st.returning(grown)
