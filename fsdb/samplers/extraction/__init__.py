"""Taking the evolved function out of what a model answered. Nothing of an answer is ever executed."""

from __future__ import annotations

import contextlib
import itertools

from fsdb.problem.specification import Specification
from fsdb.samplers.extraction.answer import MAX_ANSWER_CHARACTERS, clean, repaired
from fsdb.samplers.extraction.assembly import assemble
from fsdb.samplers.extraction.blocks import extract_blocks
from fsdb.samplers.extraction.candidates import candidates
from fsdb.samplers.extraction.changes import apply_changes, tells_changes
from fsdb.samplers.extraction.skeleton import Skeleton, skeleton_of
from fsdb.samplers.extraction.source import UNPARSABLE, Parser

__all__ = ["extract_function"]

_MAX_CANDIDATES = 50


def extract_function(text: str, specification: Specification, shown: str | None = None) -> str | None:
    """Return the program that an answer holds: the evolved function, whole, at column 0; else None.

    The answer may be a whole file, a whole function under a name of its own, or the body alone, fenced or
    not, among prose and thoughts, and cut off at its end. Where it holds several, the last one that bears
    the evolved function's name (or that with a version) is taken. The result has the evolved function's name
    and can be called as it is; imports and helpers that stood beside it are inside it; it ends with "\\n".
    Where the answer tells changes instead, they are made to `shown`, the version that the prompt showed last.
    """
    if shown is not None and len(text) <= MAX_ANSWER_CHARACTERS and tells_changes(answer := clean(text)):
        changed = apply_changes(answer, shown)
        return None if changed is None else extract_function(changed, specification)
    if specification.blocks:
        return extract_blocks(text, specification)
    if not text.strip() or len(text) > MAX_ANSWER_CHARACTERS:
        return None
    parser = Parser()
    cleaned = clean(text)
    for variant in dict.fromkeys((cleaned, repaired(cleaned))):
        program = _first_program(variant, skeleton_of(specification), parser)
        if program is not None:
            return program
    return None


def _first_program(text: str, skeleton: Skeleton, parser: Parser) -> str | None:
    """Return the first candidate of a cleaned answer that makes a program."""
    try:
        for candidate in itertools.islice(candidates(text, skeleton, parser), _MAX_CANDIDATES):
            with contextlib.suppress(*UNPARSABLE):
                program = assemble(candidate, skeleton, parser)
                if program is not None:
                    return program
    except UNPARSABLE:
        return None
    return None
