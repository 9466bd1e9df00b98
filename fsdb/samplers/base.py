"""What a sampler is: prompts in, completions out, asynchronously."""

from __future__ import annotations

from collections.abc import AsyncIterator
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
    All chance in the answer is to be a pure function of (seed, draw_id, ordinal), where that is possible.
    """

    draw_id: int
    kind: Literal["parents", "random"]
    seed: int
    parents: tuple[Parent, ...]
    ordinals: tuple[int, ...]
    failures: tuple[Failure, ...] = ()


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
    """The model asked for, None where there is none."""

    concurrency: int
    """How many prompts may be with it at a time."""

    def describe(self, prompt: Prompt) -> PromptText | None:
        """Return the identity of the text that `sample` would send; None where no text is made."""
        ...

    def sample(self, prompt: Prompt) -> AsyncIterator[Completion]:
        """Yield one completion for each of `prompt.ordinals`, each as soon as it is there.

        Never raises for what a model or a network does: that is a completion with `error`.
        Raises FsdbError for what no retry can mend (a wrong key, an unknown model).
        """
        ...

    def extract(self, text: str) -> str | None:
        """Return the evolved function's text held in a completion's text, None where there is none."""
        ...

    def params(self) -> dict[str, object]:
        """Return the sampler's parameters for the log; never a key."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...
