"""The prompt of the paper: code to go on with, which ends where the next version's body begins.

Romera-Paredes et al., "Mathematical discoveries from program search with large language models", Nature 625
(2024), figure 2 and its methods: the specification's head, the drawn programs as versions, the header of
the next.
"""

from __future__ import annotations

from collections.abc import Sequence

from fsdb.problem.specification import Specification
from fsdb.samplers.base import Parent
from fsdb.samplers.extraction.source import INDENT
from fsdb.samplers.prompts.skeleton import text_above
from fsdb.samplers.prompts.versions import versions_of


def completion_text(specification: Specification, parents: Sequence[Parent]) -> str:
    """Return the specification's lines above the evolved function, the versions, and the next one's header.

    The text ends with the next version's docstring and an end of line: what follows is its body.
    """
    versions = versions_of(specification.evolve, parents)
    functions = [version.source for version in versions.shown]
    open_function = f"{versions.next_header}\n{INDENT}{versions.next_docstring}\n"
    above = text_above(specification)
    return "\n\n".join([*([above + "\n"] if above else []), *functions, open_function])
