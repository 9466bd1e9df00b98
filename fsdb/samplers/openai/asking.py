"""One request: sent, retried, adapted to what the server accepts, and turned into completions."""

from __future__ import annotations

import asyncio
import difflib
import json
import time
from collections.abc import Callable
from typing import Any

import openai

from fsdb.errors import FsdbError
from fsdb.samplers.base import Completion, Prompt
from fsdb.samplers.openai.answers import Answer, Choice, read_answer
from fsdb.samplers.openai.failures import (
    ends_run,
    is_about_model,
    is_outage,
    server_message,
    short_error,
)
from fsdb.samplers.openai.redaction import Redactor
from fsdb.samplers.openai.requests import Dialect, Settings, content, parameters
from fsdb.samplers.openai.server import Server
from fsdb.samplers.openai.transport import CheckedTransport
from fsdb.samplers.prompts import RenderedPrompt

SAMPLER = "openai"

Emit = Callable[[Completion], None]

_MAX_REFUSALS = 5
_MIN_FAILURES_IN_A_ROW = 20
_MAX_ALIKE_IN_A_ROW = 2
_LISTING_SECONDS = 5.0


class Asker:
    """Sends requests, at most `concurrency` at a time, and remembers what the server accepts."""

    def __init__(
        self,
        client: openai.AsyncOpenAI,
        transport: CheckedTransport,
        settings: Settings,
        server: Server,
        redactor: Redactor,
        *,
        concurrency: int,
        deadline_seconds: float,
        dialect: Dialect,
    ) -> None:
        self._client = client
        self._transport = transport
        self._settings = settings
        self._server = server
        self._redactor = redactor
        self._deadline_seconds = deadline_seconds
        self._dialect = dialect
        self._several_proven = False
        self._alike_in_a_row = 0
        self._slots = asyncio.Semaphore(concurrency)
        self._failures_in_a_row = 0
        self._max_failures_in_a_row = max(_MIN_FAILURES_IN_A_ROW, 3 * concurrency)

    @property
    def asks_for_several(self) -> bool:
        """Whether the server, as far as is known, gives several choices to one request."""
        return self._dialect.several

    async def ask(
        self, prompt: Prompt, rendered: RenderedPrompt, ordinals: tuple[int, ...], emit: Emit
    ) -> tuple[int, ...]:
        """Get the completions of some ordinals by one request; return the ordinals that it left out.

        A request that fails for good gives a completion with an error for each. Raises FsdbError where no
        retry can mend it.
        """
        async with self._slots:
            request_id = f"{prompt.draw_id}.{ordinals[0]}"
            started = time.monotonic()
            sent = parameters(self._settings, self._dialect, prompt, ordinals)
            try:
                async with asyncio.timeout(self._deadline_seconds):
                    sent, answer = await self._send(prompt, rendered, ordinals)
            except (openai.OpenAIError, TimeoutError) as error:
                fatal, failure = await self._judge(error), self._failure(error)
            else:
                if answer is None:
                    return ordinals
                self._failures_in_a_row = 0
                self._learn(sent, answer)
                latency = time.monotonic() - started
                for completion in self._completions(sent, answer, request_id, ordinals, latency):
                    emit(completion)
                return ordinals[len(answer.choices) :]
        if fatal is not None:
            raise fatal
        for completion in self._failed(sent, request_id, ordinals, time.monotonic() - started, failure):
            emit(completion)
        return ()

    async def _send(
        self, prompt: Prompt, rendered: RenderedPrompt, ordinals: tuple[int, ...]
    ) -> tuple[dict[str, Any], Answer | None]:
        """Send a request until the server accepts its form; return what was sent, and the answer.

        None in its place means that the server gives no several choices to one request.
        """
        for _ in range(_MAX_REFUSALS):
            dialect = self._dialect
            sent = parameters(self._settings, dialect, prompt, ordinals)
            if len(ordinals) > 1 and not dialect.several:
                return sent, None
            try:
                return sent, await self._create(sent, rendered)
            except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
                refusal = error
            if self._dialect != dialect:
                continue  # another request has meanwhile learnt what this one would
            adapted = dialect.after_refusal(
                sent, server_message(refusal), refusal.param, several_proven=self._several_proven
            )
            if adapted is None:
                raise refusal
            self._dialect = adapted
        raise refusal

    async def _create(self, sent: dict[str, Any], rendered: RenderedPrompt) -> Answer:
        body = {**sent, **content(rendered)}
        if self._settings.endpoint == "chat":
            raw = await self._client.chat.completions.with_raw_response.create(**body)
        else:
            raw = await self._client.completions.with_raw_response.create(**body)
        return read_answer(raw.http_response.text)

    def _learn(self, sent: dict[str, Any], answer: Answer) -> None:
        """Remember what an answer shows of the server."""
        wanted, came = sent.get("n", 1), len(answer.choices)
        if came < wanted:
            self._dialect = self._dialect.with_one_choice()
        elif wanted > 1:
            self._several_proven = True
            alike = len({choice.text for choice in answer.choices}) == 1 and sent.get("temperature") != 0
            self._alike_in_a_row = self._alike_in_a_row + 1 if alike else 0
            if self._alike_in_a_row >= _MAX_ALIKE_IN_A_ROW:
                # the server gives all choices of a request its one seed
                self._dialect = self._dialect.without_seed()

    def _completions(
        self,
        sent: dict[str, Any],
        answer: Answer,
        request_id: str,
        ordinals: tuple[int, ...],
        latency: float,
    ) -> list[Completion]:
        """Return an answer's choices as completions; the request's tokens are on the first."""
        if answer.answer_id is not None:
            request_id = f"{request_id}/{self._redactor.message(answer.answer_id, 100)}"
        model = self._settings.model if answer.model is None else self._redactor.message(answer.model, 200)
        return [
            Completion(
                ordinal,
                SAMPLER,
                None if choice.text is None else self._redactor.text(choice.text),
                error=_no_text(choice) if choice.text is None else None,
                model=model,
                params=self._params(sent),
                request_id=request_id,
                tokens_in=_first_only(answer.tokens_in, position),
                tokens_out=_first_only(answer.tokens_out, position),
                latency_seconds=latency,
                finish_reason=choice.finish_reason and self._redactor.message(choice.finish_reason, 60),
            )
            for position, (ordinal, choice) in enumerate(zip(ordinals, answer.choices, strict=False))
        ]

    def _failed(
        self, sent: dict[str, Any], request_id: str, ordinals: tuple[int, ...], latency: float, error: str
    ) -> list[Completion]:
        """Return the completions of a request that failed for good."""
        return [
            Completion(
                ordinal,
                SAMPLER,
                None,
                error=error,
                model=self._settings.model,
                params=self._params(sent),
                request_id=request_id,
                latency_seconds=latency,
            )
            for ordinal in ordinals
        ]

    def _params(self, sent: dict[str, Any]) -> str:
        """Return a request's parameters for the log: compact, key-sorted JSON."""
        params = {"endpoint": self._settings.endpoint, **sent}
        return json.dumps(params, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    def _failure(self, error: Exception) -> str:
        if isinstance(error, TimeoutError):
            return f"TimeoutError: no answer within {self._deadline_seconds:g} seconds, retries included"
        return short_error(error, self._redactor)

    async def _judge(self, error: Exception) -> FsdbError | None:
        """Return the error that is to stop the run, if this failure is to; count it otherwise."""
        fatal = ends_run(error, self._server, self._redactor, answered=self._transport.answered)
        if fatal is not None:
            if isinstance(error, openai.NotFoundError) and is_about_model(error, self._server):
                fatal.cure = await self._offered_models() or fatal.cure
            return fatal
        self._failures_in_a_row += is_outage(error)
        if self._failures_in_a_row < self._max_failures_in_a_row:
            return None
        return FsdbError(
            f"{self._server.model} at {self._server.url} failed {self._failures_in_a_row} requests in a row;"
            f" the last: {self._failure(error)}",
            cure="See what is wrong there; `fsdb resume` goes on where the run stopped.",
        )

    async def _offered_models(self) -> str | None:
        """Return a cure that names what the server offers, the likest first; None where it does not say."""
        client = self._client.with_options(max_retries=0)
        try:
            async with asyncio.timeout(_LISTING_SECONDS):
                page = await client.models.list()
            names = [self._redactor.message(str(model.id), 100) for model in page.data]
        except (openai.OpenAIError, TimeoutError, ValueError, TypeError, AttributeError):
            return None
        like = difflib.get_close_matches(self._server.model, names, n=3, cutoff=0.4)
        first = list(dict.fromkeys([*like, *names]))[:8]
        more = len(set(names)) - len(first)
        listed = ", ".join(first) + (f" and {more} more" if more > 0 else "")
        return f"Give --model one that it offers: {listed}." if names else None


def _no_text(choice: Choice) -> str:
    reason = f", finish reason {choice.finish_reason[:60]}" if choice.finish_reason else ""
    more = "; raise --max-tokens" if choice.finish_reason == "length" else ""
    return f"the answer held no text{reason}{more}"


def _first_only(tokens: int | None, position: int) -> int | None:
    return tokens if tokens is None or position == 0 else 0
