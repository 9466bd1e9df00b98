"""One model at work: a request sent, retried, adapted to what the server accepts, turned into completions."""

from __future__ import annotations

import asyncio
import difflib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import openai

from fsdb.errors import FsdbError
from fsdb.samplers.base import Attempt, Completion, Prompt
from fsdb.samplers.openai.answers import Answer, Choice
from fsdb.samplers.openai.breaker import Breaker
from fsdb.samplers.openai.failures import (
    ends_run,
    is_about_model,
    is_outage,
    is_quota,
    server_message,
    short_error,
)
from fsdb.samplers.openai.limits import RateLimit
from fsdb.samplers.openai.models import ModelSettings
from fsdb.samplers.openai.place import Place
from fsdb.samplers.openai.redaction import Redactor
from fsdb.samplers.openai.requests import Dialect, content, parameters
from fsdb.samplers.openai.transport import IN_HAND, InHand, make_client
from fsdb.samplers.prompts import RenderedPrompt

SAMPLER = "openai"

Emit = Callable[[Completion | Attempt], None]

_MAX_REFUSALS = 5
_MAX_ALIKE_IN_A_ROW = 2
_LISTING_SECONDS = 5.0

_MOST_CHARACTERS_A_TOKEN = 7.0
"""Text of several choices that comes to more than this was not counted whole: code has three or four."""

_TOKENS_A_CHOICE = 1024
"""What an answer is expected to take before any came, where its length has no limit."""


@dataclass(frozen=True)
class Outcome:
    """What came of a request: the ordinals that it left out, or why it failed and with which completions."""

    left: tuple[int, ...] = ()
    failed: tuple[Completion, ...] = ()
    outage: bool = False


class Model:
    """One model behind one address: sends at most `concurrency` requests at a time, and learns from them.

    It remembers what the server accepts, how long prompts and answers get, and whether it answers at all
    (`breaker`). `alone` is whether the run has no other. `notice` is told what is worth knowing, a sentence.
    """

    def __init__(
        self,
        settings: ModelSettings,
        place: Place,
        redactor: Redactor,
        *,
        alone: bool,
        notice: Callable[[str], None],
        deadline_seconds: float | None = None,
        limit: RateLimit | None = None,
        breaker: Breaker | None = None,
    ) -> None:
        self.settings = settings
        self.breaker = breaker or Breaker()
        self._server = place.as_server(settings.model, settings.endpoint)
        self._redactor = redactor
        self._alone = alone
        self._notice = notice
        self._deadline_seconds = deadline_seconds or settings.deadline
        self.client, self._transport = make_client(
            base_url=place.base_url,
            query=place.query,
            api_key=place.key,
            timeout_seconds=settings.timeout,
            max_retries=settings.retries,
            limit=limit or RateLimit(settings.rpm, settings.tpm),
        )
        self._dialect = Dialect.of(settings.endpoint, default_service=place.is_default)
        self._several_proven = self._several_told = False
        self._alike_in_a_row = 0
        self._slots = asyncio.Semaphore(settings.concurrency)
        self._tokens_a_character = 0.4
        self._most_out = settings.max_tokens or _TOKENS_A_CHOICE
        self._seen_out = 0

    @property
    def asks_for_several(self) -> bool:
        """Whether the server, as far as is known, gives several choices to one request."""
        return self._dialect.several

    def most(self, characters: int, completions: int) -> tuple[int, float]:
        """Return the tokens and dollars that a prompt of so many characters may come to, by what was seen."""
        requests = 1 if self.asks_for_several else completions
        tokens_in = round(requests * characters * self._tokens_a_character)
        tokens_out = completions * self._most_out
        return tokens_in + tokens_out, self.settings.cost(tokens_in, tokens_out) or 0.0

    async def ask(
        self, prompt: Prompt, rendered: RenderedPrompt, ordinals: tuple[int, ...], emit: Emit
    ) -> Outcome:
        """Ask for the completions of some ordinals by one request, and emit what comes.

        A request that fails for good is returned with a completion with an error for each ordinal. Raises
        FsdbError where no retry can mend it.
        """
        async with self._slots:
            if not self.breaker.allows:
                return Outcome(outage=True)  # it was set aside while this request waited
            self.breaker.sent()
            try:
                return await self._request(prompt, rendered, ordinals, emit)
            finally:
                self.breaker.left()

    async def _request(
        self, prompt: Prompt, rendered: RenderedPrompt, ordinals: tuple[int, ...], emit: Emit
    ) -> Outcome:
        request_id = f"{prompt.draw_id}.{ordinals[0]}"
        hand = InHand(
            request_id,
            ordinals,
            self.settings.name,
            rendered.prompt_hash,
            self.most(len(rendered.sent), len(ordinals))[0],
            emit,
            lambda text: self._redactor.message(text),
            self.settings.cost,
        )
        IN_HAND.set(hand)
        started = time.monotonic()
        sent = parameters(self.settings, self._dialect, prompt, ordinals)
        try:
            async with asyncio.timeout(self._deadline_seconds) as hand.deadline:
                sent, answer = await self._send(prompt, rendered, ordinals, hand)
        except (openai.OpenAIError, TimeoutError) as error:
            fatal = await self._fatal(error)
            if fatal is not None:
                raise fatal from None
            failure = self._failure(error)
            outage = is_outage(error) or is_quota(error)
            if outage:
                self._failed(failure, for_good=is_quota(error))
            latency = time.monotonic() - started
            return Outcome((), tuple(self._errors(sent, request_id, ordinals, latency, failure)), outage)
        if answer is None or hand.answered is None:
            return Outcome(ordinals)
        if self.breaker.answered():
            self._notice(f"{self.settings.name} answers again.")
        self._learn(sent, answer, len(rendered.sent))
        emit(hand.answered)
        latency = time.monotonic() - started
        for completion in self._completions(sent, answer, request_id, ordinals, latency):
            emit(completion)
        return Outcome(ordinals[len(answer.choices) :])

    def _failed(self, failure: str, *, for_good: bool) -> None:
        """Count a failure that is the server's, and set the model aside where there were too many."""
        if for_good:
            self.breaker.set_aside(failure)
            self._notice(f"{self.settings.name} is set aside for the rest of the run: {failure}")
        elif self.breaker.failed(failure) and not self._alone:
            self._notice(
                f"{self.settings.name} is set aside and tried again in {self.breaker.seconds_left:.0f} s: "
                f"{failure}"
            )

    async def _send(
        self, prompt: Prompt, rendered: RenderedPrompt, ordinals: tuple[int, ...], hand: InHand
    ) -> tuple[dict[str, Any], Answer | None]:
        """Send a request until the server accepts its form; return what was sent, and the answer.

        None in its place means that the server gives no several choices to one request.
        """
        for _ in range(_MAX_REFUSALS):
            dialect = self._dialect
            sent = parameters(self.settings, dialect, prompt, ordinals)
            if len(ordinals) > 1 and not dialect.several:
                return sent, None
            try:
                await self._create(sent, rendered)
                return sent, hand.answer
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

    async def _create(self, sent: dict[str, Any], rendered: RenderedPrompt) -> None:
        """Send a request; its answer is then in the request's InHand, where the transport put it."""
        endpoint = self.settings.endpoint
        body = {**sent, **content(rendered, endpoint)}
        if endpoint == "chat":
            await self.client.chat.completions.with_raw_response.create(**body)
        elif endpoint == "responses":
            await self.client.responses.with_raw_response.create(**body)
        else:
            await self.client.completions.with_raw_response.create(**body)

    def _learn(self, sent: dict[str, Any], answer: Answer, characters: int) -> None:
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
            if _counts_one_choice(answer):
                self._dialect = self._dialect.with_one_choice()
                self._tell_several("reports the tokens of one choice where a request has several")
        if wanted > 1:
            self._tell_several("gives one completion to a request" if came < wanted else "")
        if answer.tokens_in is not None and characters:
            self._tokens_a_character = max(self._tokens_a_character, answer.tokens_in / characters)
        if answer.tokens_out is not None and self.settings.max_tokens is None:
            self._seen_out = max(self._seen_out, -(-answer.tokens_out // came))
            self._most_out = max(self._seen_out, 256)

    def _tell_several(self, why_not: str) -> None:
        """Say once how the completions of a prompt are asked for."""
        if self._several_told:
            return
        self._several_told = True
        name = self.settings.name
        if why_not:
            self._notice(f"{name}: the server {why_not}, so a prompt's are asked for by a request each.")
        else:
            self._notice(f"{name}: the completions of a prompt are asked for by one request.")

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
        cost = self.settings.cost(answer.tokens_in, answer.tokens_out)
        model = self.settings.model if answer.model is None else self._redactor.message(answer.model, 200)
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
                cost_usd=cost if position == 0 or cost is None else 0.0,
                latency_seconds=latency,
                finish_reason=choice.finish_reason and self._redactor.message(choice.finish_reason, 60),
                model_asked=self.settings.name,
            )
            for position, (ordinal, choice) in enumerate(zip(ordinals, answer.choices, strict=False))
        ]

    def _errors(
        self, sent: dict[str, Any], request_id: str, ordinals: tuple[int, ...], latency: float, error: str
    ) -> list[Completion]:
        """Return the completions of a request that failed for good."""
        return [
            Completion(
                ordinal,
                SAMPLER,
                None,
                error=error,
                model=self.settings.model,
                params=self._params(sent),
                request_id=request_id,
                latency_seconds=latency,
                model_asked=self.settings.name,
            )
            for ordinal in ordinals
        ]

    def _params(self, sent: dict[str, Any]) -> str:
        """Return a request's parameters for the log: compact, key-sorted JSON."""
        params = {"endpoint": self.settings.endpoint, **sent}
        return json.dumps(params, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    def _failure(self, error: Exception) -> str:
        if isinstance(error, TimeoutError):
            return f"TimeoutError: no answer within {self._deadline_seconds:g} seconds, retries included"
        return short_error(error, self._redactor)

    async def _fatal(self, error: Exception) -> FsdbError | None:
        """Return the error that is to stop the run, if this failure is to."""
        fatal = ends_run(
            error, self._server, self._redactor, answered=self._transport.answered, alone=self._alone
        )
        unknown = isinstance(error, openai.NotFoundError) and is_about_model(error, self._server)
        if fatal is not None and unknown:
            fatal.cure = await self._offered_models() or fatal.cure
        return fatal

    async def _offered_models(self) -> str | None:
        """Return a cure that names what the server offers, the likest first; None where it does not say."""
        client = self.client.with_options(max_retries=0)
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


def _counts_one_choice(answer: Answer) -> bool:
    """Return whether the tokens that a server reports are too few for all the choices that it gave."""
    characters = sum(len(choice.text or "") for choice in answer.choices)
    counted = answer.tokens_out
    return counted is not None and characters > max(200.0, counted * _MOST_CHARACTERS_A_TOKEN)


def _first_only(tokens: int | None, position: int) -> int | None:
    return tokens if tokens is None or position == 0 else 0
