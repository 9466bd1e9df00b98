"""What is shown of an error: its class, its message, and the lines of the evolved function that led to it."""

from __future__ import annotations

import re

from fsdb.sandbox.messages import MAX_ERROR_CHARACTERS, MODULE

_LINE_END = re.compile(r"\r\n|\r|\n")
_MAX_FRAMES = 3


def describe(error: BaseException, program: str, first_line: int) -> str:
    """Return an excerpt of `error` for people, raw (not escaped) and of bounded length.

    `program` is the evolved function's text, `first_line` the number of the line of the module at which it
    stands. Lines are counted from 1 in the program, and only the program's are shown: the specification's
    are no concern of whoever wrote the program.
    """
    parts = [_headline(error)]
    lines = _LINE_END.split(program)
    inner, where = [], None
    traceback = error.__traceback__
    while traceback is not None:
        code = traceback.tb_frame.f_code
        number = traceback.tb_lineno - first_line + 1
        if code.co_filename == MODULE:
            where = code.co_name
            if 1 <= number <= len(lines):
                inner.append(_place(number, lines, code.co_name))
        traceback = traceback.tb_next
    if inner:
        parts.extend(inner[-_MAX_FRAMES:])
    elif where is not None:
        parts.append(f"  raised by the specification, in {where}".replace("in <module>", "at its top level"))
    return "\n".join(parts)[:MAX_ERROR_CHARACTERS]


def describe_syntax(error: Exception, program: str, first_line: int) -> str:
    """Return an excerpt of what the compiler said, with the line in the program where it said it."""
    if not isinstance(error, SyntaxError):
        return _headline(error)
    message = f"{type(error).__name__}: {error.msg}"
    lines = _LINE_END.split(program)
    number = (error.lineno or 0) - first_line + 1
    if 1 <= number <= len(lines):
        message += "\n" + _place(number, lines, None)
    return message[:MAX_ERROR_CHARACTERS]


def _place(number: int, lines: list[str], function: str | None) -> str:
    """Return one line of the excerpt: where, and what stands there."""
    inside = f" in {function}" if function and function != "<module>" else ""
    return f"  line {number}{inside}: {lines[number - 1].strip()[:200]}"


def _headline(error: BaseException) -> str:
    """Return the class and message of an error whose own text may fail."""
    name = type(error).__name__
    try:
        message = str(error)[:MAX_ERROR_CHARACTERS]
    except BaseException:
        message = "(its message cannot be read)"
    return f"{name}: {message}" if message else name
