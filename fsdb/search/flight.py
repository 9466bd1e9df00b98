"""What is under way: draws that were sent out and have not all come back."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from fsdb.evaluator.evaluation import Evaluation
from fsdb.samplers.base import Attempt, Completion, Prompt
from fsdb.state.keys import source_hash


class Sample:
    """A completion with its number, and the program in it (None where there is none)."""

    def __init__(self, completion_id: int, ordinal: int, sampler: str, source: str | None) -> None:
        """Hold the parts."""
        self.completion_id = completion_id
        self.ordinal = ordinal
        self.sampler = sampler
        self.source = source

    @cached_property
    def source_hash(self) -> str | None:
        """The program's content key, None where there is no program."""
        return None if self.source is None else source_hash(self.source)


class Flight:
    """One draw under way: what was asked, and what has come in and is not yet in the log.

    `prompt.ordinals` are the completions still wanted; a resumed draw has `samples` others that came in
    before. The flight has landed once each of all these is in the log as a program.
    """

    def __init__(self, prompt: Prompt, batch_id: int, island_id: int, epoch: int, samples: int = 0) -> None:
        """Set out; `samples` counts the completions that the log holds already, without their programs."""
        self.prompt = prompt
        self.draw_id = prompt.draw_id
        self.batch_id = batch_id
        self.island_id = island_id
        self.epoch = epoch
        self.parents = tuple(parent.program_id for parent in prompt.parents)
        self.attempts: list[Attempt] = []
        self.completions: dict[int, Completion] = {}
        self.results: dict[int, tuple[Sample, Evaluation]] = {}
        self._unanswered = len(prompt.ordinals)
        self._unevaluated = len(prompt.ordinals) + samples

    def take_in(self, arrival: Completion | Attempt) -> None:
        """Keep what a sampler gave, for the log."""
        if isinstance(arrival, Attempt):
            self.attempts.append(arrival)
        else:
            self.completions[arrival.ordinal] = arrival

    def answered(self) -> bool:
        """Return whether every completion has come in."""
        return len(self.completions) >= self._unanswered

    @property
    def awaited(self) -> int:
        """How many completions are asked for and not in the log."""
        return self._unanswered

    def evaluated(self) -> bool:
        """Return whether every program has come in."""
        return len(self.results) >= self._unevaluated

    @property
    def landed(self) -> bool:
        """Whether every program is in the log."""
        return self._unevaluated == 0

    def take_attempts(self) -> Iterator[Attempt]:
        """Yield the attempts that ended, in order, for the log."""
        yield from self.attempts
        self.attempts.clear()

    def take_completions(self) -> Iterator[Completion]:
        """Yield what came in, by ordinal, for the log."""
        for ordinal in sorted(self.completions):
            self._unanswered -= 1
            yield self.completions.pop(ordinal)

    def take_results(self) -> Iterator[tuple[Sample, Evaluation]]:
        """Yield the results that came in, by ordinal, for the log."""
        for ordinal in sorted(self.results):
            self._unevaluated -= 1
            yield self.results.pop(ordinal)
