"""A program that a user gives in a file: the evolved function's text, or something that holds it."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from fsdb.errors import UsageError
from fsdb.problem.loading import read_text
from fsdb.problem.specification import Specification
from fsdb.samplers.extraction import extract_function
from fsdb.samplers.extraction.blocks import blocks_in

STANDARD_INPUT = "-"
"""What stands for the path of a file that is piped in."""


def read_program(path: str, specification: Specification) -> str:
    """Return the program in a file, or in what is piped in where the path is `-`.

    A file that is the evolved function's text alone, comments above it apart, is taken as it is; from any
    other (a whole specification, a model's answer with prose and fences, a body alone) the function is
    taken as from a model's answer. Raises UsageError where it cannot be read or holds nothing of the kind.
    """
    if path == STANDARD_INPUT:
        text, name = sys.stdin.buffer.read().decode("utf-8", "replace"), "standard input"
    else:
        if not Path(path).exists():
            raise UsageError(f"There is no file {path}.", cure="Correct the path; - reads standard input.")
        text, name = read_text(Path(path), path), path
    return program_in(text, specification, name)


def program_in(text: str, specification: Specification, name: str = "the text") -> str:
    """Return the program that a text holds, as `read_program` does; `name` is what errors call the text."""
    evolve = specification.evolve
    if specification.blocks:
        # What does not parse is for the evaluation to tell.
        return extract_function(text, specification) or blocks_in(text, specification)
    alone = _alone(text, evolve.name)
    if alone is not None:
        return alone
    found = extract_function(text, specification)
    if found is not None:
        return found
    if re.search(rf"^\s*def\s+{re.escape(evolve.name)}\b", text, re.MULTILINE):
        return text  # broken in a way that the evaluation will tell
    raise UsageError(
        f"There is no function {evolve.name} in {name}.",
        cure=f"It must define: {' '.join(evolve.header.split())}",
    )


def _alone(text: str, function: str) -> str | None:
    """Return the text from the function's `def` on, if nothing but that function and comments is in it."""
    lines = text.splitlines(keepends=True)
    while lines and (not lines[0].strip() or lines[0].startswith("#")):
        del lines[0]
    if not lines or not re.match(rf"def\s+{re.escape(function)}\s*\(", lines[0]):
        return None
    if any(re.match(r"[^\s#)\]}]", line) for line in lines[1:]):
        return None
    return "".join(lines)
