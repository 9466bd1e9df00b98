"""A circuit breaker: a model that keeps failing is set aside for a while, then tried by one request."""

from __future__ import annotations

import time

FAILURES_TO_OPEN = 5
"""So many requests in a row that fail, each with its retries, set a model aside."""

FIRST_WAIT_SECONDS = 5.0
LONGEST_WAIT_SECONDS = 300.0
"""How long it stays aside at first, and at most: twice as long after each trial that fails."""


class Breaker:
    """Whether a model may be asked: always while closed; while open, by one request once its wait is over."""

    def __init__(self) -> None:
        self.reason = ""
        self._wait = FIRST_WAIT_SECONDS
        self._failures = 0
        self._open_until: float | None = None
        self._trying = False

    @property
    def is_open(self) -> bool:
        """Whether the model is set aside."""
        return self._open_until is not None

    @property
    def seconds_left(self) -> float:
        """Seconds until it may be tried again."""
        return 0.0 if self._open_until is None else max(0.0, self._open_until - time.monotonic())

    @property
    def allows(self) -> bool:
        """Whether a request may be sent now."""
        return not self.is_open or (not self._trying and self.seconds_left == 0)

    def sent(self) -> None:
        """Note that a request is sent: where the model is set aside, the one that tries it."""
        self._trying = self.is_open

    def answered(self) -> bool:
        """Note an answer; return whether the model was set aside until now."""
        was_open, self._open_until, self._trying = self.is_open, None, False
        self._failures, self._wait = 0, FIRST_WAIT_SECONDS
        return was_open

    def failed(self, reason: str) -> bool:
        """Note a failure that is the server's; return whether the model is set aside from now on."""
        self.reason = reason
        self._failures += 1
        if self._trying:
            self._trying = False
            self._wait = min(2 * self._wait, LONGEST_WAIT_SECONDS)
            self._open_until = time.monotonic() + self._wait
        elif not self.is_open and self._failures >= FAILURES_TO_OPEN:
            self._open_until = time.monotonic() + self._wait
            return True
        return False

    def set_aside(self, reason: str) -> None:
        """Set the model aside for as long as the run goes on."""
        self.reason, self._open_until, self._trying = reason, float("inf"), False

    def left(self) -> None:
        """Note that the request that was to try it ended without telling anything of the server."""
        self._trying = False
