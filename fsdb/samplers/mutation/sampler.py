"""The mutation sampler: it answers prompts without a model, by changing and combining the parents."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from fsdb.samplers.base import Attempt, Completion, Prompt, PromptText
from fsdb.samplers.mutation.chance import generator
from fsdb.samplers.mutation.draft import Program
from fsdb.samplers.mutation.limits import DEEPEST, MOST_LINES, MOST_LOOPS, MOST_NODES
from fsdb.samplers.mutation.material import material_of
from fsdb.samplers.mutation.proposing import OPERATORS, Proposal, propose
from fsdb.samplers.mutation.reading import Unreadable, read
from fsdb.samplers.mutation.scope import settle
from fsdb.samplers.mutation.simplifying import tidied
from fsdb.samplers.mutation.statements import render

if TYPE_CHECKING:
    from fsdb.problem.specification import Specification

VERSION = 1
"""Version of the search method: the same version makes the same proposals of the same prompts."""

_CACHED_PARENTS = 4096


class MutationSampler:
    """Answers prompts by itself."""

    name = "mutation"
    model: str | None = None

    def __init__(self, specification: Specification, *, concurrency: int = 8) -> None:
        self.concurrency = concurrency
        self.weights: Mapping[str, float] = {}
        self.notice: Callable[[str], None] = lambda text: None
        self.seed_source = specification.evolve.source
        self._material = material_of(specification)
        self._program = lru_cache(maxsize=_CACHED_PARENTS)(self._read)

    def describe(self, prompt: Prompt) -> PromptText | None:
        """Return None: no text is made of a prompt."""
        return None

    async def sample(self, prompt: Prompt) -> AsyncIterator[Completion]:
        """Yield a whole function for each ordinal."""
        for ordinal in prompt.ordinals:
            yield self.propose(prompt, ordinal)
            await asyncio.sleep(0)

    def propose(self, prompt: Prompt, ordinal: int) -> Completion:
        """Return one answer."""
        parents = [
            program for parent in prompt.parents if (program := self._program(parent.source)) is not None
        ]
        rng = generator(prompt.seed, prompt.draw_id, ordinal)
        proposal = propose(rng, self._material, parents) or propose(rng, self._material, ())
        if proposal is None:
            return Completion(ordinal, self.name, None, error="no program could be made")
        lines = render(proposal.program.block, self._material.language.indent)
        text = self._material.language.prefix + "\n".join(lines) + "\n"
        return Completion(ordinal, self.name, text, params=_params(proposal))

    def late(self, draw_id: int) -> list[Completion | Attempt]:
        """Return nothing: answers are made at once."""
        return []

    def most(self, completions: int) -> tuple[int, float]:
        """Return nothing: it costs nothing."""
        return 0, 0.0

    def extract(self, text: str, prompt: Prompt | None = None) -> str | None:
        """Return the text: a completion is the function."""
        return text

    def params(self) -> dict[str, object]:
        """Return the version of the method, the operators with their weights, and the limits of programs."""
        return {
            "version": VERSION,
            "operators": {name: weight for name, (weight, _) in OPERATORS.items()},
            "most_nodes": MOST_NODES,
            "most_lines": MOST_LINES,
            "most_loops": MOST_LOOPS,
            "deepest": DEEPEST,
        }

    async def close(self) -> None:
        """Do nothing."""

    def _read(self, source: str) -> Program | None:
        language = self._material.language
        try:
            block = settle(tidied(read(source, language)), language)
        except (Unreadable, RecursionError):
            return None
        return Program(block) if block is not None else None


def _params(proposal: Proposal) -> str:
    first, *rest = proposal.operators
    fields: dict[str, object] = {"operator": first}
    if rest:
        fields["then"] = rest
    return json.dumps(fields, separators=(",", ":"))
