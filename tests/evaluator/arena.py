"""An evaluator to be used without `await`, on a specification whose score is what the program returns."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Iterator
from typing import Any

from fsdb.evaluator.evaluation import Evaluation, Limits
from fsdb.evaluator.pool import Evaluator
from fsdb.problem.parsing import parse_specification
from fsdb.problem.specification import Specification
from tests.sandbox.processes import children, dead, descendants, session

SPECIFICATION = '''"""Return the largest number."""
import numpy as np

import funsearch

LIMIT = 3


def helper(x):
    return x + 1


@funsearch.run
def evaluate(x):
    """Score one input."""
    return priority(x)


@funsearch.evolve
def priority(x):
    """Return a number."""
    return x


def later(x):
    return helper(x)
'''

GOOD = "def priority(x):\n    return float(np.sum(np.arange(x)))\n"
"""A program that scores 0, 1 and 3 on the inputs 1, 2 and 3."""


def specification(text: str = SPECIFICATION) -> Specification:
    return parse_specification(text, "arena")


def program(*lines: str) -> str:
    """Return a program with these lines as its body."""
    return "def priority(x):\n" + "".join(f"    {line}\n" for line in lines)


class Arena:
    """An evaluator and the event loop that it belongs to."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._others = children(os.getpid())
        self.evaluator = evaluator
        self.loop = asyncio.new_event_loop()
        try:
            self.loop.run_until_complete(evaluator.start())
        except BaseException:
            self.loop.close()
            raise

    def __call__(self, source: str) -> Evaluation:
        return self.loop.run_until_complete(self.evaluator.evaluate(source))

    def run(self, *lines: str) -> Evaluation:
        """Evaluate a program with this body."""
        return self(program(*lines))

    def check_good(self) -> None:
        """A good program scores right, and nothing runs any more: whatever ran before left nothing behind."""
        result = self(GOOD)
        assert (result.status, result.scores, result.error) == ("ok", (0.0, 1.0, 3.0), None)
        assert not self.evaluations()

    def zygotes(self) -> set[int]:
        """Return the processes that the evaluator has started and not ended."""
        return children(os.getpid()) - self._others

    def everything(self) -> set[int]:
        """Return those and all that is below them: where there are namespaces, the zygote proper is."""
        return self.zygotes().union(*map(descendants, self.zygotes()))

    def evaluations(self) -> set[int]:
        """Return the processes that programs run in: each has a session of its own."""
        sessions = {os.getsid(pid) for pid in self.zygotes()}
        return {pid for pid in self.everything() if session(pid) not in sessions}

    def lose(self) -> None:
        """Kill the evaluator's processes behind its back."""
        pids = self.everything()
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        assert dead(pids)

    def close(self) -> None:
        self.loop.run_until_complete(self.evaluator.close())
        self.loop.close()


@contextlib.contextmanager
def arena(
    text: str = SPECIFICATION,
    inputs: tuple[Any, ...] = (1, 2, 3),
    reduce: str = "mean",
    processes: int = 1,
    limits: Limits | None = None,
    **options: Any,
) -> Iterator[Arena]:
    limits = limits or Limits(timeout_seconds=10.0, memory_bytes=512 * 2**20, output_bytes=1000)
    it = Arena(
        Evaluator(specification(text), inputs, reduce, limits, processes, allow_unsafe=True, **options)
    )
    try:
        yield it
    finally:
        it.close()
