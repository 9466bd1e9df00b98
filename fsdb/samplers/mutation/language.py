"""What programs of one specification are written with: arguments, imports, constants and helper functions."""

from __future__ import annotations

import ast
import builtins
import keyword
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fsdb.samplers.mutation.expressions import Form
from fsdb.samplers.mutation.forms import attribute_of_module
from fsdb.samplers.mutation.library import Library
from fsdb.samplers.mutation.types import (
    ANY,
    FLOAT,
    INT,
    NUMBER,
    OTHER,
    STR,
    Type,
    annotated,
    array,
    fits,
    joined,
    sequence,
)

if TYPE_CHECKING:
    from fsdb.problem.specification import Specification

_NOT_FOR_PROGRAMS = frozenset(("INPUTS", "REDUCE", "BASELINES", "HELD_OUT"))
_MOST_NUMBERS = 16
_LARGEST_NUMBER = 1e6


@dataclass(frozen=True, eq=False)
class Helper:
    """A helper function of the specification that programs may call: its form and what it takes and gives."""

    form: Form
    takes: tuple[Type, ...]
    gives: Type


@dataclass(frozen=True, eq=False)
class Language:
    """What programs of one specification are written with.

    `arguments` and `constants` (of the module) are names with types, `numbers` and `strings` the literals
    that the specification's functions use. `prefix` is the text of every program up to its body: the seed
    program's header and docstring; `indent` its indentation. `functions` are the names that calls of known
    functions begin with, `reserved` all that no variable takes; `ancestor` matches the names that no program
    may mention: the function's own and its ancestors'.
    """

    name: str
    arguments: Mapping[str, Type]
    returns: Type
    constants: Mapping[str, Type]
    helpers: tuple[Helper, ...]
    numbers: tuple[int | float, ...]
    strings: tuple[str, ...]
    library: Library
    prefix: str
    indent: str
    functions: frozenset[str]
    reserved: frozenset[str]
    ancestor: re.Pattern[str]


def language_of(specification: Specification) -> Language:
    """Return the language of a specification.

    Types come from annotations, else from defaults, else from how the seed program uses an argument; an
    array's label is its argument's name.
    """
    evolve = specification.evolve
    module = ast.parse(specification.text)
    function = _function(ast.parse(evolve.source), evolve.name)
    imports = _Imports(module)
    library = Library(imports.spell)
    for text in imports.constants():
        library.calls[text, -1] = attribute_of_module(text, FLOAT)
    arguments = dict(_arguments(function))
    constants = {} if module is None else dict(_constants(module))
    callers = _callers(module, evolve.name) | {specification.run, evolve.name}
    helpers = tuple(_helpers(module, callers, library))
    functions = [node for node in module.body if isinstance(node, ast.FunctionDef)]
    prefix, indent = _prefix(function, evolve.source, evolve.header)
    taken = {name for node in ast.walk(module) for name in _bound(node)}
    return Language(
        name=evolve.name,
        arguments=arguments,
        returns=_returns(function, arguments),
        constants={name: type for name, type in constants.items() if name not in arguments},
        helpers=helpers,
        numbers=tuple(_numbers(functions)),
        strings=tuple(_strings(function)),
        library=library,
        prefix=prefix,
        indent=indent,
        functions=frozenset(text.partition(".")[0] for text, _ in library.calls),
        reserved=frozenset(taken | set(dir(builtins)) | set(keyword.kwlist) | set(arguments)),
        ancestor=re.compile(rf"\b{re.escape(evolve.name)}(_v\d+)?\b"),
    )


def _function(module: ast.Module, name: str) -> ast.FunctionDef:
    return next(node for node in module.body if isinstance(node, ast.FunctionDef) and node.name == name)


class _Imports:
    """How a file can write the functions that it imports."""

    def __init__(self, module: ast.Module) -> None:
        self.modules: dict[str, str] = {}
        self.names: dict[str, str] = {}
        for node in module.body:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    if alias.asname or "." not in alias.name:
                        self.modules[alias.name] = alias.asname or alias.name
            elif isinstance(node, ast.ImportFrom) and not node.level:
                for alias in node.names:
                    self.names[f"{node.module}.{alias.name}"] = alias.asname or alias.name

    def spell(self, name: str) -> str | None:
        if name in self.names:
            return self.names[name]
        module, _, function = name.rpartition(".")
        return f"{self.modules[module]}.{function}" if module in self.modules else None

    def constants(self) -> Iterator[str]:
        for module in ("numpy", "math"):
            for name in ("inf", "pi", "e"):
                text = self.spell(f"{module}.{name}")
                if text is not None:
                    yield text


def _arguments(function: ast.FunctionDef) -> Iterator[tuple[str, Type]]:
    given = function.args
    positional = [*given.posonlyargs, *given.args]
    defaults: list[ast.expr | None] = [None] * (len(positional) - len(given.defaults))
    defaults += given.defaults
    for argument, default in [
        *zip(positional, defaults, strict=True),
        *zip(given.kwonlyargs, given.kw_defaults, strict=True),
    ]:
        if argument.annotation is not None:
            yield argument.arg, annotated(ast.unparse(argument.annotation), argument.arg)
        elif isinstance(default, ast.Constant) and default.value is not None:
            yield argument.arg, _literal(default) or ANY
        else:
            yield argument.arg, _used_as(function, argument.arg)
    if given.vararg is not None:
        of = annotated(ast.unparse(given.vararg.annotation), "") if given.vararg.annotation else NUMBER
        yield given.vararg.arg, sequence(of)
    if given.kwarg is not None:
        yield given.kwarg.arg, OTHER


_TAKES_A_SEQUENCE = frozenset(
    ("len", "sum", "min", "max", "sorted", "enumerate", "list", "tuple", "set", "zip")
)


def _used_as(function: ast.FunctionDef, name: str) -> Type:
    """Guess the type of an argument without annotation from how the seed program uses it; else a number."""

    def is_it(node: ast.AST | None) -> bool:
        return isinstance(node, ast.Name) and node.id == name

    guess = NUMBER
    for node in ast.walk(function):
        if isinstance(node, ast.Attribute) and is_it(node.value):
            is_array = node.attr in ("shape", "size", "sum", "mean", "max", "min", "std", "astype")
            return array(NUMBER, name) if is_array else OTHER
        if isinstance(node, ast.Call) and any(map(is_it, node.args)):
            if isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) in ("np", "numpy"):
                guess = array(NUMBER, name)
            elif (
                isinstance(node.func, ast.Name) and node.func.id in _TAKES_A_SEQUENCE and len(node.args) == 1
            ):
                guess = sequence(NUMBER)
        if isinstance(node, ast.Subscript):
            if is_it(node.value) and guess is NUMBER:
                guess = (
                    OTHER
                    if isinstance(node.slice, ast.Constant | ast.JoinedStr)
                    and isinstance(getattr(node.slice, "value", ""), str)
                    else sequence(NUMBER)
                )
            elif is_it(node.slice):
                guess = INT
        if isinstance(node, ast.For | ast.comprehension) and is_it(node.iter):
            guess = sequence(NUMBER)
    return guess


def _returns(function: ast.FunctionDef, arguments: Mapping[str, Type]) -> Type:
    """Return the annotated type; an array gets the label of the first array argument until the seed tells."""
    shapes = [type.shape for type in arguments.values() if type.kind == "array"]
    annotation = ast.unparse(function.returns) if function.returns is not None else None
    return annotated(annotation, shapes[0] if shapes else "")


def _literal(node: ast.expr) -> Type | None:
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None
    return _type_of(value)


def _type_of(value: object) -> Type | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float | str):
        return INT if isinstance(value, int) else FLOAT if isinstance(value, float) else STR
    if isinstance(value, list | tuple) and value:
        types = [_type_of(each) for each in value]
        element = types[0]
        for other in types[1:]:
            element = joined(element, other) if element is not None and other is not None else None
        return sequence(element) if element is not None and element is not ANY else None
    return None


def _constants(module: ast.Module) -> Iterator[tuple[str, Type]]:
    for node in module.body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            name, value = node.targets[0].id, node.value
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
            name, value = node.target.id, node.value
        else:
            continue
        type = _literal(value)
        if type is not None and name not in _NOT_FOR_PROGRAMS:
            yield name, type


def _callers(module: ast.Module, name: str) -> set[str]:
    """Return the functions and classes that mention `name`, or mention one that does; for membership only."""
    mentions = {
        node.name: {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}
        for node in module.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    }
    found = {name}
    while True:
        more = {caller for caller, mentioned in mentions.items() if mentioned & found} - found
        if not more:
            return found
        found |= more


def _helpers(module: ast.Module, callers: set[str], library: Library) -> Iterator[Helper]:
    """Yield the helper functions whose types are known; those that are not can be read but are not used."""
    for node in module.body:
        if not isinstance(node, ast.FunctionDef) or node.name in callers or node.decorator_list:
            continue
        given = node.args
        positional = [*given.posonlyargs, *given.args]
        if (
            given.vararg
            or given.kwonlyargs
            or any(p.annotation is None for p in positional)
            or not node.returns
        ):
            continue
        takes = tuple(annotated(ast.unparse(p.annotation), p.arg) for p in positional if p.annotation)
        gives = annotated(ast.unparse(node.returns), f"{node.name}()")
        form = _helper_form(node.name, takes, gives)
        library.calls[node.name, len(takes)] = form
        if takes and not {ANY, OTHER} & {*takes, gives}:
            yield Helper(form, takes, gives)


def _helper_form(name: str, takes: tuple[Type, ...], gives: Type) -> Form:
    parts = (f"{name}(", *[", "] * (len(takes) - 1), ")") if takes else (f"{name}()",)

    def typing(children: object) -> Type | None:
        types = [child.type for child in children]  # type: ignore[attr-defined]
        alike = all(
            fits(type, wanted) or (type.kind == wanted.kind == "array")
            for type, wanted in zip(types, takes, strict=True)
        )
        return gives if alike else None

    return Form(name, parts, typing)


def _numbers(functions: list[ast.FunctionDef]) -> Iterator[int | float]:
    """Yield the numbers that the functions use, each once, in the order of the text."""
    seen: list[int | float] = []
    for function in functions:
        for node in ast.walk(function):
            match node:
                case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
                    if abs(value) <= _LARGEST_NUMBER and value not in seen:
                        seen.append(value)
    yield from seen[:_MOST_NUMBERS]


def _strings(function: ast.FunctionDef) -> Iterator[str]:
    """Yield the short strings that the seed program uses, without its docstring."""
    for statement in function.body[1 if ast.get_docstring(function) is not None else 0 :]:
        for node in ast.walk(statement):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) <= 40:
                yield node.value


def _bound(node: ast.AST) -> Iterator[str]:
    """Yield the names of the module that a program's variable could hide from it."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.alias):
        yield (node.asname or node.name).partition(".")[0]


def _prefix(function: ast.FunctionDef, source: str, header: str) -> tuple[str, str]:
    """Return the text of every program up to its body, and its indentation."""
    first = function.body[0]
    line = source.split("\n")[first.lineno - 1]
    margin = line[: len(line) - len(line.lstrip())]
    indent = margin if margin and line[: first.col_offset].isspace() else "    "
    lines = [header]
    if ast.get_docstring(function) is not None:
        lines.append(indent + (ast.get_source_segment(source, first) or ""))
    return "\n".join(lines) + "\n", indent
