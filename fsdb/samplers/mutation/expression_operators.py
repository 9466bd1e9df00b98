"""Operators that change one expression. Each returns the new body, None where it does not apply."""

from __future__ import annotations

import random

from fsdb.samplers.mutation import expressions as ex
from fsdb.samplers.mutation import forms as fm
from fsdb.samplers.mutation import numpy_idioms
from fsdb.samplers.mutation import sequence_idioms as seq
from fsdb.samplers.mutation.chance import Wheel, any_constant, rounded
from fsdb.samplers.mutation.draft import Draft
from fsdb.samplers.mutation.expressions import Expression
from fsdb.samplers.mutation.growing import Grower
from fsdb.samplers.mutation.statements import Block, Site, with_node
from fsdb.samplers.mutation.types import ANY, BOOL, INT, fits, is_mask, is_numeric_array, is_scalar

_HOW_MANY = Wheel([(7, 1), (2, 2), (1, 3)])
_SWAPPED_SIDES = frozenset(("sub", "div", "lt", "le", "gt", "ge", "floordiv", "mod", "pow"))


def constant(draft: Draft) -> Block | None:
    """Change one to three literals: perturb, scale, replace, or step by whole numbers."""
    block = draft.program.block
    literals = [site for site in draft.program.sites if _is_literal(site.node)]
    if not literals:
        return None
    for site in draft.rng.sample(literals, min(_HOW_MANY.spin(draft.rng), len(literals))):
        new = ex.constant(_changed(draft, site.node.value))
        block = with_node(block, site, new) or block
    return block


def _is_literal(node: Expression) -> bool:
    return node.form is ex.CONSTANT and node.value is not None


def _changed(draft: Draft, value: object) -> object:
    if isinstance(value, bool):
        return not value
    if isinstance(value, str):
        return draft.rng.choice(draft.material.language.strings or ("",))
    if isinstance(value, int) and (abs(value) < 20 or draft.rng.random() < 0.5):
        return _changed_whole(draft, value)
    assert isinstance(value, int | float)
    return _changed_real(draft, value)


def _changed_whole(draft: Draft, value: int) -> int | float:
    rng = draft.rng
    luck = rng.random()
    if luck < 0.5:
        return value + rng.choice((-1, 1))
    if luck < 0.62:
        return value + rng.choice((-3, -2, 2, 3))
    if luck < 0.7:
        return value * 2
    if luck < 0.74:
        return -value
    if luck < 0.84:
        return rounded((value or 1) * rng.lognormvariate(0, 0.5))
    return any_constant(rng, draft.material.language.numbers, draft.program.literals)


def _changed_real(draft: Draft, value: float) -> int | float:
    rng = draft.rng
    luck = rng.random()
    if luck < 0.4:
        return rounded(value * rng.lognormvariate(0, 0.25), 3)
    if luck < 0.65:
        return rounded(value * rng.lognormvariate(0, 1))
    if luck < 0.75:
        return rounded(value + rng.gauss(0, 1))
    if luck < 0.8:
        return -value
    if luck < 0.87:
        return round(value) if abs(value) < 1e9 else value
    return any_constant(rng, draft.material.language.numbers, draft.program.literals)


def terminal(draft: Draft) -> Block | None:
    """Put another variable, literal or short expression in the place of a variable or a literal."""
    site = draft.pick_site(lambda node: node.form in (ex.NAME, ex.CONSTANT) and node.value is not None)
    if site is None:
        return None
    grower = draft.grower_at(site)
    wanted = site.node.type
    of = draft.indexed(site)
    if of is not None:
        return with_node(draft.program.block, site, seq.index(grower, of))
    names = [
        n
        for n, type in grower.types.items()
        if n != site.node.value and fits(type, wanted) and type is not ANY
    ]
    if names and draft.rng.random() < 0.6:
        return with_node(draft.program.block, site, grower.variable(draft.rng.choice(names)))
    new = grower.grow(wanted, 0)
    return None if new is None else with_node(draft.program.block, site, new)


def swap(draft: Draft) -> Block | None:
    """Put another operator, comparison or function in the place of one, or turn its two sides round."""
    alternatives = draft.material.language.library.alternatives

    def suits(node: Expression) -> bool:
        name = node.form.name
        return node.form in alternatives or name in ("either", "numpy.where", "index") or node.form.loops

    site = draft.pick_site(suits)
    if site is None:
        return None
    new = _swapped(draft, site.node)
    return None if new is None else with_node(draft.program.block, site, new)


def _swapped(draft: Draft, node: Expression) -> Expression | None:
    rng = draft.rng
    name = node.form.name
    if name == "either":
        return ex.make(fm.EITHER, node.children[::-1])
    if name == "numpy.where":
        return ex.make(node.form, (node.children[0], node.children[2], node.children[1]))
    if node.form.loops:
        return _swapped_loop(rng, node)
    if name == "index":
        return _swapped_index(draft, node)
    if name in _SWAPPED_SIDES and rng.random() < 0.25:
        return ex.make(node.form, node.children[::-1])
    others = draft.material.language.library.alternatives[node.form]
    return ex.make(rng.choice(others), node.children) if others else None


def _swapped_loop(rng: random.Random, node: Expression) -> Expression | None:
    functions = [f for f in ("sum", "max", "min", "any", "all") if f"for {f}" != node.form.name]
    assert isinstance(node.value, tuple)
    form = fm.comprehension(rng.choice(functions), node.value, len(node.children) == 3)
    return ex.make(form, node.children, node.value)


def _swapped_index(draft: Draft, node: Expression) -> Expression | None:
    """Return the element at another place: the next, the last but so many, or from the end."""
    of, index = node.children
    if index.type is not INT:
        return None
    if index.form is ex.CONSTANT:
        return ex.make(fm.INDEX, (of, ex.constant(draft.rng.choice((0, 1, 2, 3, -1, -2, -3)))))
    form = draft.rng.choice((fm.ADD, fm.SUB))
    return ex.make(fm.INDEX, (of, ex.make(form, (index, ex.constant(1))) or index))


def subtree(draft: Draft) -> Block | None:
    """Put a fresh random expression in the place of one."""
    site = _small_site(draft)
    if site is None:
        return None
    grower, of = draft.grower_at(site), draft.indexed(site)
    if of is not None:
        return with_node(draft.program.block, site, seq.index(grower, of))
    new = grower.grow(site.node.type, draft.rng.choice((1, 1, 2, 2, 3)))
    return None if new is None else with_node(draft.program.block, site, new)


def _small_site(draft: Draft) -> Site | None:
    """Return a site, of two drawn as a rule that of the smaller expression."""
    first, second = draft.pick_site(), draft.pick_site()
    if first is None or second is None:
        return None
    smaller, larger = sorted((first, second), key=lambda site: site.node.size)
    return smaller if draft.rng.random() < 0.75 else larger


def _is_number(node: Expression) -> bool:
    return is_numeric_array(node.type) or (is_scalar(node.type) and node.type is not BOOL)


def wrap(draft: Draft) -> Block | None:
    """Put an expression inside a larger one: a term more, a factor, a function of it, a second condition."""
    site = draft.pick_site(lambda node: _is_number(node) or node.type is BOOL or is_mask(node.type))
    if site is None:
        return None
    grower = draft.grower_at(site)
    new = _wrapped(draft, grower, site.node)
    return with_node(draft.program.block, site, new)


def _wrapped(draft: Draft, grower: Grower, node: Expression) -> Expression:
    rng = draft.rng
    if node.type is BOOL or is_mask(node.type):
        return _wrapped_truth(draft, grower, node)
    luck = rng.random()
    is_array = node.type.kind == "array"
    if luck < 0.45:
        term = grower.grow(node.type, 2) if not is_array or rng.random() < 0.7 else grower.number(1)
        term = term or grower.constant()
        if rng.random() < 0.5 and term.form is not ex.CONSTANT and node.type is not INT:
            term = grower.made(fm.MUL, grower.constant(), term)
        return grower.made(rng.choice((fm.ADD, fm.SUB)), node, term)
    if luck < 0.65:
        factor = grower.constant(whole=node.type is INT) if rng.random() < 0.5 else grower.grow(node.type, 1)
        return grower.made(fm.MUL, node, factor or grower.constant())
    if luck < 0.75:
        other = grower.grow(node.type, 1) if rng.random() < 0.5 else grower.number(1)
        names = ("numpy.maximum", "numpy.minimum") if is_array else ("max2", "min2")
        return grower.function(rng.choice(names), node, other or grower.constant())
    if luck < 0.83:
        return grower.made(rng.choice((fm.MOD, fm.MOD, fm.FLOORDIV)), node, grower.modulus())
    if is_array:
        return numpy_idioms.function(grower, node) if luck < 0.92 else numpy_idioms.power(grower, node)
    if luck < 0.9:
        return grower.made(fm.POW, node, ex.constant(2))
    return grower.function("abs", node) if luck < 0.96 else grower.made(fm.NEG, node)


def _wrapped_truth(draft: Draft, grower: Grower, node: Expression) -> Expression:
    rng = draft.rng
    masks = is_mask(node.type)
    if rng.random() < 0.2:
        return grower.made(fm.OPERATORS["Invert" if masks else "Not"], node)
    other = grower.grow(node.type, 1)
    if other is None:
        return node
    kind = rng.choice(("And", "Or"))
    return grower.made(fm.OPERATORS[f"Bit{kind}"] if masks else fm.BOTH[kind], node, other)


def hoist(draft: Draft) -> Block | None:
    """Put a part of an expression in the place of the whole."""
    site = draft.pick_site(lambda node: node.size > 1 and not node.lenient)
    if site is None:
        return None
    inner = [
        node
        for path, node in ex.nodes(site.node)
        if path and fits(node.type, site.node.type) and not _out_of_its_loop(site.node, path, node)
    ]
    return with_node(draft.program.block, site, draft.rng.choice(inner)) if inner else None


def _out_of_its_loop(root: Expression, path: ex.Path, node: Expression) -> bool:
    """Whether a part reads loop variables that only the inside of `root` has."""
    bound = ex.bound_at(root, path)
    return any(known in bound for known, _ in node.free)


def replicate(draft: Draft) -> Block | None:
    """Put an expression of the program in the place of another one of its type."""
    site = _small_site(draft)
    if site is None:
        return None
    visible = draft.visible(site)
    others = [
        other.node
        for other in draft.program.sites
        if other.node.type is site.node.type
        and other.node.text != site.node.text
        and all(visible.get(known) is type for known, type in other.node.free)
    ]
    return with_node(draft.program.block, site, draft.rng.choice(others)) if others else None


def guard(draft: Draft) -> Block | None:
    """Let an expression have another value under a condition: `… if … else …`, `np.where`."""
    site = draft.pick_site(_is_number)
    if site is None:
        return None
    grower = draft.grower_at(site)
    node = site.node
    where = draft.material.language.library.get("numpy.where")
    other = variation(draft, grower, node)
    if node.type.kind == "array" and where is not None and draft.rng.random() < 0.8:
        mask = numpy_idioms.mask(grower, node.type.shape, 2)
        new = ex.make(where, (mask, other, node)) if mask is not None else None
    else:
        new = ex.make(fm.EITHER, (other, grower.truth(2), node))
    return None if new is None else with_node(draft.program.block, site, new)


def variation(draft: Draft, grower: Grower, node: Expression) -> Expression:
    """Return what an expression becomes under a condition: itself shifted or scaled, or another one."""
    luck = draft.rng.random()
    if luck < 0.55:
        operator = draft.rng.choice((fm.ADD, fm.SUB, fm.SUB, fm.MUL))
        return grower.made(operator, node, grower.constant(whole=node.type is INT))
    if luck < 0.7:
        return grower.constant(whole=node.type is INT)
    return grower.grow(node.type, 2) or grower.constant()
