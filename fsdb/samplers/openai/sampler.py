"""The `openai` sampler: asks language models for the next version of the evolved function."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from fsdb.errors import FsdbError, UsageError
from fsdb.problem.specification import Problem
from fsdb.samplers.base import Attempt, Completion, Prompt, PromptText
from fsdb.samplers.extraction import extract_function
from fsdb.samplers.openai.models import ModelSettings, models_from_params, models_to_params
from fsdb.samplers.openai.place import find_place
from fsdb.samplers.openai.redaction import Redactor
from fsdb.samplers.prompts import RenderedPrompt, Style, render
from fsdb.samplers.prompts.versions import versions_of

if TYPE_CHECKING:
    from fsdb.samplers.openai.asking import Emit, Model, Outcome


class OpenAISampler:
    """Answers prompts with language models behind any endpoints that speak OpenAI's protocol.

    A prompt goes to the first of its models that is not set aside, and where that fails to the next in line;
    while all are set aside it waits. Several completions of a prompt are one request where the server honours
    that, else as many requests at once; which it is, is learnt from its answers. Each attempt ends within its
    model's timeout, a request with its retries within four of them and a minute. `prompt` says what prompts
    are like.

    Keys come from `api_keys`, by model name, else from the environment variable that the model's settings
    name; they are sent and never kept elsewhere: `params`, completions, errors and `repr` are free of them,
    also where a server repeats one.

    Raises UsageError for parameters that cannot be, and where OpenAI's own service is meant and there is no
    key; nothing is sent before the first prompt.
    """

    name = "openai"

    def __init__(
        self,
        problem: Problem,
        models: Sequence[ModelSettings],
        *,
        api_keys: Mapping[str, str] | None = None,
        deadline_seconds: float | None = None,
        prompt: Style | Mapping[str, Any] | None = None,
    ) -> None:
        from fsdb.samplers.openai.asking import Model  # imports openai, which takes half a second

        if not models:
            raise UsageError("No model is named.", cure="Give --model or --models.")
        self.model: str | None = ", ".join(each.name for each in models)
        self.weights: Mapping[str, float] = {each.name: each.weight for each in models}
        self.concurrency = sum(each.concurrency for each in models)
        self.notice: Callable[[str], None] = lambda text: None
        self._problem = problem
        self._style = prompt if isinstance(prompt, Style) else Style.from_params(prompt or {})
        self._places = [
            find_place(each.base_url, (api_keys or {}).get(each.name), each.api_key_env) for each in models
        ]
        redactor = Redactor([secret for place in self._places for secret in place.secrets()])
        self._models: dict[str, Model] = {
            each.name: Model(
                each,
                place,
                redactor,
                alone=len(models) == 1,
                notice=lambda text: self.notice(text),
                deadline_seconds=deadline_seconds,
            )
            for each, place in zip(models, self._places, strict=True)
        }
        self._longest_prompt = 2 * len(problem.specification.text)
        self._paused = False
        self._late: dict[int, list[Completion | Attempt]] = {}

    @classmethod
    def from_params(
        cls, problem: Problem, model: str, params: Mapping[str, Any], **changes: Any
    ) -> OpenAISampler:
        """Return the sampler with the parameters that `params()` gave, save for `changes` to each model.

        Keys come from the environment, as the log holds none; an address with a secret in it must be among
        the changes.
        """
        return cls(problem, models_from_params(model, params, changes), prompt=params.get("prompt"))

    def __repr__(self) -> str:
        where = ", ".join(place.shown_url for place in self._places)
        return f"OpenAISampler(model={self.model!r}, base_url={where!r})"

    def params(self) -> dict[str, object]:
        """Return the sampler's parameters for the log; never a key."""
        settings = [model.settings for model in self._models.values()]
        return {
            "models": models_to_params(settings, [place.shown_url for place in self._places]),
            "prompt": self._style.params(),
        }

    def describe(self, prompt: Prompt) -> PromptText:
        """Return the template, and the SHA-256 of what `sample` sends: the text, or the messages as JSON."""
        rendered = self._render(prompt, self._line(prompt)[0])
        self._longest_prompt = max(self._longest_prompt, len(rendered.sent))
        return PromptText(rendered.template, rendered.prompt_hash)

    def extract(self, text: str, prompt: Prompt | None = None) -> str | None:
        """Return the evolved function's text held in the text of an answer to a prompt, None without one."""
        specification = self._problem.specification
        shown = None if prompt is None else versions_of(specification.evolve, prompt.parents).shown[-1].source
        return extract_function(text, specification, shown)

    def most(self, completions: int) -> tuple[int, float]:
        """Return the tokens and the US dollars that a prompt for so many completions may come to.

        By the longest prompt and answer so far, or `max_tokens` where it is given, of the dearest model.
        """
        each = [model.most(self._longest_prompt, completions) for model in self._models.values()]
        return max(tokens for tokens, _ in each), max(dollars for _, dollars in each)

    async def sample(self, prompt: Prompt) -> AsyncIterator[Completion | Attempt]:
        """Yield one completion for each of `prompt.ordinals`, each as soon as it is there.

        Attempts are yielded as they end. A request that fails for good yields completions with `error`.
        Raises FsdbError for what no retry can mend: a wrong key, an unknown model, a used-up quota; a server
        that cannot be reached or refuses the request before it ever answered.
        """
        arrived: asyncio.Queue[Completion | Attempt | None] = asyncio.Queue()

        async def ask() -> None:
            try:
                await self._ask(prompt, arrived.put_nowait)
            finally:
                arrived.put_nowait(None)

        asking = asyncio.create_task(ask())
        try:
            while (arrival := await arrived.get()) is not None:
                yield arrival
            await asking
        finally:
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)
            left = [arrived.get_nowait() for _ in range(arrived.qsize())]
            if told := [arrival for arrival in left if arrival is not None]:
                self._late[prompt.draw_id] = told

    def late(self, draw_id: int) -> list[Completion | Attempt]:
        """Return, once, what came for a draw while its `sample` was being left."""
        return self._late.pop(draw_id, [])

    async def close(self) -> None:
        """Let go of connections."""
        for model in self._models.values():
            await model.client.close()

    def _render(self, prompt: Prompt, model: Model) -> RenderedPrompt:
        chat = model.settings.endpoint != "completions"
        return render(self._problem, prompt, chat=chat, style=self._style)

    def _line(self, prompt: Prompt) -> list[Model]:
        """Return the models for a prompt, the one drawn first."""
        named = [self._models[name] for name in prompt.models if name in self._models]
        return named or list(self._models.values())

    async def _ask(self, prompt: Prompt, emit: Emit) -> None:
        """Get all completions of a prompt: by one request, and what that leaves out by one request each."""
        missing = prompt.ordinals
        if len(missing) > 1:
            missing = await self._request(prompt, missing, emit)
        requests = [asyncio.create_task(self._request(prompt, (ordinal,), emit)) for ordinal in missing]
        try:
            await asyncio.gather(*requests)
        finally:
            for request in requests:
                request.cancel()
            await asyncio.gather(*requests, return_exceptions=True)

    async def _request(self, prompt: Prompt, ordinals: tuple[int, ...], emit: Emit) -> tuple[int, ...]:
        """Have a request answered by the first model in line that does; return the ordinals left out.

        One that failed although its server answers others is not asked again; once all in line that are not
        set aside have failed so, the request has failed for good.
        """
        line, failed = self._line(prompt), {}  # type: list[Model], dict[str, Outcome]
        while True:
            model = await self._free(line, failed)
            if model is None:
                for completion in next(reversed(failed.values())).failed:
                    emit(completion)
                return ()
            if len(ordinals) > 1 and not model.asks_for_several:
                return ordinals
            outcome = await model.ask(prompt, self._render(prompt, model), ordinals, emit)
            if outcome.outage:
                if not model.breaker.is_open:
                    failed[model.settings.name] = outcome
                continue
            for completion in outcome.failed:
                emit(completion)
            return outcome.left

    async def _free(self, line: list[Model], failed: dict[str, Outcome]) -> Model | None:
        """Return the first in line that may be asked, waiting while all are set aside; None if all failed."""
        while True:
            for model in line:
                if model.settings.name not in failed and model.breaker.allows:
                    self._go_on()
                    return model
            if failed:
                return None
            wait = min(model.breaker.seconds_left for model in line)
            if wait == float("inf"):
                raise _none_left(line)
            self._pause(line, wait)
            await asyncio.sleep(max(wait, _LOOK_SECONDS))

    def _pause(self, line: list[Model], wait: float) -> None:
        if not self._paused and all(model.breaker.is_open for model in self._models.values()):
            self._paused = True
            reasons = "; ".join(f"{model.settings.name}: {model.breaker.reason}" for model in line)
            self.notice(
                f"No model answers, so the run waits; it asks again in {wait:.0f} s and goes on by itself "
                f"(Ctrl-C ends it, `fsdb resume` goes on later). {reasons}"
            )

    def _go_on(self) -> None:
        if self._paused and not all(model.breaker.is_open for model in self._models.values()):
            self._paused = False
            self.notice("The run goes on.")


_LOOK_SECONDS = 0.05
"""How often a waiting request looks whether the one that tries a model has come back."""


def _none_left(line: list[Model]) -> FsdbError:
    reasons = "; ".join(f"{model.settings.name}: {model.breaker.reason}" for model in line)
    return FsdbError(
        f"No model is left: {reasons}.",
        cure="Add credit or take other keys; `fsdb resume` goes on where the run stopped.",
    )
