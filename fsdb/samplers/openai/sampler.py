"""The `openai` sampler: asks a language model for the next version of the evolved function."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import TYPE_CHECKING, Any, get_args

from fsdb.errors import UsageError
from fsdb.problem.specification import Problem
from fsdb.samplers.base import Completion, Prompt, PromptText
from fsdb.samplers.extraction import extract_function
from fsdb.samplers.openai.place import find_place
from fsdb.samplers.openai.redaction import Redactor
from fsdb.samplers.openai.requests import Dialect, Endpoint, Settings
from fsdb.samplers.prompts import RenderedPrompt, Style, render

if TYPE_CHECKING:
    from fsdb.samplers.openai.asking import Emit

_RETRY_AFTER_SECONDS = 60.0


class OpenAISampler:
    """Answers prompts with a language model behind any endpoint that speaks OpenAI's protocol.

    Several completions of a prompt are one request where the server honours that, else as many requests at
    once; which it is, is learnt from its answers. `concurrency` bounds requests and prompts alike.
    Each attempt ends within `timeout_seconds`, a request with its retries within `deadline_seconds` (left
    out: four timeouts and a minute for servers that ask to wait). `prompt` says what prompts are like.

    The key comes from `api_key`, else from the environment variable `api_key_env`; it is sent and never kept
    elsewhere: `params`, completions, errors and `repr` are free of it, also where a server repeats it.

    Raises UsageError for parameters that cannot be, and where OpenAI's own service is meant and there is no
    key; nothing is sent before the first prompt.
    """

    name = "openai"

    def __init__(
        self,
        problem: Problem,
        model: str,
        *,
        base_url: str | None = None,
        api_key: str | None = None,
        api_key_env: str = "OPENAI_API_KEY",
        endpoint: Endpoint = "chat",
        temperature: float | None = None,
        top_p: float | None = None,
        max_tokens: int | None = None,
        concurrency: int = 16,
        timeout_seconds: float = 120.0,
        max_retries: int = 4,
        deadline_seconds: float | None = None,
        prompt: Style | Mapping[str, Any] | None = None,
    ) -> None:
        _check(model, endpoint, temperature, top_p, max_tokens, concurrency, timeout_seconds, max_retries)
        self.model: str | None = model
        self.concurrency = concurrency
        self._problem = problem
        self._style = prompt if isinstance(prompt, Style) else Style.from_params(prompt or {})
        self._settings = Settings(model, endpoint, temperature, top_p, max_tokens)
        self._place = find_place(base_url, api_key, api_key_env)
        self._timeout_seconds = timeout_seconds
        self._max_retries = max_retries
        self._deadline_seconds = deadline_seconds or 4 * timeout_seconds + _RETRY_AFTER_SECONDS
        from fsdb.samplers.openai.asking import Asker  # imports openai, which takes half a second
        from fsdb.samplers.openai.transport import make_client

        self._client, transport = make_client(
            base_url=self._place.base_url,
            query=self._place.query,
            api_key=self._place.key,
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        self._asker = Asker(
            self._client,
            transport,
            self._settings,
            self._place.as_server(model, endpoint),
            Redactor(self._place.secrets()),
            concurrency=concurrency,
            deadline_seconds=self._deadline_seconds,
            dialect=Dialect.of(default_service=self._place.is_default),
        )

    @classmethod
    def from_params(
        cls, problem: Problem, model: str, params: Mapping[str, Any], **changes: Any
    ) -> OpenAISampler:
        """Return the sampler with the parameters that `params()` gave, save for `changes`.

        The key comes from the environment, as the log holds none; an address with a secret in it must be
        among the changes.
        """
        return cls(problem, model, **{**params, **changes})

    def __repr__(self) -> str:
        return f"OpenAISampler(model={self.model!r}, base_url={self._place.shown_url!r})"

    def params(self) -> dict[str, object]:
        """Return the sampler's parameters for the log; never a key."""
        settings = self._settings
        return {
            "base_url": self._place.shown_url,
            "api_key_env": self._place.key_name,
            "endpoint": settings.endpoint,
            "temperature": settings.temperature,
            "top_p": settings.top_p,
            "max_tokens": settings.max_tokens,
            "concurrency": self.concurrency,
            "timeout_seconds": self._timeout_seconds,
            "max_retries": self._max_retries,
            "deadline_seconds": self._deadline_seconds,
            "prompt": self._style.params(),
        }

    def describe(self, prompt: Prompt) -> PromptText:
        """Return the template, and the SHA-256 of what `sample` sends: the text, or the messages as JSON."""
        rendered = self._render(prompt)
        return PromptText(rendered.template, rendered.prompt_hash)

    def extract(self, text: str) -> str | None:
        """Return the evolved function's text held in a completion's text, None where there is none."""
        return extract_function(text, self._problem.specification)

    async def sample(self, prompt: Prompt) -> AsyncIterator[Completion]:
        """Yield one completion for each of `prompt.ordinals`, each as soon as it is there.

        A request that fails for good yields completions with `error`. Raises FsdbError for what no retry can
        mend: a wrong key, an unknown model, a used-up quota; a server that cannot be reached or refuses the
        request before it ever answered; and a server that failed many requests in a row.
        """
        completions: asyncio.Queue[Completion | None] = asyncio.Queue()

        async def ask() -> None:
            try:
                await self._ask(prompt, completions.put_nowait)
            finally:
                completions.put_nowait(None)

        asking = asyncio.create_task(ask())
        try:
            while (completion := await completions.get()) is not None:
                yield completion
            await asking
        finally:
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)

    async def close(self) -> None:
        """Let go of connections."""
        await self._client.close()

    def _render(self, prompt: Prompt) -> RenderedPrompt:
        chat = self._settings.endpoint == "chat"
        return render(self._problem, prompt, chat=chat, style=self._style)

    async def _ask(self, prompt: Prompt, emit: Emit) -> None:
        """Get all completions of a prompt: by one request, and what that leaves out by one request each."""
        rendered = self._render(prompt)
        missing = prompt.ordinals
        if len(missing) > 1 and self._asker.asks_for_several:
            missing = await self._asker.ask(prompt, rendered, missing, emit)
        requests = [
            asyncio.create_task(self._request_one(prompt, rendered, ordinal, emit)) for ordinal in missing
        ]
        try:
            await asyncio.gather(*requests)
        finally:
            for request in requests:
                request.cancel()
            await asyncio.gather(*requests, return_exceptions=True)

    async def _request_one(self, prompt: Prompt, rendered: RenderedPrompt, ordinal: int, emit: Emit) -> None:
        await self._asker.ask(prompt, rendered, (ordinal,), emit)


def _check(
    model: str,
    endpoint: str,
    temperature: float | None,
    top_p: float | None,
    max_tokens: int | None,
    concurrency: int,
    timeout_seconds: float,
    max_retries: int,
) -> None:
    """Raise UsageError for a parameter that cannot be."""
    rules = [
        (bool(model.strip()), "the model's name is empty", "Give --model a name that the server knows."),
        (endpoint in get_args(Endpoint), f"--endpoint {endpoint} is unknown", "It is chat or completions."),
        (temperature is None or 0 <= temperature <= 2, f"--temperature is {temperature}", "Give 0 to 2."),
        (top_p is None or 0 < top_p <= 1, f"--top-p is {top_p}", "Give more than 0 and at most 1."),
        (max_tokens is None or max_tokens >= 1, f"--max-tokens is {max_tokens}", "Give at least 1."),
        (concurrency >= 1, f"--concurrency is {concurrency}", "Give at least 1."),
        (timeout_seconds > 0, f"--request-timeout is {timeout_seconds}", "Give a time above 0 seconds."),
        (max_retries >= 0, f"--retries is {max_retries}", "Give 0 or more."),
    ]
    for holds, message, cure in rules:
        if not holds:
            raise UsageError(f"{message[0].upper()}{message[1:]}.", cure=cure)
