"""What a sampler is: prompts in, completions out, asynchronously."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol


@dataclass(frozen=True)
class Parent:
    """A program shown in a prompt: its id, the evolved function's text, and its reduced score.

    `inputs` are the test inputs' names with its score on each, `feedback` what its evaluator said of it.
    """

    program_id: int
    source: str
    score: float
    inputs: tuple[tuple[str, float], ...] = ()
    feedback: str | None = None


@dataclass(frozen=True)
class Failure:
    """A program without a score: its status, and an excerpt of the error."""

    status: str
    error: str | None


@dataclass(frozen=True)
class Prompt:
    """What one draw asks of a sampler.

    `parents` stand in prompt order, the best last; empty for kind "random", which asks for fresh programs.
    `ordinals` are the completions wanted (0 to k-1, fewer when a resumed run has some already).
    `failures` are the last ones on the island, the newest first, where prompts show them.
    `models` are the names of the sampler's models, the drawn one first and then those next in line.
    All chance in the answer is to be a pure function of (seed, draw_id, ordinal), where that is possible.
    """

    draw_id: int
    kind: Literal["parents", "random"]
    seed: int
    parents: tuple[Parent, ...]
    ordinals: tuple[int, ...]
    failures: tuple[Failure, ...] = ()
    models: tuple[str, ...] = ()


@dataclass(frozen=True)
class Completion:
    """One answer, or one final failure (`text` None and `error` set); fields as in schema/events.sql."""

    ordinal: int
    sampler: str
    text: str | None
    error: str | None = None
    model: str | None = None
    params: str | None = None
    request_id: str | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None
    cost_usd: float | None = None
    latency_seconds: float | None = None
    finish_reason: str | None = None
    model_asked: str | None = None
    answered_run: str | None = None
    answered_seq: int | None = None


@dataclass(frozen=True)
class Attempt:
    """A request that was sent once, and how that ended; fields as in schema/events.sql, request_attempted."""

    request_id: str
    attempt: int
    ordinals: tuple[int, ...]
    model: str
    prompt_hash: str | None
    outcome: str
    status: int | None = None
    error: str | None = None
    retry_after_seconds: float | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None
    cost_usd: float | None = None
    latency_seconds: float | None = None


@dataclass(frozen=True)
class PromptText:
    """The identity of a prompt as sent: template name and version, and SHA-256 (hex) of what is sent."""

    template: str
    prompt_hash: str


class Sampler(Protocol):
    """Answers prompts. Implementations: fsdb.samplers.mutation and fsdb.samplers.openai."""

    name: str
    """What events call it: "mutation" or "openai"."""

    model: str | None
    """The model asked for, several with commas between, None where there is none."""

    weights: Mapping[str, float]
    """The weight of each model by its name; empty where there is none."""

    concurrency: int
    """How many prompts may be with it at a time."""

    notice: Callable[[str], None]
    """Told in a sentence what whoever watches should know; to be set by whoever watches."""

    def describe(self, prompt: Prompt) -> PromptText | None:
        """Return the identity of the text that `sample` would send; None where no text is made."""
        ...

    def sample(self, prompt: Prompt) -> AsyncIterator[Completion | Attempt]:
        """Yield one completion for each of `prompt.ordinals`, each as soon as it is there.

        Attempts are yielded as they end, those that brought an answer right before its completions. Never
        raises for what a model or a network does: that is a completion with `error`. Raises FsdbError for
        what no retry can mend (a wrong key, an unknown model).
        """
        ...

    def late(self, draw_id: int) -> list[Completion | Attempt]:
        """Return, once, what came for a draw while its `sample` was being left."""
        ...

    def most(self, completions: int) -> tuple[int, float]:
        """Return the tokens and the US dollars that a prompt for so many completions may come to."""
        ...

    def extract(self, text: str, prompt: Prompt | None = None) -> str | None:
        """Return the evolved function's text held in the text of an answer to a prompt, None without one."""
        ...

    def params(self) -> dict[str, object]:
        """Return the sampler's parameters for the log; never a key."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...
