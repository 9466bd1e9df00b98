"""How prompts are made: by which template, and what they show of parents and failures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Literal

from fsdb.errors import UsageError

CHAT, COMPLETION, BLOCKS = "chat-1", "completion-1", "blocks-1"
"""The templates that come with fsdb; a change of what one gives raises its number."""

MAX_TEMPLATE_BYTES = 64 * 1024
MOST_FAILURES = 10
"""How many failures of an island a prompt can show: so many are kept of each."""


@dataclass(frozen=True)
class Style:
    """What of a prompt the user chooses.

    `template` is the text of a template of the user's own, called `name`; without it, those that come with
    fsdb. `show_scores` shows each version's score, `show_inputs` its score on each test input, `feedback`
    what its evaluator said of it beside scores, and `failures` that many of the last failures on the island.
    `answer` is what is asked for: the whole text, or changes to the version shown last.
    """

    template: str | None = None
    name: str | None = None
    show_scores: bool = True
    show_inputs: bool = False
    feedback: bool = True
    answer: Literal["whole", "changes"] = "whole"
    failures: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.failures <= MOST_FAILURES:
            raise UsageError(
                f"--show-failures is {self.failures}.", cure=f"Give a number from 0 to {MOST_FAILURES}."
            )

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> Style:
        """Return the style that `params` told; what they do not tell is as by default."""
        known = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in params.items() if name in known})

    def params(self) -> dict[str, Any]:
        """Return the style for the log: a user's template as a whole, so that prompts can be made again."""
        return {name: value for name, value in asdict(self).items() if value is not None}


def read_template(path: Path) -> str:
    """Return the text of a template's file; UsageError where it cannot be read."""
    try:
        data = path.read_bytes()
        if len(data) <= MAX_TEMPLATE_BYTES:
            return data.decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"The template {path} cannot be read: {error}.", cure="Give --prompt a file of text in UTF-8."
        ) from None
    raise UsageError(
        f"The template {path} has {len(data)} bytes.",
        cure=f"A template may have {MAX_TEMPLATE_BYTES}; what problems have in common stands in their task.",
    )
