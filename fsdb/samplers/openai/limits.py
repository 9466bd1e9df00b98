"""Requests and tokens in any minute: what a model's server allows, kept before it has to refuse."""

from __future__ import annotations

import asyncio
import time
from collections import deque

MINUTE = 60.0

LONGEST_HOLD_SECONDS = 300.0
"""A server that asks to wait for longer is asked again after this."""


class RateLimit:
    """Lets attempts go so that no 60 seconds hold more than `rpm` of them, nor more tokens than `tpm`.

    Tokens are counted as expected when an attempt goes, and as reported when its answer comes. A server that
    said how long to wait is left alone for so long, by all requests.
    """

    def __init__(self, rpm: int | None, tpm: int | None, minute: float = MINUTE) -> None:
        self._rpm = rpm
        self._tpm = tpm
        self._minute = minute
        self._sent: deque[list[float]] = deque()  # [when, tokens] of each attempt of the last minute
        self._held_until = 0.0
        self._turn = asyncio.Lock()

    async def admit(self, tokens: int) -> list[float]:
        """Wait until an attempt may go; return its entry, for `settle`."""
        async with self._turn:
            while (wait := self._wait(tokens)) > 0:
                await asyncio.sleep(wait)
            entry = [time.monotonic(), float(tokens)]
            if self._rpm is not None or self._tpm is not None:
                self._sent.append(entry)
            return entry

    def settle(self, entry: list[float], tokens: int) -> None:
        """Put the tokens that an attempt took in the place of those expected."""
        entry[1] = float(tokens)

    def hold(self, seconds: float) -> None:
        """Let nothing go for some seconds, because the server asked for it."""
        self._held_until = max(self._held_until, time.monotonic() + min(seconds, LONGEST_HOLD_SECONDS))

    def _wait(self, tokens: int) -> float:
        now = time.monotonic()
        while self._sent and self._sent[0][0] <= now - self._minute:
            self._sent.popleft()
        waits = [self._held_until - now]
        if self._rpm is not None and len(self._sent) >= self._rpm:
            waits.append(self._sent[len(self._sent) - self._rpm][0] + self._minute - now)
        if self._tpm is not None and self._sent:
            total = sum(entry[1] for entry in self._sent) + tokens
            for entry in self._sent:
                if total <= self._tpm:
                    break
                waits.append(entry[0] + self._minute - now)
                total -= entry[1]
        return max(waits)
