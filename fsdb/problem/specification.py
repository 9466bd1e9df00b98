"""A specification, a Python file with a function to evolve and one that scores it; and the problem of it.

The format is FunSearch's: `@funsearch.evolve` marks the function that the search rewrites, `@funsearch.run`
the function that is called with each test input and returns the score. Where there is a function marked with
`@funsearch.verify`, the run function returns what it built, an *artefact*, and that one scores it. Everything
else in the file, the *skeleton*, is kept byte for byte; only the evolved function's text is spliced.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fsdb.problem.evaluators import Evaluator

LINE_END = re.compile(r"\r\n|\r|\n")
"""What ends a line of Python source. `str.splitlines` would also split at form feeds and U+2028."""


@dataclass(frozen=True)
class Argument:
    """One argument of the evolved function; annotation and default as source text, None where left out.

    The name stands without the stars of `*args` and `**kwargs`.
    """

    name: str
    annotation: str | None
    default: str | None


@dataclass(frozen=True)
class EvolvedFunction:
    """The function that the search rewrites, as the specification has it.

    `source` is its text from `def` on with lines ended by "\\n", the *seed program*; decorators and comments
    above `def` belong to the skeleton, indented comments below the last statement to the function.
    `header` is the part of `source` from `def` to the colon that opens the body. `docstring` is cleaned of
    its indentation.
    """

    name: str
    arguments: tuple[Argument, ...]
    returns: str | None
    docstring: str | None
    source: str
    header: str


@dataclass(frozen=True)
class Specification:
    """A problem's file: `text` as read, and where in it the evolved function stands.

    `run` is the name of the function that scores, or builds what `verify` scores (None where there is none);
    `task` is what the file says that it is about (its docstring, else the run function's, else ""). `start`
    and `end` are the evolved function's place in `text`, in characters, without the end of its last line.
    Where blocks evolve and not a function (fsdb.problem.blocks), `blocks` are their places, and
    `evolve.source` is their text.
    """

    name: str
    text: str = field(repr=False)
    evolve: EvolvedFunction
    run: str
    verify: str | None
    task: str
    start: int
    end: int
    blocks: tuple[tuple[int, int], ...] = ()

    def render(self, source: str) -> str:
        """Return the file with `source`, a function's text at column 0, in the place of the evolved function.

        Decorators and all else stay byte for byte; the lines of `source` are ended as the file's are.
        Rendering the seed program gives the file itself. `source` is not parsed: what does not parse gives
        a file that does not.
        """
        return self.render_with_lines(source)[0]

    def render_with_lines(self, source: str) -> tuple[str, range]:
        """Return what `render` returns, and the numbers (from 1) of the lines of it that hold `source`."""
        if self.blocks:
            return self._render_blocks(source), range(1, 1)
        before, after = self.text[: self.start], self.text[self.end :]
        spliced = self.text[self.start : self.end]
        if source != self.evolve.source:
            spliced = LINE_END.sub(self._line_end, source.removesuffix("\n"))
        first = 1 + len(LINE_END.findall(before))
        last = first + len(LINE_END.findall(spliced))
        return before + spliced + after, range(first, last + 1)

    def _render_blocks(self, source: str) -> str:
        from fsdb.problem.blocks import split_blocks

        # More blocks than there are places for end up in the last one: nothing of a program is dropped.
        texts = split_blocks(source) if len(self.blocks) > 1 else [source]
        first, rest = texts[: len(self.blocks) - 1], texts[len(self.blocks) - 1 :]
        texts = [*first, "".join(rest)]
        rendered, last = "", 0
        for (start, end), text in zip(self.blocks, texts, strict=False):
            if text and not text.endswith("\n") and end < len(self.text):
                text += "\n"
            rendered += self.text[last:start] + text
            last = end
        return rendered + self.text[last:]

    @property
    def _line_end(self) -> str:
        """How the file ends its lines, told by its first one."""
        found = LINE_END.search(self.text)
        return found.group() if found else "\n"


@dataclass(frozen=True)
class DataFile:
    """A file that a specification reads: `path` is absolute, `sha256` of `content` in hex."""

    path: str
    sha256: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Problem:
    """A specification with all that a search of it needs; inputs and baselines are JSON values.

    `inputs` are the test inputs by name in input order, at least one; `reduce` is one of
    fsdb.problem.reduction.REDUCTIONS; `baselines` are programs or known scores to compare with, by name;
    `held_out` are sets of inputs, by name, that the search never sees; `data` are the files that
    `funsearch.data` gives the specification, by name; with `isolate_inputs` each input of a program is
    scored in a process of its own, with the whole time limit. `evaluator` is the program that scores, where
    the specification does not do so itself.
    """

    name: str
    specification: Specification
    inputs: dict[str, Any] = field(repr=False)
    reduce: str
    baselines: dict[str, str | float]
    held_out: dict[str, dict[str, Any]] = field(repr=False)
    data: dict[str, DataFile] = field(default_factory=dict, repr=False)
    isolate_inputs: bool = False
    evaluator: Evaluator | None = None
