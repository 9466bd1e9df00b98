"""Taking the evolved blocks out of what a model answered, or out of a whole program."""

from __future__ import annotations

from fsdb.errors import UsageError
from fsdb.problem.blocks import BETWEEN, parse_program
from fsdb.problem.specification import Specification
from fsdb.samplers.extraction.answer import MAX_ANSWER_CHARACTERS, clean, split_blocks
from fsdb.samplers.extraction.source import MAX_PROGRAM_BYTES

_MARK = "EVOLVE-BLOCK-START"


def extract_blocks(answer: str, specification: Specification) -> str | None:
    """Return the text of the evolved blocks that an answer holds, None where it holds none.

    It stands in the last piece of fenced code that parses in its place, or in the whole answer where nothing
    is fenced; where that has the marks of blocks, or is the whole file, only what evolves is taken.
    """
    if not answer.strip() or len(answer) > MAX_ANSWER_CHARACTERS:
        return None
    text = clean(answer)
    pieces, _ = split_blocks(text)
    for piece in reversed(pieces or [text]):
        program = blocks_in(piece, specification)
        if program.strip() and len(program.encode()) <= MAX_PROGRAM_BYTES and _parses(program, specification):
            return program
    return None


def blocks_in(text: str, specification: Specification) -> str:
    """Return what evolves of a text: between its marks where it has some, else all of it."""
    if not text.endswith("\n"):
        text += "\n"
    before, after = specification.text[: specification.start], specification.text[specification.end :]
    if _MARK in text:
        try:
            return parse_program(text, specification.name, "").evolve.source
        except UsageError:
            pass  # a fragment: marks alone, with blocks that parse only in their place
        lines = [line for line in text.split("\n") if not line.lstrip().startswith("# EVOLVE-BLOCK-")]
        return text if BETWEEN in text else "\n".join(lines)
    if len(specification.blocks) == 1 and text.startswith(before) and text.endswith(after):
        return text[len(before) : len(text) - len(after)]
    return text


def _parses(program: str, specification: Specification) -> bool:
    try:
        parse_program(specification.render(program), specification.name, "")
    except (UsageError, RecursionError, MemoryError):
        return False
    return True
