"""The mutation sampler for blocks: it changes one of the functions in them, or a number anywhere in them."""

from __future__ import annotations

import ast
import asyncio
import json
import math
import random
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache

from fsdb.errors import UsageError
from fsdb.problem.blocks import parse_program
from fsdb.problem.parsing import parse_evolved
from fsdb.problem.specification import Specification
from fsdb.samplers.base import Attempt, Completion, Prompt, PromptText
from fsdb.samplers.mutation.chance import generator, rounded
from fsdb.samplers.mutation.material import material_of
from fsdb.samplers.mutation.sampler import MutationSampler

_FUNCTION, _NUMBER, _TRANSPLANT = "function", "number", "transplant"
_WEIGHTS = {_FUNCTION: 6, _NUMBER: 3, _TRANSPLANT: 1}
_TRIES = 12
_CACHED = 512
_MAX_NUMBERS = 3


class BlockMutationSampler:
    """Answers prompts by itself, with the whole text of the blocks.

    A function at the top of a block is changed as the evolved function of a specification is; what that
    cannot read (classes, assignments to parts, whatever else) has its numbers changed; and a function may
    come whole from the other parent.
    """

    name = "mutation"
    model: str | None = None

    def __init__(self, specification: Specification, *, concurrency: int = 8) -> None:
        self.concurrency = concurrency
        self.weights: Mapping[str, float] = {}
        self.notice: Callable[[str], None] = lambda text: None
        self._specification = specification
        self._parsed = lru_cache(maxsize=_CACHED)(self._parse)
        self._sampler = lru_cache(maxsize=_CACHED)(_function_sampler)

    def describe(self, prompt: Prompt) -> PromptText | None:
        """Return None: no text is made of a prompt."""
        return None

    async def sample(self, prompt: Prompt) -> AsyncIterator[Completion]:
        """Yield the text of all blocks for each ordinal."""
        for ordinal in prompt.ordinals:
            yield self.propose(prompt, ordinal)
            await asyncio.sleep(0)

    def propose(self, prompt: Prompt, ordinal: int) -> Completion:
        """Return one answer."""
        rng = generator(prompt.seed, prompt.draw_id, ordinal)
        sources = [parent.source for parent in prompt.parents] or [self._specification.evolve.source]
        steps = 1 if prompt.parents else rng.randint(1, 4)
        number = len(sources) - 1
        while number > 0 and rng.random() < 0.3:
            number -= 1
        mates = [source for place, source in enumerate(sources) if place != number]
        source, operators = sources[number], []
        for _ in range(_TRIES):
            changed = self._changed(rng, source, mates, prompt, ordinal)
            if changed is not None and changed[0] not in sources:
                source = changed[0]
                operators.append(changed[1])
                if len(operators) >= steps:
                    break
        if not operators:
            return Completion(ordinal, self.name, None, error="no program could be made")
        first, *rest = operators
        params: dict[str, object] = {"operator": first, **({"then": rest} if rest else {})}
        return Completion(ordinal, self.name, source, params=json.dumps(params, separators=(",", ":")))

    def late(self, draw_id: int) -> list[Completion | Attempt]:
        """Return nothing: answers are made at once."""
        return []

    def most(self, completions: int) -> tuple[int, float]:
        """Return nothing: it costs nothing."""
        return 0, 0.0

    def extract(self, text: str, prompt: Prompt | None = None) -> str | None:
        """Return the text: a completion is the blocks."""
        return text

    def params(self) -> dict[str, object]:
        """Return the version of the method, and the operators with their weights."""
        return {"version": 1, "operators": dict(_WEIGHTS), "evolves": "blocks"}

    async def close(self) -> None:
        """Do nothing."""

    def _changed(
        self, rng: random.Random, source: str, mates: list[str], prompt: Prompt, ordinal: int
    ) -> tuple[str, str] | None:
        """Return the blocks changed in one way, and the way; None where it does not apply."""
        program = self._parsed(source)
        if program is None:
            return None
        ways = [way for way in _WEIGHTS if way != _TRANSPLANT or mates]
        way = rng.choices(ways, [_WEIGHTS[each] for each in ways])[0]
        if way == _NUMBER:
            return _with_numbers_changed(rng, program)
        functions = list(_functions(program))
        if not functions:
            return None
        name = rng.choices(functions, [_size(program, each) for each in functions])[0]
        if way == _TRANSPLANT:
            other = self._parsed(rng.choice(mates))
            if other is None or name not in _functions(other):
                return None
            theirs = parse_evolved(other.text, other.name, name).evolve.source
            return _with_function(program, name, theirs), way
        sampler = self._sampler(program.text, name)
        if sampler is None:
            return None
        changed = sampler.propose(_alone(prompt, sampler, rng), ordinal)
        if changed.text is None:
            return None
        operators = json.loads(changed.params or "{}")
        return _with_function(program, name, changed.text), str(operators.get("operator", way))

    def _parse(self, source: str) -> Specification | None:
        """Return the file of a program, as a program of its own; None where it does not parse."""
        try:
            return parse_program(self._specification.render(source), self._specification.name, "")
        except (UsageError, RecursionError, MemoryError):
            return None


def _alone(prompt: Prompt, sampler: MutationSampler, rng: random.Random) -> Prompt:
    """Return a prompt whose one parent is the function that the sampler is for, with chance of its own."""
    from fsdb.samplers.base import Parent

    parent = Parent(0, sampler.seed_source, 0.0)
    return replace(prompt, parents=(parent,), seed=rng.getrandbits(62))


def _function_sampler(text: str, name: str) -> MutationSampler | None:
    """Return the sampler for one function of a file, None where it cannot read it."""
    try:
        specification = parse_evolved(text, name, name)
        return MutationSampler(specification) if material_of(specification).seed else None
    except (UsageError, RecursionError, ValueError, SyntaxError):
        return None


def _functions(program: Specification) -> dict[str, ast.FunctionDef]:
    """Return the plain functions that stand whole in a block, by name, each name once."""
    module = ast.parse(program.text)
    starts = _line_starts(program.text)
    found: dict[str, ast.FunctionDef] = {}
    names = [node.name for node in module.body if isinstance(node, ast.FunctionDef)]
    for node in module.body:
        if isinstance(node, ast.FunctionDef) and names.count(node.name) == 1:
            start, end = starts[node.lineno - 1], starts[(node.end_lineno or node.lineno) - 1]
            if any(first <= start and end < last for first, last in program.blocks):
                found[node.name] = node
    return found


def _size(program: Specification, name: str) -> int:
    node = _functions(program)[name]
    return (node.end_lineno or node.lineno) - node.lineno + 1


def _with_function(program: Specification, name: str, source: str) -> str:
    """Return the blocks with another text of one function."""
    changed = parse_evolved(program.text, program.name, name).render(source)
    return parse_program(changed, program.name, "").evolve.source


def _with_numbers_changed(rng: random.Random, program: Specification) -> tuple[str, str] | None:
    """Return the blocks with one to three numbers changed."""
    numbers = list(_numbers(program))
    if not numbers:
        return None
    count = min(len(numbers), rng.choice((1, 1, 1, 2, _MAX_NUMBERS)))
    text = program.text
    for start, end, value in sorted(rng.sample(numbers, count), reverse=True):
        text = text[:start] + _like(rng, value) + text[end:]
    try:
        return parse_program(text, program.name, "").evolve.source, _NUMBER
    except UsageError:
        return None


def _numbers(program: Specification) -> Iterator[tuple[int, int, int | float]]:
    """Yield where in the text the numbers of the blocks stand, and what they are."""
    starts = _line_starts(program.text)
    lines = program.text.split("\n")

    def place(line: int, column: int) -> int:
        return starts[line - 1] + len(lines[line - 1].encode()[:column].decode(errors="replace"))

    for node in ast.walk(ast.parse(program.text)):
        if isinstance(node, ast.Constant) and type(node.value) in (int, float) and node.end_lineno:
            start = place(node.lineno, node.col_offset)
            end = place(node.end_lineno, node.end_col_offset or 0)
            value = node.value
            assert isinstance(value, int | float)
            text = program.text[start:end]
            if any(first <= start and end <= last for first, last in program.blocks) and text[:1] in (
                "0123456789."
            ):
                yield start, end, value


def _like(rng: random.Random, value: float) -> str:
    """Return a number near another, or of its kind."""
    if isinstance(value, int):
        changed = (
            value + rng.choice((-2, -1, 1, 2)) if rng.random() < 0.6 else round(value * rng.uniform(0, 2))
        )
        return str(max(changed, 0))
    if not math.isfinite(value) or value == 0:
        return repr(rounded(rng.uniform(0, 1), 3))
    return repr(rounded(value * rng.lognormvariate(0, rng.choice((0.02, 0.1, 0.5))), 6))


def _line_starts(text: str) -> list[int]:
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    return starts
