"""Expressions as typed trees that are never changed: an edit makes new nodes on the way to the root only."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from fsdb.samplers.mutation.types import ANY, BOOL, FLOAT, INT, STR, Type, elements, fits

# How tightly Python's operators bind, loosest first.
LOOSEST, OR, AND, NOT, COMPARE, BIT_OR, BIT_XOR, BIT_AND, SHIFT, SUM, PRODUCT, SIGN, POWER, ATOM = range(14)

Path = tuple[int, ...]
"""The way from a root to a node: the number of a child at each step."""

Typing = Callable[[Sequence["Expression"]], Type | None]
"""Tells the type of a form's result from its children; None where they do not suit it."""


@dataclass(frozen=True, eq=False)
class Form:
    """A way of making an expression out of others: the text between them, and what it means for types.

    `binding` is how tightly its text binds, `needs` how tightly each child must bind to stand without
    parentheses (for all further children the last one counts). `loops` marks a comprehension: its children
    are the element, what is looped over, and perhaps a condition; the expression's `value` holds the loop
    variables. `total` says that it cannot raise, `makes` that its result is a new object, never a child.
    `loosely` guesses the type where `typing` refuses what a program that was read does all the same.
    """

    name: str
    parts: tuple[str, ...]
    typing: Typing
    binding: int = ATOM
    needs: tuple[int, ...] = (LOOSEST,)
    loops: bool = False
    total: bool = False
    makes: bool = False
    loosely: Typing | None = None


class Expression:
    """One node: a form and its children, the type, the number of nodes, how deeply they and loops are nested.

    `value` is a name, a constant, a raw text or the loop variables, depending on the form. `lenient` marks a
    node that was read from a program and fits no rule here: it is kept as it is, its type unknown.
    """

    __slots__ = (
        "_free", "_text", "children", "depth", "form", "lenient", "loops", "simple", "size", "type", "value"
    )  # fmt: skip

    def __init__(
        self,
        form: Form,
        children: tuple[Expression, ...],
        type: Type,
        value: object = None,
        lenient: bool = False,
    ) -> None:
        self.form = form
        self.children = children
        self.type = type
        self.value = value
        self.lenient = lenient
        self.simple = False
        size, depth, loops = 1, 0, 0
        for child in children:
            size += child.size
            if child.depth > depth:
                depth = child.depth
            if child.loops > loops:
                loops = child.loops
        self.size: int = size
        self.depth: int = depth + 1
        self.loops: int = loops + form.loops
        self._text: str | None = None
        self._free: tuple[tuple[str, Type], ...] | None = None

    @property
    def text(self) -> str:
        """Python for it, in the spacing of `ast.unparse`."""
        if self._text is None:
            self._text = self._render()
        return self._text

    @property
    def binding(self) -> int:
        """How tightly its text binds."""
        if self.form is CONSTANT and self.text[0] == "-":
            return SIGN
        return self.form.binding

    @property
    def free(self) -> tuple[tuple[str, Type], ...]:
        """The names that it reads from around it, each once, with the types that it takes them to have."""
        if self._free is None:
            self._free = _free(self)
        return self._free

    def __repr__(self) -> str:
        return f"<{self.text}: {self.type!r}>"

    def _render(self) -> str:
        form = self.form
        if form in LEAVES:
            return _leaf_text(self)
        needs = form.needs
        last = len(needs) - 1
        pieces = [form.parts[0]]
        for number, child in enumerate(self.children):
            text = child.text
            if child.binding < needs[min(number, last)] or (number == 0 and _is_bare_number(form, child)):
                text = f"({text})"
            pieces.append(text)
            pieces.append(form.parts[number + 1])
        return "".join(pieces)


def _leaf_text(leaf: Expression) -> str:
    if leaf.form is NAME:
        return str(leaf.value)
    if leaf.form is RAW:
        assert isinstance(leaf.value, tuple)
        return str(leaf.value[0])
    return repr(leaf.value)


def _is_bare_number(form: Form, child: Expression) -> bool:
    """Whether a dot after the child's digits would be read as a decimal point."""
    return form.parts[0] == "" and child.form is CONSTANT and form.parts[1].startswith(".")


def _leaf(children: Sequence[Expression]) -> Type | None:
    return None


NAME = Form("name", ("",), _leaf, total=True)
CONSTANT = Form("constant", ("",), _leaf, total=True, makes=True)
RAW = Form("raw", ("",), _leaf, binding=LOOSEST)
"""Text that is carried along unread; `value` is the text and the names in it."""
LEAVES = frozenset((NAME, CONSTANT, RAW))
DIVISIONS = frozenset(("div", "floordiv", "mod"))


def name(identifier: str, type: Type) -> Expression:
    """Return a variable."""
    return Expression(NAME, (), type, identifier)


def constant(value: object) -> Expression:
    """Return a literal: a number, a truth value, a string or None."""
    kinds = {bool: BOOL, int: INT, float: FLOAT, str: STR}
    return Expression(CONSTANT, (), kinds.get(type(value), ANY), value)


def raw(text: str, names: tuple[str, ...]) -> Expression:
    """Return text that is carried along unread; `names` are those that it may read from around it."""
    return Expression(RAW, (), ANY, (text, names), True)


def trusted(node: Expression, type: Type) -> Expression:
    """Return a node of unknown type as one of `type`; an edit of it makes its type unknown again."""
    return Expression(node.form, node.children, type, node.value, True)


def make(
    form: Form, children: tuple[Expression, ...], value: object = None, lenient: bool = False
) -> Expression | None:
    """Return a node, None where its children do not suit its form; if `lenient`, then one of unknown type."""
    type = form.typing(children)
    if type is not None:
        return Expression(form, children, type, value)
    if not lenient:
        return None
    type = form.loosely(children) if form.loosely is not None else None
    return Expression(form, children, type or ANY, value, True)


def remake(node: Expression, children: tuple[Expression, ...]) -> Expression | None:
    """Return `node` with other children, None where they do not suit it."""
    return make(node.form, children, node.value, node.lenient)


def at(root: Expression, path: Path) -> Expression:
    """Return the node at the end of `path`."""
    for step in path:
        root = root.children[step]
    return root


def replaced(root: Expression, path: Path, new: Expression) -> Expression | None:
    """Return `root` with the node at `path` replaced, None where the types do not allow it."""
    if not path:
        return new
    child = replaced(root.children[path[0]], path[1:], new)
    if child is None:
        return None
    children = root.children
    return remake(root, (*children[: path[0]], child, *children[path[0] + 1 :]))


def nodes(root: Expression) -> list[tuple[Path, Expression]]:
    """Return each node with its path, parents before children."""
    found: list[tuple[Path, Expression]] = []
    _collect(root, (), found)
    return found


def _collect(root: Expression, path: Path, found: list[tuple[Path, Expression]]) -> None:
    found.append((path, root))
    for number, child in enumerate(root.children):
        _collect(child, (*path, number), found)


def bound_at(root: Expression, path: Path) -> dict[str, Type]:
    """Return the loop variables of comprehensions that the node at `path` can see."""
    bound: dict[str, Type] = {}
    for step in path:
        if root.form.loops and step != 1:
            bound.update(loop_variables(root))
        root = root.children[step]
    return bound


def loop_variables(comprehension: Expression) -> dict[str, Type]:
    """Return a comprehension's loop variables and their types."""
    names = comprehension.value
    assert isinstance(names, tuple)
    types = elements(comprehension.children[1].type, len(names)) or (ANY,) * len(names)
    return dict(zip(names, types, strict=True))


def retyped(root: Expression, types: Mapping[str, Type]) -> Expression | None:
    """Return `root` with its free names given the types in `types`; None where it then makes no sense."""
    for known, type in root.free:
        if types.get(known, type) is not type:
            break
    else:
        return root
    if root.form is NAME:
        identifier = str(root.value)
        return name(identifier, types[identifier])
    if root.form is RAW:
        return root
    if not root.form.loops:
        children = []
        for child in root.children:
            new = retyped(child, types)
            if new is None:
                return None
            children.append(new)
        return remake(root, tuple(children))
    iterable = retyped(root.children[1], types)
    if iterable is None:
        return None
    looped = remake(root, (root.children[0], iterable, *root.children[2:]))
    inner = {**types, **loop_variables(looped or root)}
    rest = [retyped(child, inner) for child in (root.children[0], *root.children[2:])]
    if None in rest:
        return None
    element, *condition = [child for child in rest if child is not None]
    return remake(root, (element, iterable, *condition))


def substituted(root: Expression, news: Mapping[str, Expression]) -> Expression | None:
    """Return `root` with free names replaced; None where types, a raw text or a loop variable forbid it."""
    if not any(known in news for known, _ in root.free):
        return root
    if root.form is NAME:
        return news[str(root.value)]
    if root.form is RAW:
        return None
    if root.form.loops:
        caught = {known for known, _ in root.free if known in news}
        inside = {known for each in caught for known, _ in news[each].free}
        if inside.intersection(loop_variables(root)):
            return None
    children = []
    for child in root.children:
        new = substituted(child, news)
        if new is None:
            return None
        children.append(new)
    return remake(root, tuple(children))


def is_constant(node: Expression, value: object = None) -> bool:
    """Whether it is a literal, and where `value` is given, this number."""
    if node.form is not CONSTANT:
        return False
    return value is None or (node.value == value and type(node.value) in (int, float))


def same(first: Expression, second: Expression) -> bool:
    """Whether both are written alike."""
    return first is second or (first.size == second.size and first.text == second.text)


def is_total(root: Expression) -> bool:
    """Whether evaluating it cannot raise, as far as is known here."""
    if root.lenient or (root.children and root.type is ANY):
        return False
    divides = root.form.name in DIVISIONS and (
        root.type.kind == "array" or (is_constant(root.children[1]) and not is_constant(root.children[1], 0))
    )
    return (root.form.total or divides) and all(map(is_total, root.children))


def suits(node: Expression, wanted: Type) -> bool:
    """Whether it may stand where `wanted` is needed."""
    return fits(node.type, wanted)


def _free(root: Expression) -> tuple[tuple[str, Type], ...]:
    if root.form is NAME:
        return ((str(root.value), root.type),)
    if root.form is RAW:
        assert isinstance(root.value, tuple)
        return tuple((known, ANY) for known in root.value[1])
    if len(root.children) == 1:
        return root.children[0].free
    found: dict[str, Type] = {}
    for number, child in enumerate(root.children):
        for known, type in child.free:
            if known not in found and not (root.form.loops and number != 1 and known in loop_variables(root)):
                found[known] = type
    return tuple(found.items())
