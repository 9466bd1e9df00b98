"""Traffic: draws out to samplers, programs out to evaluators, and what comes back from both.

Nothing here touches the log. What comes in is put on the flight that it belongs to, for the loop to record.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from functools import partial
from typing import Any

from fsdb.errors import FsdbError
from fsdb.evaluator.evaluation import Evaluation, Scorer
from fsdb.samplers.base import Sampler
from fsdb.search.flight import Flight, Sample
from fsdb.state.keys import source_hash


class Traffic:
    """The draws under way, by number, and the tasks that wait for samplers and evaluators."""

    def __init__(self, sampler: Sampler, random_sampler: Sampler, evaluator: Scorer) -> None:
        """Take over what answers prompts, what makes fresh random programs, and what scores programs."""
        self.flights: dict[int, Flight] = {}
        self._sampler = sampler
        self._random_sampler = random_sampler
        self._evaluator = evaluator
        self._arrivals: asyncio.Queue[Callable[[], None]] = asyncio.Queue()
        self._tasks: set[asyncio.Task[None]] = set()
        self._running: dict[str, asyncio.Task[Evaluation]] = {}
        self._slots = asyncio.Semaphore(sampler.concurrency)

    @property
    def busy(self) -> bool:
        """Whether anything is under way or has come in unseen."""
        return bool(self._tasks) or not self._arrivals.empty()

    def ask(self, flight: Flight) -> None:
        """Send a draw's prompt; each completion arrives on its own."""
        self._spawn(self._sample(flight))

    def evaluate(self, flight: Flight, sample: Sample) -> None:
        """Have a sample's program scored; the same source under way twice is run once."""
        assert sample.source is not None
        key = source_hash(sample.source)
        if key not in self._running:
            self._running[key] = asyncio.create_task(self._evaluator.evaluate(sample.source))
        self._spawn(self._await_result(flight, sample, self._running[key]))

    def forget(self, source: str) -> None:
        """Drop a finished evaluation that the log now holds."""
        self._running.pop(source_hash(source), None)

    async def receive(self, seconds: float | None = None) -> bool:
        """Take in the next arrival, waiting up to `seconds` (None: as long as it takes); False if none came.

        Raises what a sampler or an evaluator raised.
        """
        try:
            arrival = await asyncio.wait_for(self._arrivals.get(), seconds)
        except TimeoutError:
            return False
        arrival()
        return True

    def take_in(self) -> None:
        """Take in all that has arrived, without waiting; raises as `receive` does."""
        while not self._arrivals.empty():
            self._arrivals.get_nowait()()

    def wake(self) -> None:
        """Let a waiting `receive` return."""
        self._arrivals.put_nowait(lambda: None)

    async def let_go(self) -> None:
        """Cancel all that is under way, and take in what came meanwhile; its draws stay open in the log."""
        tasks = [*self._tasks, *self._running.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        while not self._arrivals.empty():
            with suppress(Exception):  # what failed last is no reason to lose what was paid for
                self._arrivals.get_nowait()()

    async def _sample(self, flight: Flight) -> None:
        sampler = self._random_sampler if flight.prompt.kind == "random" else self._sampler
        async with self._slots:
            try:
                async for arrival in sampler.sample(flight.prompt):
                    self._arrivals.put_nowait(partial(flight.take_in, arrival))
            finally:
                for arrival in sampler.late(flight.draw_id):
                    self._arrivals.put_nowait(partial(flight.take_in, arrival))

    async def _await_result(self, flight: Flight, sample: Sample, running: asyncio.Task[Evaluation]) -> None:
        evaluation = await asyncio.shield(running)
        self._arrivals.put_nowait(_setter(flight.results, sample.ordinal, (sample, evaluation)))

    def _spawn(self, coroutine: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            self._arrivals.put_nowait(_raiser(error))
        else:
            self.wake()  # so that whoever waits sees that nothing is under way any more


def _setter(where: dict[int, Any], ordinal: int, value: Any) -> Callable[[], None]:
    def arrive() -> None:
        where[ordinal] = value

    return arrive


def _raiser(error: BaseException) -> Callable[[], None]:
    def arrive() -> None:
        if isinstance(error, FsdbError):
            raise error
        raise RuntimeError(f"a sampler or an evaluator failed: {error!r}") from error

    return arrive
