"""New bests: none counts before it has been scored a second time, out of the program's reach."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from fsdb.evaluator.evaluation import Evaluation, Scorer
from fsdb.search.flight import Flight


class NewBests:
    """Has each result that would be a new best confirmed, in the order in which results are recorded."""

    def __init__(self, evaluator: Scorer, best: float | None) -> None:
        """`best` is the best score of the run so far, None where it has none."""
        self._evaluator = evaluator
        self._best = best
        # A program may be under way for several draws: whatever was found out of it holds for all of them.
        self._confirmed: dict[str, Evaluation] = {}

    async def confirm(self, flights: Iterable[Flight], until: asyncio.Task[object]) -> bool:
        """Replace the results in `flights`, which are about to be recorded, by what a second scoring says.

        Gives up when `until` is done, which it then leaves to the caller; returns whether nothing is left
        unconfirmed. Raises FsdbError where the second scoring cannot be started.
        """
        confirming = asyncio.create_task(self._confirm(flights))
        try:
            await asyncio.wait((confirming, until), return_when=asyncio.FIRST_COMPLETED)
            if confirming.done():
                confirming.result()
            return confirming.done()
        finally:
            confirming.cancel()
            await asyncio.gather(confirming, return_exceptions=True)

    async def _confirm(self, flights: Iterable[Flight]) -> None:
        for flight in flights:
            for ordinal, (sample, evaluation) in sorted(flight.results.items()):
                if evaluation.score is None or evaluation.scoring is None or sample.source is None:
                    continue  # without a score, or not run now: then it was confirmed when it was run
                key = sample.source_hash or ""
                if key not in self._confirmed and (self._best is None or evaluation.score > self._best):
                    self._confirmed[key] = await self._evaluator.confirm(sample.source, evaluation)
                if key in self._confirmed:
                    evaluation = self._confirmed[key]
                    flight.results[ordinal] = (sample, evaluation)
                if evaluation.score is not None:
                    self._best = evaluation.score if self._best is None else max(self._best, evaluation.score)
