"""The client that carries requests: the `openai` package's own, held to a deadline for each attempt.

The client retries by itself what its transport reports as failed, with backoff, jitter and the server's
Retry-After. So that it does so too for a server that answers drop by drop or with something else than the
protocol's JSON, the transport here reports these as what they are: a timeout, and a broken answer. It is also
where each attempt is counted, made to wait for its turn, and told of.

Importing this module imports `openai`, which takes half a second.
"""

from __future__ import annotations

import asyncio
import email.utils
import time
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import httpx2
import openai

from fsdb.samplers.base import Attempt
from fsdb.samplers.openai.answers import Answer, MalformedAnswerError, read_answer
from fsdb.samplers.openai.failures import root_cause
from fsdb.samplers.openai.limits import RateLimit

_CONNECT_SECONDS = 10.0


@dataclass
class InHand:
    """The request that a task sends: what its attempts have in common, and what came of the last one.

    `tokens` are those that it is expected to take; `told` gets the attempts that failed. An attempt that was
    answered is kept in `answered`, so that it is told together with what it brought.
    """

    request_id: str
    ordinals: tuple[int, ...]
    model: str
    prompt_hash: str
    tokens: int
    told: Callable[[Attempt], None]
    message: Callable[[str], str]
    cost: Callable[[int | None, int | None], float | None]
    deadline: asyncio.Timeout | None = None
    attempts: int = 0
    answer: Answer | None = None
    answered: Attempt | None = None

    def wait(self, seconds: float) -> None:
        """Put the deadline off by the time that an attempt waited for its turn."""
        if self.deadline is not None and seconds > 0:
            when = self.deadline.when()
            if when is not None and not self.deadline.expired():
                self.deadline.reschedule(when + seconds)

    def ended(self, outcome: str, since: float, **fields: Any) -> None:
        """Note how an attempt ended."""
        error = fields.pop("error", None)
        attempt = Attempt(
            self.request_id,
            self.attempts,
            self.ordinals,
            self.model,
            self.prompt_hash,
            outcome,
            error=None if error is None else self.message(error),
            latency_seconds=time.monotonic() - since,
            **fields,
        )
        self.attempts += 1
        if outcome == "answered":
            self.answered = attempt
        else:
            self.told(attempt)


IN_HAND: ContextVar[InHand] = ContextVar("in_hand")
"""The request that the running task sends."""


def make_client(
    *,
    base_url: str,
    query: dict[str, str],
    api_key: str,
    timeout_seconds: float,
    max_retries: int,
    limit: RateLimit,
) -> tuple[openai.AsyncOpenAI, CheckedTransport]:
    """Return a client whose every attempt ends within `timeout_seconds`, and its transport.

    `query` is what follows the "?" of every request's address.
    """
    connect = min(_CONNECT_SECONDS, timeout_seconds)
    transport = CheckedTransport(timeout_seconds, limit)
    client = openai.AsyncOpenAI(
        base_url=base_url,
        default_query=query,
        api_key=api_key,
        timeout=httpx2.Timeout(timeout_seconds, connect=connect),
        max_retries=max_retries,
        http_client=transport,
    )
    return client, transport


class CheckedTransport(openai.DefaultAsyncHttpxClient):
    """Sends one attempt; `answered` tells whether the server ever gave an answer of the protocol.

    Until it did, a server that cannot be reached is an error at once, without retries.
    """

    def __init__(self, timeout_seconds: float, limit: RateLimit) -> None:
        super().__init__()
        self.answered = False
        self._timeout_seconds = timeout_seconds
        self._limit = limit

    async def send(self, request: httpx2.Request, **options: Any) -> httpx2.Response:
        """Return the response, read whole; raises httpx2's errors, which the client knows how to retry."""
        hand = IN_HAND.get(None)
        if hand is None or request.method != "POST":
            async with asyncio.timeout(self._timeout_seconds):
                return await super().send(request, **options)
        came = time.monotonic()
        entry = await self._limit.admit(hand.tokens)
        since = time.monotonic()
        hand.wait(since - came)
        response = await self._attempt(hand, since, request, options)
        if not response.is_success:
            self._refused(hand, since, response)
            return response
        try:
            answer = hand.answer = read_answer(response.text)
        except MalformedAnswerError as error:
            hand.ended("malformed", since, status=response.status_code, error=str(error))
            raise httpx2.RemoteProtocolError(str(error), request=request) from error
        self.answered = True
        self._limit.settle(entry, (answer.tokens_in or 0) + (answer.tokens_out or 0) or hand.tokens)
        hand.ended(
            "answered",
            since,
            status=response.status_code,
            tokens_in=answer.tokens_in,
            tokens_out=answer.tokens_out,
            cost_usd=hand.cost(answer.tokens_in, answer.tokens_out),
        )
        return response

    async def _attempt(
        self, hand: InHand, since: float, request: httpx2.Request, options: dict[str, Any]
    ) -> httpx2.Response:
        try:
            async with asyncio.timeout(self._timeout_seconds):
                return await super().send(request, **options)
        except asyncio.CancelledError:
            late = hand.deadline is not None and hand.deadline.expired()
            hand.ended("timed_out" if late else "cancelled", since)
            raise
        except (TimeoutError, httpx2.ReadTimeout, httpx2.WriteTimeout, httpx2.PoolTimeout):
            error = f"no answer within {self._timeout_seconds:g} seconds"
            hand.ended("timed_out", since, error=error)
            raise httpx2.ReadTimeout("the attempt took too long", request=request) from None
        except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
            hand.ended("disconnected", since, error=str(root_cause(error)) or type(error).__name__)
            if self.answered:
                raise
            raise openai.APIConnectionError(request=request) from error
        except httpx2.HTTPError as error:
            hand.ended("disconnected", since, error=str(error) or type(error).__name__)
            raise

    def _refused(self, hand: InHand, since: float, response: httpx2.Response) -> None:
        """Note an error that the server gave, and how long it asks to be left alone."""
        status, wait = response.status_code, _retry_after(response.headers.get("retry-after"))
        outcome = "rate_limited" if status == 429 else "server_error" if status >= 500 else "refused"
        hand.ended(outcome, since, status=status, error=response.text[:2000], retry_after_seconds=wait)
        if status == 429 and wait is not None:
            self._limit.hold(wait)


def _retry_after(said: str | None) -> float | None:
    """Return the seconds that a Retry-After header asks for, a number or a date; None where it is neither."""
    if not said:
        return None
    try:
        seconds = float(said)
    except ValueError:
        parsed = email.utils.parsedate_tz(said)
        if parsed is None:
            return None
        seconds = email.utils.mktime_tz(parsed) - time.time()
    return seconds if 0 <= seconds < 1e7 else None
