"""What a run may spend: what was spent, what is under way counted in, decides how many prompts may go out."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from fsdb.config import Stops
from fsdb.errors import FsdbError
from fsdb.samplers.base import Completion, Sampler
from fsdb.search.flight import Flight


class Budget:
    """Holds a run to its limits in tokens and US dollars.

    Each prompt under way is counted with the most that it may come to, by the sampler's word; so is the next
    one, which goes out only if there is room for all of it. The budget is exhausted when there is no room for
    one more and nothing is under way that may turn out cheaper.
    """

    def __init__(self, stops: Stops, sampler: Sampler, completions: int) -> None:
        """Take the limits; `completions` are those of a prompt."""
        self._limits = (stops.budget_tokens, stops.budget_usd)
        self._sampler = sampler
        self._completions = completions
        self._spent = (0, 0.0)
        self._blind = ""

    def exhausted(self, progress: dict[str, Any], flights: Iterable[Flight]) -> str | None:
        """Take in what the log says was spent; return "tokens" or "usd" where there is no room, else None."""
        self._spent = (
            (progress["tokens_in"] or 0) + (progress["tokens_out"] or 0),
            float(progress["cost_usd"] or 0),
        )
        rooms = self._rooms(flights)
        for reason, room in zip(("tokens", "usd"), rooms, strict=True):
            if room < 1:
                return reason
        return None

    def prompts(self, flights: Iterable[Flight]) -> int:
        """Return how many more prompts there is room for."""
        return int(min(*self._rooms(flights), 2**31))

    def check(self, completion: Completion) -> None:
        """Notice an answer that does not tell what a budget counts."""
        tokens, dollars = self._limits
        if completion.text is None or completion.model_asked is None or self._blind:
            return
        if tokens is not None and completion.tokens_in is None and completion.tokens_out is None:
            self._blind = "reports no tokens, so that --budget-tokens cannot be kept"
        elif dollars is not None and completion.cost_usd is None:
            self._blind = "has no price, or reports no tokens, so that --budget-usd cannot be kept"
        self._blind = self._blind and f"{completion.model_asked} {self._blind}"

    def give_up_if_blind(self) -> None:
        """Raise FsdbError where answers came whose cost is not known."""
        if self._blind:
            raise FsdbError(
                self._blind,
                cure="limit the run by --samples or --minutes instead, and `fsdb resume` it",
            )

    def _rooms(self, flights: Iterable[Flight]) -> tuple[float, float]:
        """Return how many prompts there is room for, by tokens and by dollars."""
        if self._limits == (None, None):
            return math.inf, math.inf
        most = self._sampler.most(self._completions)
        under_way = sum(flight.awaited / self._completions for flight in flights if flight.prompt.models)
        rooms = [
            math.inf if limit is None else (limit - spent) / each - under_way if each > 0 else math.inf
            for limit, spent, each in zip(self._limits, self._spent, most, strict=True)
        ]
        return rooms[0], rooms[1]
