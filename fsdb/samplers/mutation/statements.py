"""Statements and blocks of them, never changed in place, and how they are written and edited."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from fsdb.samplers.mutation import expressions as ex
from fsdb.samplers.mutation.expressions import Expression, Form, Path
from fsdb.samplers.mutation.forms import operator_sign

Kind = Literal["assign", "augment", "element", "if", "for", "return", "call", "bare", "raw"]


@dataclass(frozen=True, eq=False)
class Statement:
    """One statement; what its fields hold depends on its kind.

    - assign: `targets = expression`
    - augment: `target operator= expression`
    - element: `target[first expression] operator= second`, without operator where that is None
    - if: `if expression: blocks[0] else: blocks[1]`
    - for: `for targets in expression: blocks[0]`
    - return, call: the expression
    - bare: `text`, which is break, continue or pass
    - raw: `text`, carried along unread, which assigns `targets`, reads `reads` and may `leave` the function

    `lenient` marks what was read from a program though it would not be made here.
    """

    kind: Kind
    targets: tuple[str, ...] = ()
    operator: Form | None = None
    expressions: tuple[Expression, ...] = ()
    blocks: tuple[Block, ...] = ()
    text: str = ""
    reads: tuple[str, ...] = ()
    leaves: bool = False
    lenient: bool = False


Block = tuple[Statement, ...]

StatementPath = tuple[int, ...]
"""The way to a statement: its number in the block; then, inside, a block's number and a number there."""


def assign(target: str, expression: Expression) -> Statement:
    """Return `target = expression`."""
    return Statement("assign", (target,), None, (expression,))


def augment(target: str, operator: Form, expression: Expression) -> Statement:
    """Return `target operator= expression`."""
    return Statement("augment", (target,), operator, (expression,))


def element(target: str, index: Expression, operator: Form | None, expression: Expression) -> Statement:
    """Return `target[index] operator= expression`."""
    return Statement("element", (target,), operator, (index, expression))


def conditional(condition: Expression, then: Block, otherwise: Block = ()) -> Statement:
    """Return an if statement."""
    return Statement("if", expressions=(condition,), blocks=(then, otherwise))


def loop(targets: tuple[str, ...], iterable: Expression, body: Block) -> Statement:
    """Return a for statement."""
    return Statement("for", targets, expressions=(iterable,), blocks=(body,))


def returning(expression: Expression) -> Statement:
    """Return a return statement."""
    return Statement("return", expressions=(expression,))


def with_expression(statement: Statement, number: int, new: Expression) -> Statement:
    """Return the statement with one of its expressions replaced."""
    expressions = statement.expressions
    return replace(statement, expressions=(*expressions[:number], new, *expressions[number + 1 :]))


def with_block(statement: Statement, number: int, new: Block) -> Statement:
    """Return the statement with one of its blocks replaced."""
    blocks = statement.blocks
    return replace(statement, blocks=(*blocks[:number], new, *blocks[number + 1 :]))


def render(block: Block, indent: str, level: int = 1) -> list[str]:
    """Return the lines of a block, each indented by `level` times `indent`."""
    lines: list[str] = []
    margin = indent * level
    for statement in block:
        if statement.kind == "if":
            _render_if(statement, indent, level, "if", lines)
        elif statement.kind == "for":
            targets = ", ".join(statement.targets)
            lines.append(f"{margin}for {targets} in {statement.expressions[0].text}:")
            lines += render(statement.blocks[0], indent, level + 1)
        else:
            lines += [margin + line for line in _simple_text(statement).split("\n")]
    return lines or [f"{margin}pass"]


def _render_if(statement: Statement, indent: str, level: int, keyword: str, lines: list[str]) -> None:
    margin = indent * level
    then, otherwise = statement.blocks
    lines.append(f"{margin}{keyword} {statement.expressions[0].text}:")
    lines += render(then, indent, level + 1)
    if len(otherwise) == 1 and otherwise[0].kind == "if":
        _render_if(otherwise[0], indent, level, "elif", lines)
    elif otherwise:
        lines.append(f"{margin}else:")
        lines += render(otherwise, indent, level + 1)


def _simple_text(statement: Statement) -> str:
    texts = [expression.text for expression in statement.expressions]
    sign = f" {operator_sign(statement.operator)}= " if statement.operator is not None else " = "
    match statement.kind:
        case "assign":
            return f"{', '.join(statement.targets)} = {texts[0]}"
        case "augment":
            return f"{statement.targets[0]}{sign}{texts[0]}"
        case "element":
            return f"{statement.targets[0]}[{texts[0]}]{sign}{texts[1]}"
        case "return":
            return f"return {texts[0]}"
        case "call":
            return texts[0]
        case _:
            return statement.text


def walk(block: Block, path: StatementPath = ()) -> Iterator[tuple[StatementPath, Statement]]:
    """Yield each statement with its path, in the order of the text."""
    for number, statement in enumerate(block):
        here = (*path, number)
        yield here, statement
        for inner, inner_block in enumerate(statement.blocks):
            yield from walk(inner_block, (*here, inner))


def statement_at(block: Block, path: StatementPath) -> Statement:
    """Return the statement at `path`."""
    statement = block[path[0]]
    return statement if len(path) == 1 else statement_at(statement.blocks[path[1]], path[2:])


def block_at(block: Block, path: StatementPath) -> Block:
    """Return the block that the statement at `path` stands in."""
    return block if len(path) == 1 else block_at(block[path[0]].blocks[path[1]], path[2:])


def spliced(block: Block, path: StatementPath, count: int, news: Sequence[Statement]) -> Block:
    """Return the block with `count` statements from `path` on replaced by `news`."""
    first = path[0]
    if len(path) == 1:
        return (*block[:first], *news, *block[first + count :])
    statement = block[first]
    inner = spliced(statement.blocks[path[1]], path[2:], count, news)
    return (*block[:first], with_block(statement, path[1], inner), *block[first + 1 :])


@dataclass(frozen=True)
class Site:
    """A place of an expression: its statement, which of that statement's expressions, and where in it."""

    statement: StatementPath
    number: int
    path: Path
    node: Expression


def sites(block: Block) -> list[Site]:
    """Return the place of every expression, in the order of the text."""
    return [
        Site(where, number, path, node)
        for where, statement in walk(block)
        for number, root in enumerate(statement.expressions)
        for path, node in ex.nodes(root)
    ]


def with_node(block: Block, site: Site, new: Expression) -> Block | None:
    """Return the block with the expression at a site replaced, None where the types do not allow it."""
    statement = statement_at(block, site.statement)
    root = ex.replaced(statement.expressions[site.number], site.path, new)
    if root is None:
        return None
    return spliced(block, site.statement, 1, [with_expression(statement, site.number, root)])


def size(block: Block) -> int:
    """Return how many nodes a block has; a raw text counts by its length."""
    total = 0
    for statement in block:
        total += 1 + len(statement.text) // 6
        for expression in statement.expressions:
            total += expression.size
        for inner in statement.blocks:
            total += size(inner)
    return total


def depth(block: Block) -> int:
    """Return how deeply blocks and expressions are nested."""
    deepest = 0
    for statement in block:
        for expression in statement.expressions:
            deepest = max(deepest, expression.depth)
        for inner in statement.blocks:
            deepest = max(deepest, depth(inner))
    return deepest + 1


def loop_depth(block: Block) -> int:
    """Return how many loops stand inside one another at most, comprehensions included."""
    deepest = 0
    for statement in block:
        for expression in statement.expressions:
            deepest = max(deepest, expression.loops)
        for inner in statement.blocks:
            deepest = max(deepest, loop_depth(inner) + (statement.kind == "for"))
    return deepest


def assigned(block: Block) -> set[str]:
    """Return the names that a block may assign; for membership only, a set has no order."""
    return {target for _, statement in walk(block) for target in statement.targets}


def names_in(block: Block) -> set[str]:
    """Return every name that stands anywhere in a block; for membership only."""
    found = assigned(block)
    for _, statement in walk(block):
        found.update(statement.reads)
        for root in statement.expressions:
            for _, node in ex.nodes(root):
                if node.form is ex.NAME:
                    found.add(str(node.value))
                elif node.form is ex.RAW:
                    found.update(known for known, _ in node.free)
                elif node.form.loops:
                    found.update(ex.loop_variables(node))
    return found


def always_leaves(block: Block) -> bool:
    """Whether a block cannot end without returning, or (raw text) is trusted to return."""
    if not block:
        return False
    last = block[-1]
    if last.kind == "if":
        return all(map(always_leaves, last.blocks))
    return last.kind == "return" or (last.kind == "raw" and last.leaves)
