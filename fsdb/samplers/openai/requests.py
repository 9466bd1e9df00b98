"""What a request asks for, and what a server was found to accept."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from typing import Any, Literal

from fsdb.samplers.base import Prompt
from fsdb.samplers.openai.models import ModelSettings
from fsdb.samplers.prompts import RenderedPrompt

LimitName = Literal["max_tokens", "max_completion_tokens"]

STOP = ("\ndef ", "\nclass ", "\nif __name__", "\n```")
"""Where a completion has left the function's body (the protocol allows four)."""

COMPLETION_TOKENS = 1024
"""Sent to completions endpoints where the user says nothing: the protocol's own default is 16."""


@dataclass(frozen=True)
class Dialect:
    """What a server accepts, as far as it is known: corrected by its answers, never asked for.

    `several` is whether one request may ask for several choices, `seed` whether it may give a seed,
    `max_tokens` how the limit of a chat's answer is called.
    """

    several: bool = True
    seed: bool = True
    max_tokens: LimitName = "max_tokens"

    @classmethod
    def of(cls, endpoint: str, *, default_service: bool) -> Dialect:
        """Return what to begin with: OpenAI's own service has a newer name for the limit of an answer.

        The Responses API gives one answer to a request, and takes no seed.
        """
        plain = endpoint != "responses"
        return cls(plain, plain, "max_completion_tokens" if default_service else "max_tokens")

    def with_one_choice(self) -> Dialect:
        """Return the dialect of a server that gives one choice to a request."""
        return replace(self, several=False)

    def without_seed(self) -> Dialect:
        """Return the dialect of a server that is given no seed."""
        return replace(self, seed=False)

    def after_refusal(
        self, sent: dict[str, Any], message: str, param: str | None, *, several_proven: bool
    ) -> Dialect | None:
        """Return the dialect to try next after a request was refused; None where nothing is left to try.

        A server seldom says plainly that it does not allow several choices, so that is what a refusal means
        where it names nothing else and the server never gave several.
        """
        named = f"{param or ''} {message}"
        other: LimitName = "max_completion_tokens" if self.max_tokens == "max_tokens" else "max_tokens"
        if self.max_tokens in sent and re.search(rf"\b{self.max_tokens}\b", named) and other in named:
            return Dialect(self.several, self.seed, other)
        if "seed" in sent and re.search(r"\bseed\b", named):
            return self.without_seed()
        if "n" in sent and not several_proven:
            return self.with_one_choice()
        return None


def parameters(
    settings: ModelSettings, dialect: Dialect, prompt: Prompt, ordinals: tuple[int, ...]
) -> dict[str, Any]:
    """Return a request's parameters, all but the prompt: what is sent, and what the log keeps."""
    wanted: dict[str, Any] = {
        "model": settings.model,
        "temperature": settings.temperature,
        "top_p": settings.top_p,
    }
    effort = settings.reasoning_effort
    if settings.endpoint == "responses":
        wanted["max_output_tokens"] = settings.max_tokens
        wanted["reasoning"] = None if effort is None else {"effort": effort}
    else:
        limit = settings.max_tokens
        if settings.endpoint == "completions":
            wanted |= {"max_tokens": limit or COMPLETION_TOKENS, "stop": list(STOP)}
        else:
            wanted |= {dialect.max_tokens: limit, "reasoning_effort": effort}
        wanted["n"] = len(ordinals) if len(ordinals) > 1 else None
        wanted["seed"] = seed_of(prompt, ordinals[0]) if dialect.seed else None
    return {name: value for name, value in wanted.items() if value is not None}


def seed_of(prompt: Prompt, ordinal: int) -> int:
    """Return the seed of a request, 31 bits: a function of the run's seed, the draw and the first ordinal."""
    text = f"{prompt.seed}|{prompt.draw_id}|{ordinal}"
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big") >> 1


def content(rendered: RenderedPrompt, endpoint: str) -> dict[str, Any]:
    """Return the part of a request that is the prompt."""
    if endpoint == "completions":
        return {"prompt": rendered.sent}
    messages = [dict(message) for message in rendered.messages]
    return {"input" if endpoint == "responses" else "messages": messages}
