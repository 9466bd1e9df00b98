"""The client that carries requests: the `openai` package's own, held to a deadline for each attempt.

The client retries by itself what its transport reports as failed, with backoff, jitter and the server's
Retry-After. So that it does so too for a server that answers drop by drop or with something else than the
protocol's JSON, the transport here reports these as what they are: a timeout, and a broken answer.

Importing this module imports `openai`, which takes half a second.
"""

from __future__ import annotations

import asyncio
from typing import Any

import httpx2
import openai

from fsdb.samplers.openai.answers import MalformedAnswerError, read_answer

_CONNECT_SECONDS = 10.0


def make_client(
    *, base_url: str, query: dict[str, str], api_key: str, timeout_seconds: float, max_retries: int
) -> tuple[openai.AsyncOpenAI, CheckedTransport]:
    """Return a client whose every attempt ends within `timeout_seconds`, and its transport.

    `query` is what follows the "?" of every request's address.
    """
    connect = min(_CONNECT_SECONDS, timeout_seconds)
    transport = CheckedTransport(timeout_seconds)
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

    def __init__(self, timeout_seconds: float) -> None:
        super().__init__()
        self.answered = False
        self._timeout_seconds = timeout_seconds

    async def send(self, request: httpx2.Request, **options: Any) -> httpx2.Response:
        """Return the response, read whole; raises httpx2's errors, which the client knows how to retry."""
        try:
            async with asyncio.timeout(self._timeout_seconds):
                response = await super().send(request, **options)
        except TimeoutError:
            raise httpx2.ReadTimeout("the attempt took too long", request=request) from None
        except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
            if self.answered:
                raise
            raise openai.APIConnectionError(request=request) from error
        if request.method == "POST" and response.is_success:
            try:
                read_answer(response.text)
            except MalformedAnswerError as error:
                raise httpx2.RemoteProtocolError(str(error), request=request) from error
            self.answered = True
        return response
