"""From a program's text to a block of statements; what is not understood is carried along as it is."""

from __future__ import annotations

import ast
import math
import warnings
from collections.abc import Mapping, Sequence

from fsdb.samplers.mutation import expressions as ex
from fsdb.samplers.mutation import forms as fm
from fsdb.samplers.mutation.expressions import Expression, Form
from fsdb.samplers.mutation.language import Language
from fsdb.samplers.mutation.scope import Scope
from fsdb.samplers.mutation.statements import Block, Statement
from fsdb.samplers.mutation.types import ANY

MOST_CHARACTERS = 20_000
"""Longer programs are not read: parsing hostile text can exhaust the parser."""

_DEEPEST = 60
_CARRIED = (
    ast.NamedExpr, ast.Await, ast.Yield, ast.YieldFrom, ast.Global, ast.Nonlocal, ast.Import, ast.ImportFrom,
    ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Delete,
)  # fmt: skip


class Unreadable(Exception):
    """The text is no program of this specification that can be worked with."""


def read(source: str, language: Language) -> Block:
    """Return the body of the program `source` without its docstring.

    Its arguments are renamed to the seed program's. Raises Unreadable where it does not parse, is too large,
    is not one function with as many arguments, or mentions itself or an ancestor.
    """
    function = _function(source)
    names = [argument.arg for argument in _arguments(function.args)]
    if len(names) != len(language.arguments):
        raise Unreadable("it takes other arguments")
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    nodes = [node for statement in body for node in ast.walk(statement)]
    _rename(nodes, _new_names(nodes, dict(zip(names, language.arguments, strict=True)), language))
    try:
        block = _Reader(language, any(isinstance(node, _CARRIED) for node in nodes)).block(body)
    except RecursionError:
        raise Unreadable("it is nested too deeply") from None
    return block


def _function(source: str) -> ast.FunctionDef:
    if len(source) > MOST_CHARACTERS:
        raise Unreadable("it is too long")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            body = ast.parse(source).body
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        raise Unreadable("it does not parse") from error
    if len(body) != 1 or not isinstance(body[0], ast.FunctionDef):
        raise Unreadable("it is not one function")
    return body[0]


def _arguments(given: ast.arguments) -> list[ast.arg]:
    stars = [[given.vararg] if given.vararg else [], [given.kwarg] if given.kwarg else []]
    return [*given.posonlyargs, *given.args, *given.kwonlyargs, *stars[0], *stars[1]]


def _new_names(nodes: Sequence[ast.AST], arguments: Mapping[str, str], of: Language) -> dict[str, str]:
    """Return how to rename variables: arguments as the seed program has them, none like a known function.

    Raises Unreadable where a new name is in use already.
    """
    named = {node.id for node in nodes if isinstance(node, ast.Name)}
    named |= {node.arg for node in nodes if isinstance(node, ast.arg)}
    stored = [node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
    stored += [node.arg for node in nodes if isinstance(node, ast.arg)]
    news = {old: new for old, new in arguments.items() if old != new}
    news |= {name: f"{name}_" for name in stored if name in of.functions and name not in news}
    if any(new in named and new not in news for new in news.values()):
        raise Unreadable("its arguments have other names, and the right ones are in use")
    return news


def _rename(nodes: Sequence[ast.AST], news: Mapping[str, str]) -> None:
    """Rename variables in place."""
    for node in nodes if news else ():
        if isinstance(node, ast.Name):
            node.id = news.get(node.id, node.id)
        elif isinstance(node, ast.arg):
            node.arg = news.get(node.arg, node.arg)


class _Reader:
    """Reads one body from top to bottom, keeping the types of the variables so far."""

    def __init__(self, language: Language, carries: bool) -> None:
        """`carries` says whether anything in the body is to be carried along unread."""
        self.language = language
        self.carries = carries
        self.scope = Scope(language)
        self.depth = 0

    def block(self, body: Sequence[ast.stmt]) -> Block:
        return tuple(statement for node in body for statement in self._statement(node))

    def _statement(self, node: ast.stmt) -> list[Statement]:
        self._descend()
        statement = (
            None if any(isinstance(inner, _CARRIED) for inner in ast.walk(node)) else self._known(node)
        )
        self.depth -= 1
        if statement is None:
            statement = self._carried(node)
        if statement.kind == "bare" and statement.text == "pass":
            return []
        entered = self.scope.enter(statement, strict=False)
        return [entered] if entered is not None else []

    def _descend(self) -> None:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise Unreadable("it is nested too deeply")

    def _known(self, node: ast.stmt) -> Statement | None:
        """Return a statement of a kind that is understood, else None."""
        match node:
            case ast.Assign(targets=[ast.Name(id=target)], value=value):
                return Statement("assign", (target,), None, (self._expression(value),))
            case ast.AnnAssign(target=ast.Name(id=target), value=ast.expr() as value):
                return Statement("assign", (target,), None, (self._expression(value),))
            case ast.Assign(targets=[ast.Tuple(elts=targets)], value=value):
                names = [each.id for each in targets if isinstance(each, ast.Name)]
                if len(names) != len(targets) or len(names) < 2:
                    return None
                return Statement("assign", tuple(names), None, (self._expression(value),))
            case ast.Assign(targets=[ast.Subscript(value=ast.Name(id=target), slice=index)], value=value):
                return self._element(target, index, None, value)
            case ast.AugAssign(target=ast.Name(id=target), op=operator, value=value):
                form = fm.OPERATORS.get(type(operator).__name__)
                return Statement("augment", (target,), form, (self._expression(value),)) if form else None
            case ast.AugAssign(
                target=ast.Subscript(value=ast.Name(id=target), slice=index), op=operator, value=value
            ):
                form = fm.OPERATORS.get(type(operator).__name__)
                return self._element(target, index, form, value) if form else None
            case ast.If(test=test, body=body, orelse=orelse):
                return self._if(test, body, orelse)
            case ast.For(target=target, iter=iterable, body=body, orelse=[]):
                return self._for(target, iterable, body)
            case ast.Return(value=ast.expr() as value):
                return Statement("return", (), None, (self._expression(value),))
            case ast.Expr(value=ast.Constant()):
                return Statement("bare", text="pass")
            case ast.Expr(value=value):
                return Statement("call", (), None, (self._expression(value),))
            case ast.Pass() | ast.Break() | ast.Continue():
                return Statement("bare", text=type(node).__name__.lower())
        return None

    def _element(
        self, target: str, index: ast.expr, operator: Form | None, value: ast.expr
    ) -> Statement | None:
        if isinstance(index, ast.Slice | ast.Tuple):
            return None
        return Statement("element", (target,), operator, (self._expression(index), self._expression(value)))

    def _if(self, test: ast.expr, body: list[ast.stmt], orelse: list[ast.stmt]) -> Statement:
        condition = self._expression(test)
        before = self.scope.copy()
        then = self.block(body)
        after_then, self.scope = self.scope, before
        otherwise = self.block(orelse)
        self.scope.merge(after_then, then, otherwise)
        return Statement("if", expressions=(condition,), blocks=(then, otherwise))

    def _for(self, target: ast.expr, iterable: ast.expr, body: list[ast.stmt]) -> Statement | None:
        names = _loop_names(target)
        if names is None:
            return None
        over = self._expression(iterable)
        before = self.scope.copy()
        self.scope.add_loop(names, over)
        inside = self.block(body)
        before.after_loop(self.scope)
        self.scope = before
        return Statement("for", names, expressions=(over,), blocks=(inside,))

    def _carried(self, node: ast.stmt) -> Statement:
        inner = list(ast.walk(node))
        stored = [n.id for n in inner if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)]
        stored += [n.name for n in inner if isinstance(n, ast.FunctionDef | ast.ClassDef)]
        stored += [(a.asname or a.name).partition(".")[0] for a in inner if isinstance(a, ast.alias)]
        loaded = [n.id for n in inner if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)]
        text = self._text(node)
        leaves = any(isinstance(n, ast.Return | ast.Raise) for n in inner)
        own = {n.arg for n in inner if isinstance(n, ast.arg)} | set(stored)
        reads = tuple(dict.fromkeys(name for name in loaded if name not in own))
        return Statement(
            "raw", tuple(dict.fromkeys(stored)), text=text, reads=reads, leaves=leaves, lenient=True
        )

    def _text(self, node: ast.AST) -> str:
        text = ast.unparse(node)
        if self.language.ancestor.search(text):
            raise Unreadable("it mentions itself or an ancestor")
        return text

    def _expression(self, node: ast.expr) -> Expression:
        self._descend()
        expression = self._understood(node)
        self.depth -= 1
        return expression if expression is not None else self._raw(node)

    def _raw(self, node: ast.expr) -> Expression:
        names = (inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name))
        return ex.raw(self._text(node), tuple(dict.fromkeys(names)))

    def _places(self, index: ast.Tuple) -> Expression:
        """Return what picks from an array in several dimensions, slices and all."""
        names = [inner.id for inner in ast.walk(index) if isinstance(inner, ast.Name)]
        return ex.raw(", ".join(map(self._text, index.elts)), tuple(dict.fromkeys(names)))

    def _make(self, form: Form | None, *children: ast.expr) -> Expression | None:
        if form is None:
            return None
        return ex.make(form, tuple(self._expression(child) for child in children), lenient=True)

    def _understood(self, node: ast.expr) -> Expression | None:
        """Return an expression whose parts are understood, else None."""
        match node:
            case ast.Name(id=identifier):
                if self.language.ancestor.fullmatch(identifier):
                    raise Unreadable("it mentions itself or an ancestor")
                return ex.name(identifier, self.scope.types.get(identifier, ANY))
            case ast.Constant(value=bool() | int() | float() | str() | None as value):
                return None if value == math.inf else ex.constant(value)
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)):
                return None if value == math.inf else ex.constant(-value)
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self._expression(operand)
            case ast.UnaryOp(op=operator, operand=operand):
                return self._make(fm.OPERATORS.get(type(operator).__name__), operand)
            case ast.BinOp(left=left, op=operator, right=right):
                return self._make(fm.OPERATORS.get(type(operator).__name__), left, right)
            case ast.BoolOp(op=operator, values=values):
                return self._bool(fm.BOTH[type(operator).__name__], values)
            case ast.Compare(left=left, ops=[operator], comparators=[right]):
                return self._make(fm.COMPARISONS[type(operator).__name__], left, right)
            case ast.Compare(left=left, ops=operators, comparators=rest):
                signs = tuple(fm.operator_sign(fm.COMPARISONS[type(each).__name__]) for each in operators)
                return self._make(fm.chain(signs), left, *rest)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return self._make(fm.EITHER, body, test, orelse)
            case ast.Call():
                return self._call(node)
            case ast.Subscript(value=value, slice=ast.Slice(lower=lower, upper=upper, step=step)):
                given = (lower is not None, upper is not None, step is not None)
                return self._make(fm.slicing(given), value, *(each for each in (lower, upper, step) if each))
            case ast.Subscript(value=value, slice=ast.Tuple() as index):
                places = self._places(index)
                return ex.make(fm.INDEX, (self._expression(value), places), lenient=True)
            case ast.Subscript(value=value, slice=index):
                return self._make(fm.INDEX, value, index)
            case ast.Attribute(value=value, attr=name):
                fixed = self.language.library.calls.get((ast.unparse(node), -1))
                return ex.make(fixed, ()) if fixed else self._make(fm.attribute(name), value)
            case ast.List(elts=parts) | ast.Tuple(elts=parts) if not any(
                isinstance(p, ast.Starred) for p in parts
            ):
                brackets = ("[", "]") if isinstance(node, ast.List) else ("(", ")")
                return self._make(fm.display(*brackets, len(parts)), *parts)
            case ast.ListComp(elt=element, generators=[loop]):
                return self._comprehension("[", element, loop)
        return None

    def _bool(self, form: Form, values: list[ast.expr]) -> Expression | None:
        whole = self._expression(values[0])
        for value in values[1:]:
            both = ex.make(form, (whole, self._expression(value)), lenient=True)
            assert both is not None  # lenient
            whole = both
        return whole

    def _call(self, node: ast.Call) -> Expression | None:
        function, arguments = node.func, list(node.args)
        if any(isinstance(a, ast.Starred) for a in arguments) or any(k.arg is None for k in node.keywords):
            return None
        if (
            isinstance(function, ast.Name)
            and len(arguments) == 1
            and isinstance(arguments[0], ast.GeneratorExp)
        ):
            if (
                node.keywords
                or len(arguments[0].generators) != 1
                or self.language.ancestor.fullmatch(function.id)
            ):
                return None
            return self._comprehension(function.id, arguments[0].elt, arguments[0].generators[0])
        keywords = (*(None for _ in arguments), *(keyword.arg for keyword in node.keywords))
        everything = [*arguments, *(keyword.value for keyword in node.keywords)]
        text = _dotted(function)
        known = None if node.keywords else self.language.library.calls.get((text, len(arguments)))
        if known is not None:
            return self._make(known, *arguments)
        if isinstance(function, ast.Attribute) and self._is_object(function.value):
            form = (
                None if node.keywords else self.language.library.methods.get((function.attr, len(arguments)))
            )
            form = form or fm.method(function.attr, keywords)
            return self._make(form, function.value, *everything)
        if not text or text in self.scope.types:
            return self._make(fm.applied(keywords), function, *everything)
        if self.language.ancestor.fullmatch(text):
            raise Unreadable("it mentions itself or an ancestor")
        return self._make(fm.call(text, keywords), *everything)

    def _is_object(self, node: ast.expr) -> bool:
        """Whether it is a value with methods and not, as far as is known, a module."""
        return not _dotted(node) or _dotted(node).partition(".")[0] in self.scope.types

    def _comprehension(self, function: str, element: ast.expr, loop: ast.comprehension) -> Expression | None:
        names = _loop_names(loop.target)
        if names is None or loop.is_async or len(loop.ifs) > 1:
            return None
        iterable = self._expression(loop.iter)
        outside = self.scope
        self.scope = outside.copy()
        self.scope.add_loop(names, iterable)
        children = (self._expression(element), iterable, *map(self._expression, loop.ifs))
        self.scope = outside
        return ex.make(fm.comprehension(function, names, bool(loop.ifs)), children, names, lenient=True)


def _dotted(node: ast.expr) -> str:
    """Return `a.b.c` for names and attributes of them, else the empty text."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        base = _dotted(node.value)
        return f"{base}.{node.attr}" if base else ""
    return ""


def _loop_names(target: ast.expr) -> tuple[str, ...] | None:
    parts = target.elts if isinstance(target, ast.Tuple) else [target]
    names = tuple(part.id for part in parts if isinstance(part, ast.Name))
    return names if len(names) == len(parts) and len(set(names)) == len(names) else None
