"""From a specification's text to a `Specification`, with a clear error for each way it can be off."""

from __future__ import annotations

import ast
import io
import re
import textwrap
import tokenize
import warnings
from collections.abc import Iterator

from fsdb.errors import UsageError
from fsdb.problem.specification import LINE_END, Argument, EvolvedFunction, Specification

FORMAT_CURE = (
    "Write `@funsearch.evolve` above the function to search for, and `@funsearch.run` above the function that"
    " takes one test input and returns the score; `fsdb problems` lists examples."
)

# What may stand between a statement's end and the end of its logical line.
_REST_OF_LINE = re.compile(r"(?:[ \t\f;]|\\\n)*(?:#[^\n]*)?")
# Comment lines indented below the last statement, with the blank lines before them.
_INDENTED_COMMENTS = re.compile(r"(?:(?:\n[ \t\f]*)*\n[ \t]+#[^\n]*)*")


def parse_evolved(text: str, name: str, function: str) -> Specification:
    """Return a file of Python, lines ended by "\\n", as one in which one of its functions evolves.

    `function` stands at column 0, once. Nothing in the file scores; it is for those who rewrite the function.
    Raises UsageError for a syntax error, and for a function that cannot be spliced.
    """
    module = parse_module(text, name)
    node = next(each for each in module.body if isinstance(each, ast.FunctionDef) and each.name == function)
    return _specification(text, text, name, module, node, run="", verify=None)


def parse_specification(text: str, name: str, file: str | None = None) -> Specification:
    """Return the specification that `text` holds.

    `name` is the problem's, `file` what errors call it (`name` when left out). Raises UsageError naming the
    file, the line, the cause and the cure: for a syntax error, for not exactly one function of each
    decorator, and for a function that cannot be spliced or called.
    """
    file = file or name
    lines_ended_by_newline = LINE_END.sub("\n", text)
    module = parse_module(lines_ended_by_newline, file)
    names = _decorator_names(module)
    run = _the_one(module, names["run"], "run", file)
    evolve = _the_one(module, names["evolve"], "evolve", file)
    verify = _the_one(module, names["verify"], "verify", file) if _marked(module, names["verify"]) else None
    _check_not_redefined(module, evolve, "evolve", file)
    _check_not_redefined(module, run, "run", file)
    _check_takes(run, 1, "one test input", f"def {run.name}(input)", file)
    if verify is not None:
        _check_not_redefined(module, verify, "verify", file)
        takes = "a test input and what was built for it"
        _check_takes(verify, 2, takes, f"def {verify.name}(input, built)", file)

    return _specification(
        text,
        lines_ended_by_newline,
        name,
        module,
        evolve,
        run=run.name,
        verify=None if verify is None else verify.name,
        task=ast.get_docstring(run) or "",
    )


def _specification(
    text: str,
    lines_ended_by_newline: str,
    name: str,
    module: ast.Module,
    evolve: ast.FunctionDef,
    *,
    run: str,
    verify: str | None,
    task: str = "",
) -> Specification:
    """Return the specification in which `evolve` evolves; `task` is its task where the file names none."""
    start, end = _span(lines_ended_by_newline, evolve)
    source = lines_ended_by_newline[start:end] + "\n"
    return Specification(
        name=name,
        text=text,
        evolve=EvolvedFunction(
            name=evolve.name,
            arguments=tuple(_arguments(lines_ended_by_newline, evolve)),
            returns=_segment(lines_ended_by_newline, evolve.returns),
            docstring=ast.get_docstring(evolve),
            source=source,
            header=_header(source),
        ),
        run=run,
        verify=verify,
        task=ast.get_docstring(module) or task,
        start=offset_in(text, lines_ended_by_newline, start),
        end=offset_in(text, lines_ended_by_newline, end),
    )


def program_text(text: str, function_name: str, file: str) -> str:
    """Return a program as the search keeps it: the text of one function `function_name`, at column 0.

    Blank lines and comments around it go, line ends become "\\n". Raises UsageError, naming `file`, when
    `text` does not parse or holds anything else than this one function.
    """
    text = LINE_END.sub("\n", text)
    body = parse_module(text, file).body
    cure = f"Write the whole function, `def {function_name}(…): …`, at column 0, and imports inside it."
    if len(body) != 1 or not isinstance(body[0], ast.FunctionDef):
        raise UsageError(f"{file} is not the text of one function.", cure=cure)
    if body[0].name != function_name:
        raise UsageError(f"{file} defines `{body[0].name}`, not `{function_name}`.", cure=cure)
    if body[0].decorator_list:
        raise UsageError(
            f"{file} has a decorator on `{function_name}`.", cure="Leave decorators to the skeleton."
        )
    start, end = _span(text, body[0])
    return text[start:end] + "\n"


def parse_module(text: str, file: str) -> ast.Module:
    """Return the syntax tree of `text`; raises UsageError with line and text where it does not parse."""
    if "\0" in text:
        line_number = 1 + len(LINE_END.findall(text[: text.index("\0")]))
        raise UsageError(f"{file}, line {line_number}: there is a NUL character.", cure="Take it out.")
    cure = "Correct it; `python -m py_compile FILE` shows the same error."
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an invalid escape is the file's own affair
            return ast.parse(text)
    except SyntaxError as error:
        line = textwrap.shorten(error.text or "", 80, placeholder=" …")
        where = f"{file}, line {error.lineno or 1}: {error.msg}"
        raise UsageError(f"{where}: {line}" if line else f"{where}.", cure=cure) from None
    except (RecursionError, MemoryError):
        raise UsageError(f"{file} is nested too deeply to be parsed.", cure="Make it flatter.") from None
    except ValueError as error:
        raise UsageError(f"{file} cannot be parsed: {error}.", cure=cure) from None


def _decorator_names(module: ast.Module) -> dict[str, set[str]]:
    """Return how `funsearch.run`, `funsearch.evolve` and `funsearch.verify` may be written in this file.

    FunSearch's own files use `funsearch` without importing it, so that name always counts.
    """
    names = {kind: {f"funsearch.{kind}"} for kind in ("run", "evolve", "verify")}
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name == "funsearch":
                    for kind, known in names.items():
                        known.add(f"{alias.asname or alias.name}.{kind}")
        elif isinstance(node, ast.ImportFrom) and node.module == "funsearch" and node.level == 0:
            for alias in node.names:
                for kind, known in names.items():
                    if alias.name == kind:
                        known.add(alias.asname or kind)
                    elif alias.name == "*":
                        known.add(kind)
    return names


def _marked(
    module: ast.Module, names: set[str]
) -> list[tuple[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, ast.expr]]:
    """Return what has one of these decorators, wherever it stands, with the decorator, in their order."""
    marked = [
        (node, decorator)
        for node in ast.walk(module)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
        for decorator in node.decorator_list
        if ast.unparse(decorator.func if isinstance(decorator, ast.Call) else decorator) in names
    ]
    return sorted(marked, key=lambda pair: pair[1].lineno)


def _the_one(module: ast.Module, names: set[str], kind: str, file: str) -> ast.FunctionDef:
    """Return the one function with this decorator, at the top level and not async."""
    marked = _marked(module, names)
    if not marked:
        raise UsageError(f"{file}: no function is marked with `@funsearch.{kind}`.", cure=FORMAT_CURE)
    if len(marked) > 1:
        places = " and ".join(f"`{node.name}` on line {node.lineno}" for node, _ in marked)
        raise UsageError(
            f"{file}: `@funsearch.{kind}` stands {len(marked)} times, on {places}.",
            cure="Keep one of them: a specification has one function to evolve and one that scores.",
        )
    node, decorator = marked[0]
    where = f"{file}, line {node.lineno}: `{node.name}`, marked with `@funsearch.{kind}`,"
    if isinstance(node, ast.ClassDef):
        raise UsageError(f"{where} is a class.", cure="Mark a function; it may use the class.")
    if isinstance(node, ast.AsyncFunctionDef):
        raise UsageError(f"{where} is async.", cure="Write it with a plain `def`.")
    if node not in module.body:
        raise UsageError(
            f"{where} stands inside another block.",
            cure="Move it to column 0 of the file; a method can call a function of the file.",
        )
    if isinstance(decorator, ast.Call):
        raise UsageError(f"{where} has a decorator with parentheses.", cure=f"Write `@funsearch.{kind}`.")
    return node


def _check_not_redefined(module: ast.Module, function: ast.FunctionDef, kind: str, file: str) -> None:
    for node in module.body:
        if (
            isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
            and node is not function
            and node.name == function.name
        ):
            raise UsageError(
                f"{file}, line {node.lineno}: `{node.name}` is defined again; the one marked with"
                f" `@funsearch.{kind}` is on line {function.lineno}.",
                cure="Rename one of them.",
            )


def _check_takes(function: ast.FunctionDef, count: int, what: str, header: str, file: str) -> None:
    """See that a function can be called with `count` values, unless a decorator may change its arguments."""
    arguments = function.args
    positional = len(arguments.posonlyargs) + len(arguments.args)
    required = positional - len(arguments.defaults)
    keyword_only = sum(default is None for default in arguments.kw_defaults)
    enough = positional >= count or arguments.vararg is not None
    takes_them = enough and required <= count and keyword_only == 0
    if not takes_them and len(function.decorator_list) == 1:
        raise UsageError(
            f"{file}, line {function.lineno}: `{function.name}` cannot be called with {what}.",
            cure=f"Let it take {'one argument' if count == 1 else f'{count} arguments'}, `{header}`; an input"
            " may be a list or a dict.",
        )


def _span(text: str, function: ast.FunctionDef) -> tuple[int, int]:
    """Return where the function's text starts and ends, in characters, without the end of its last line."""
    start = offset(text, function.lineno, function.col_offset)
    assert function.end_lineno is not None
    assert function.end_col_offset is not None
    end = offset(text, function.end_lineno, function.end_col_offset)
    for following in (_REST_OF_LINE, _INDENTED_COMMENTS):
        match = following.match(text, end)
        assert match is not None  # both match the empty string
        end = match.end()
    return start, end


def offset(text: str, line_number: int, column_bytes: int) -> int:
    """Return the place in characters of what a syntax tree places by line and UTF-8 byte."""
    line_start = 0
    for _ in range(line_number - 1):
        line_start = text.index("\n", line_start) + 1
    line_end = text.find("\n", line_start)
    line = text[line_start : line_end if line_end >= 0 else len(text)]
    return line_start + len(line.encode()[:column_bytes].decode())


def offset_in(original: str, normalised: str, offset: int) -> int:
    """Return the place in `original` of a place in it with its line ends made "\\n"."""
    line = normalised.count("\n", 0, offset)
    column = offset - (normalised.rfind("\n", 0, offset) + 1)
    if line == 0:
        return column
    ends = LINE_END.finditer(original)
    for _ in range(line):
        line_start = next(ends).end()
    return line_start + column


def _segment(text: str, node: ast.expr | None) -> str | None:
    return None if node is None else ast.get_source_segment(text, node)


def _arguments(text: str, function: ast.FunctionDef) -> Iterator[Argument]:
    arguments = function.args

    def argument(node: ast.arg, default: ast.expr | None = None) -> Argument:
        return Argument(node.arg, _segment(text, node.annotation), _segment(text, default))

    positional = [*arguments.posonlyargs, *arguments.args]
    defaults = [None] * (len(positional) - len(arguments.defaults)) + list(arguments.defaults)
    yield from map(argument, positional, defaults)
    if arguments.vararg is not None:
        yield argument(arguments.vararg)
    yield from map(argument, arguments.kwonlyargs, arguments.kw_defaults)
    if arguments.kwarg is not None:
        yield argument(arguments.kwarg)


def _header(source: str) -> str:
    """Return a function's text up to the colon that opens its body."""
    depth = lambdas = 0
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.string in ("(", "[", "{"):
            depth += 1
        elif token.string in (")", "]", "}"):
            depth -= 1
        elif depth == 0 and token.string == "lambda":
            lambdas += 1
        elif depth == 0 and token.string == ":":
            if lambdas == 0:
                line, column = token.end
                lines = source.split("\n")
                return "\n".join([*lines[: line - 1], lines[line - 1][:column]])
            lambdas -= 1
    raise AssertionError("a parsed function has a header")
