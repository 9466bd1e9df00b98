"""Operators that combine two programs. Each returns the new body, None where it does not apply."""

from __future__ import annotations

from dataclasses import replace

from fsdb.samplers.mutation import expressions as ex
from fsdb.samplers.mutation import forms as fm
from fsdb.samplers.mutation import statements as st
from fsdb.samplers.mutation.chance import Wheel
from fsdb.samplers.mutation.draft import Draft, Program
from fsdb.samplers.mutation.expressions import Expression
from fsdb.samplers.mutation.statements import Block, Statement
from fsdb.samplers.mutation.types import BOOL, Type, array, fits, is_numeric_array, is_scalar


def crossover(draft: Draft) -> Block | None:
    """Combine the program with another of the prompt: exchange differing places, take over an expression or a
    statement, or return something made of both results."""
    mate = _mate(draft)
    return None if mate is None else _KINDS.spin(draft.rng)(draft, mate)


def _mate(draft: Draft) -> Program | None:
    """Return another program of the prompt that is not written alike."""
    others = [mate for mate in draft.mates if mate.text != draft.program.text]
    return draft.rng.choice(others) if others else None


def _mix(draft: Draft, mate: Program) -> Block | None:
    """Take some of the places at which two programs of like build differ from the other one."""
    if len(draft.program.block) != len(mate.block):
        return None
    return tuple(_mixed_statement(draft, *pair) for pair in zip(draft.program.block, mate.block, strict=True))


def _mixed_statement(draft: Draft, own: Statement, other: Statement) -> Statement:
    alike = own.kind == other.kind and own.targets == other.targets and own.operator is other.operator
    if not alike or own.kind == "raw" or list(map(len, own.blocks)) != list(map(len, other.blocks)):
        return other if draft.rng.random() < 0.5 else own
    expressions = tuple(
        _mixed(draft, first, second) for first, second in zip(own.expressions, other.expressions, strict=True)
    )
    blocks = tuple(
        tuple(_mixed_statement(draft, *pair) for pair in zip(first, second, strict=True))
        for first, second in zip(own.blocks, other.blocks, strict=True)
    )
    return replace(own, expressions=expressions, blocks=blocks)


def _mixed(draft: Draft, own: Expression, other: Expression) -> Expression:
    if ex.same(own, other):
        return own
    alike = own.form is other.form and own.children and len(own.children) == len(other.children)
    if not alike or own.value != other.value:
        return other if draft.rng.random() < 0.5 and fits(other.type, own.type) else own
    children = tuple(_mixed(draft, *pair) for pair in zip(own.children, other.children, strict=True))
    return ex.remake(own, children) or own


def _take_expression(draft: Draft, mate: Program) -> Block | None:
    """Put an expression of the other program in the place of one."""
    site = draft.pick_site(lambda node: node.form is not ex.CONSTANT)
    if site is None:
        return None
    visible = draft.visible(site)
    definitions = _definitions(mate)
    candidates = []
    for other in mate.sites:
        if other.node.form is ex.CONSTANT or not fits(other.node.type, site.node.type):
            continue
        node = _made_visible(other.node, visible, definitions)
        if node is not None and node.text != site.node.text:
            candidates.append(node)
    if not candidates:
        return None
    return st.with_node(draft.program.block, site, draft.rng.choice(candidates))


def _definitions(program: Program) -> dict[str, Expression]:
    """Return the variables that a program assigns once, at its top level, with what they hold."""
    counts: dict[str, int] = {}
    for _, statement in program.statements:
        for target in statement.targets:
            counts[target] = counts.get(target, 0) + 1
    found: dict[str, Expression] = {}
    for statement in program.block:
        if statement.kind == "assign" and len(statement.targets) == 1 and counts[statement.targets[0]] == 1:
            inlined = ex.substituted(statement.expressions[0], found)
            if inlined is not None:
                found[statement.targets[0]] = inlined
    return found


def _made_visible(
    node: Expression, visible: dict[str, Type], definitions: dict[str, Expression]
) -> Expression | None:
    """Return an expression of the other program for a place with these variables, None if it needs more."""
    missing = {known for known, type in node.free if known in definitions and visible.get(known) is not type}
    if missing:
        inlined = ex.substituted(node, {known: definitions[known] for known in missing})
        if inlined is None:
            return None
        node = inlined
    return node if all(visible.get(known) is type for known, type in node.free) else None


def _take_statement(draft: Draft, mate: Program) -> Block | None:
    """Insert a statement of the other program, its variable renamed to one of this program."""
    adjusting = [s for _, s in mate.statements if s.kind in ("augment", "element", "if", "for", "assign")]
    if not adjusting:
        return None
    statement = draft.rng.choice(adjusting)
    path, _ = draft.rng.choice(draft.program.statements)
    visible = draft.scope(path).visible()
    own = [name for name in visible if name not in draft.material.language.arguments]
    definitions = _definitions(mate)
    targets = {
        t
        for s in [statement, *(s for _, s in st.walk(tuple(b for blk in statement.blocks for b in blk)))]
        for t in s.targets
    }
    renaming: dict[str, str] = {}
    for target in sorted(targets):
        if target not in visible and own and statement.kind != "for":
            renaming[target] = draft.rng.choice(own)
    moved = _moved(statement, renaming, visible, definitions)
    return None if moved is None else st.spliced(draft.program.block, path, 0, [moved])


def _moved(
    statement: Statement,
    renaming: dict[str, str],
    visible: dict[str, Type],
    definitions: dict[str, Expression],
) -> Statement | None:
    """Return a statement with its variables renamed, and those inlined that are not there."""
    if statement.kind in ("raw", "return", "bare"):
        return None
    news = {
        known: held for known, held in definitions.items() if known not in visible and known not in renaming
    }
    news |= {old: ex.name(new, visible[new]) for old, new in renaming.items()}
    expressions = tuple(ex.substituted(expression, news) for expression in statement.expressions)
    blocks = tuple(
        tuple(_moved(inner, renaming, visible, definitions) for inner in block) for block in statement.blocks
    )
    if None in expressions or any(None in block for block in blocks):
        return None
    targets = tuple(renaming.get(target, target) for target in statement.targets)
    return replace(statement, targets=targets, expressions=expressions, blocks=blocks)  # type: ignore[arg-type]


def _blend(draft: Draft, mate: Program) -> Block | None:
    """Return something made of both results: a sum, the larger, or one or the other under a condition."""
    own, other = draft.program.block, mate.block
    if own[-1].kind != "return" or other[-1].kind != "return":
        return None
    inlined = ex.substituted(other[-1].expressions[0], _definitions(mate))
    prefix = own[:-1]
    scope = draft.scope((len(own) - 1,))
    visible = scope.visible()
    if inlined is None or not all(visible.get(known) is type for known, type in inlined.free):
        return None
    blended = _blended(draft, visible, own[-1].expressions[0], inlined)
    return None if blended is None else (*prefix, st.returning(blended))


def _blended(draft: Draft, visible: dict[str, Type], own: Expression, other: Expression) -> Expression | None:
    grower = draft.grower(visible)
    is_array = is_numeric_array(own.type)
    if not is_array and not is_scalar(own.type):
        return ex.make(fm.EITHER, (own, grower.truth(2), other))
    luck = draft.rng.random()
    if luck < 0.5:
        weighted = grower.made(fm.MUL, grower.constant(), other) if luck < 0.3 else other
        return ex.make(fm.ADD, (own, weighted))
    if luck < 0.6:
        names = ("numpy.maximum", "numpy.minimum") if is_array else ("max2", "min2")
        return grower.function(draft.rng.choice(names), own, other)
    where = draft.material.language.library.get("numpy.where")
    if is_array and where is not None and luck < 0.85:
        mask = grower.grow(array(BOOL, own.type.shape), 2)
        return ex.make(where, (mask, own, other)) if mask is not None else None
    return ex.make(fm.EITHER, (own, grower.truth(2), other))


_KINDS = Wheel([(3, _mix), (4, _take_expression), (2, _take_statement), (1.5, _blend)])
