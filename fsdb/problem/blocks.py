"""What evolves where no function is marked: the blocks between EVOLVE-BLOCK-START and -END, or a whole file.

The *program* is then the text of the blocks, one after the other, with the lines that end one and start the
next between them; all else of the file is the skeleton.
"""

from __future__ import annotations

import ast
import re

from fsdb.errors import UsageError
from fsdb.problem.specification import LINE_END, EvolvedFunction, Specification

START, END = "# EVOLVE-BLOCK-START", "# EVOLVE-BLOCK-END"
BETWEEN = f"{END}\n{START}\n"
"""What stands in a program between the texts of two blocks."""

BLOCK = "EVOLVE-BLOCK"
"""What an evolved block is called where a function would have a name."""

_MARK = re.compile(r"^[ \t]*#[ \t]*EVOLVE-BLOCK-(START|END)\b[^\n]*(?:\n|\Z)", re.MULTILINE)


def parse_program(text: str, name: str, file: str, task: str = "") -> Specification:
    """Return the specification of a program whose marked blocks evolve; all of it where none is marked.

    `task` is what is said about it elsewhere; else its docstring. Raises UsageError for marks that do not
    pair, and for a file that does not parse.
    """
    text = LINE_END.sub("\n", text)
    try:
        module = ast.parse(text)
    except (SyntaxError, ValueError) as error:
        raise UsageError(f"{file} does not parse: {error}.", cure="Mend the initial program.") from None
    spans = _spans(text, file)
    source = BETWEEN.join(text[start:end] for start, end in spans)
    return Specification(
        name=name,
        text=text,
        evolve=EvolvedFunction(
            name=BLOCK, arguments=(), returns=None, docstring=None, source=source, header=""
        ),
        run="evaluate",
        verify=None,
        task=task or ast.get_docstring(module) or "",
        start=spans[0][0],
        end=spans[-1][1],
        blocks=spans,
    )


def split_blocks(program: str) -> list[str]:
    """Return the texts of a program's blocks."""
    texts, last, depth = [], 0, False
    for mark in _MARK.finditer(program):
        if mark[1] == "END":
            texts.append(program[last : mark.start()])
            depth = True
        elif depth:
            last, depth = mark.end(), False
    return [*texts, program[last:]]


def _spans(text: str, file: str) -> tuple[tuple[int, int], ...]:
    """Return where each block's text stands."""
    spans, opened = [], None
    for mark in _MARK.finditer(text):
        line = 1 + text.count("\n", 0, mark.start())
        if (mark[1] == "START") is (opened is not None):
            raise UsageError(
                f"{file}, line {line}: this EVOLVE-BLOCK-{mark[1]} has no partner.",
                cure=f"Let each `{START}` be followed by one `{END}`.",
            )
        if opened is None:
            opened = mark.end()
        else:
            spans.append((opened, mark.start()))
            opened = None
    if opened is not None:
        raise UsageError(f"{file}: its last block does not end.", cure=f"Write `{END}` below it.")
    return tuple(spans) or ((0, len(text)),)
