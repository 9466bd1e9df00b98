"""Trying a model out: a few tiny calls that tell what its server can do."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import openai

from fsdb.samplers.openai.answers import Answer, MalformedAnswerError, read_answer
from fsdb.samplers.openai.failures import ends_run, short_error
from fsdb.samplers.openai.limits import RateLimit
from fsdb.samplers.openai.models import ModelSettings
from fsdb.samplers.openai.place import find_place
from fsdb.samplers.openai.redaction import Redactor
from fsdb.samplers.openai.requests import Dialect
from fsdb.samplers.openai.transport import make_client

_ASKED = "Write a Python function that returns x squared. Answer with code only."
_TOKENS = 48


@dataclass(frozen=True)
class Probe:
    """One thing that was tried: whether it works (None: it could not be told), and what was found."""

    name: str
    works: bool | None
    found: str
    cure: str = ""
    needed: bool = False
    """Whether a run cannot do without."""


async def probe_model(settings: ModelSettings) -> AsyncIterator[Probe]:
    """Yield what a model's server can do, by trying it with answers of a few tokens; keys are never shown.

    Raises UsageError for an address that is none and where OpenAI's own service is asked without a key.
    """
    place = find_place(settings.base_url, None, settings.api_key_env)
    redactor = Redactor(place.secrets())
    key = f"the key in {place.key_name}" if place.has_key else "no key"
    client, transport = make_client(
        base_url=place.base_url,
        query=place.query,
        api_key=place.key,
        timeout_seconds=settings.timeout,
        max_retries=1,
        limit=RateLimit(None, None),
    )
    calls = _Calls(client, settings, Dialect.of("chat", default_service=place.is_default).max_tokens)
    yield Probe("address", True, f"{place.shown_url}, with {key}")
    try:
        yield await _listing(client, settings, redactor)
        answers: dict[str, Answer] = {}
        for endpoint in ("chat", "completions", "responses"):
            needed = endpoint == settings.endpoint
            began = time.monotonic()
            try:
                answer = answers[endpoint] = await calls.ask(endpoint)
            except (openai.OpenAIError, MalformedAnswerError, TimeoutError) as error:
                server = place.as_server(settings.model, endpoint)
                stop = ends_run(error, server, redactor, answered=False, alone=True)
                found = stop.message if stop and needed else short_error(error, redactor)
                yield Probe(endpoint, False, found, stop.cure if stop and needed else "", needed)
                if needed and isinstance(error, openai.AuthenticationError | openai.APIConnectionError):
                    return
            else:
                transport.answered = True
                yield Probe(endpoint, True, _speed(answer, time.monotonic() - began), needed=needed)
        if settings.endpoint in answers:
            async for probe in _abilities(calls, settings.endpoint, answers[settings.endpoint], redactor):
                yield probe
    finally:
        await client.close()


class _Calls:
    """Sends tiny requests to one model."""

    def __init__(self, client: openai.AsyncOpenAI, settings: ModelSettings, limit_name: str) -> None:
        self._client = client
        self._settings = settings
        self._limit_name = limit_name

    async def ask(self, endpoint: str, **more: Any) -> Answer:
        """Return the answer of an endpoint; raises the client's errors."""
        settings = self._settings
        sent: dict[str, Any] = {"model": settings.model, "temperature": settings.temperature, **more}
        sent = {name: value for name, value in sent.items() if value is not None}
        limit = max(_TOKENS, 0 if settings.reasoning_effort is None else 2048)
        async with asyncio.timeout(2 * settings.timeout):
            if endpoint == "chat":
                sent |= {self._limit_name: limit, "messages": [{"role": "user", "content": _ASKED}]}
                raw: Any = await self._client.chat.completions.with_raw_response.create(**sent)
            elif endpoint == "responses":
                sent |= {"max_output_tokens": limit, "input": _ASKED}
                raw = await self._client.responses.with_raw_response.create(**sent)
            else:
                sent |= {"max_tokens": limit, "prompt": "def square(x):\n"}
                raw = await self._client.completions.with_raw_response.create(**sent)
        return read_answer(raw.http_response.text)


async def _listing(client: openai.AsyncOpenAI, settings: ModelSettings, redactor: Redactor) -> Probe:
    try:
        page = await client.models.list()
        names = [redactor.message(str(model.id), 100) for model in page.data]
    except (openai.OpenAIError, ValueError, TypeError, AttributeError) as error:
        return Probe("models listed", None, short_error(error, redactor))
    if settings.model in names:
        return Probe("models listed", True, f"{len(names)}, {settings.model} among them")
    some = ", ".join(names[:5]) + (", …" if len(names) > 5 else "")
    return Probe(
        "models listed",
        None,
        f"{len(names)} ({some}), {settings.model} not among them",
        "Some servers answer under any name; else give --model one of these.",
    )


def _speed(answer: Answer, seconds: float) -> str:
    told = answer.tokens_out
    if told is None:
        return f"answers in {seconds:.1f} s, and does not say how many tokens that took"
    return f"answers in {seconds:.1f} s, {told} tokens ({told / max(seconds, 1e-9):.0f} a second)"


async def _abilities(
    calls: _Calls, endpoint: str, single: Answer, redactor: Redactor
) -> AsyncIterator[Probe]:
    """Yield what else the endpoint does: several choices, seeds, log probabilities, honest counts."""
    counts = single.tokens_in is not None and single.tokens_out is not None
    yield Probe(
        "tokens reported",
        counts,
        "prompt and completion" if counts else "no",
        "" if counts else "Budgets in tokens or dollars cannot be kept; limit runs by --samples.",
    )
    if endpoint == "responses":
        yield Probe("n", None, "the Responses API has none; completions are asked for by a request each")
        return
    try:
        several = await calls.ask(endpoint, n=2)
        honoured = len(several.choices) == 2
        found = "two choices came to one request" if honoured else "one choice came where two were asked for"
        if honoured and counts and (several.tokens_out or 0) <= (single.tokens_out or 0):
            found += "; its token count may be that of one of them"
    except (openai.OpenAIError, MalformedAnswerError, TimeoutError) as error:
        honoured, found = False, short_error(error, redactor)
    yield Probe("n", honoured, found, "" if honoured else "Completions are asked for by a request each.")
    try:
        one, two = [await calls.ask(endpoint, seed=7) for _ in range(2)]
        alike = one.choices[0].text == two.choices[0].text
        found = "the same seed gave the same text twice" if alike else "the same seed gave two texts"
        yield Probe("seed", alike, found)
    except (openai.OpenAIError, MalformedAnswerError, TimeoutError) as error:
        yield Probe("seed", False, short_error(error, redactor))
    try:
        await calls.ask(endpoint, logprobs=True if endpoint == "chat" else 1)
        yield Probe("logprobs", True, "accepted")
    except (openai.OpenAIError, MalformedAnswerError, TimeoutError) as error:
        yield Probe("logprobs", False, short_error(error, redactor))
