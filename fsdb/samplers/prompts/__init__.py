"""Prompts: what a language model is sent, by a template, from a problem, parents and failures."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from fsdb.problem.specification import Problem
from fsdb.samplers.base import Prompt
from fsdb.samplers.prompts.style import CHAT, COMPLETION, Style
from fsdb.samplers.prompts.template import fenced, load
from fsdb.samplers.prompts.variables import variables
from fsdb.samplers.prompts.versions import as_version, versions_of

__all__ = ["CHAT", "COMPLETION", "RenderedPrompt", "Style", "chat_answer", "render"]


@dataclass(frozen=True)
class RenderedPrompt:
    """A prompt as sent: its template, and either the messages of a chat or the text to go on with.

    `sent` is what `prompt_hash` is made of: the text, or the messages as compact, key-sorted JSON.
    """

    template: str
    sent: str
    messages: tuple[dict[str, str], ...] = ()

    @property
    def prompt_hash(self) -> str:
        """SHA-256 of `sent` in UTF-8, hex."""
        return hashlib.sha256(self.sent.encode()).hexdigest()


def render(
    problem: Problem, prompt: Prompt, *, chat: bool = True, style: Style | None = None
) -> RenderedPrompt:
    """Return what is sent for a prompt: to a chat's endpoint, or to one that completes a text.

    Raises UsageError for a template that cannot be filled in.
    """
    style = style or Style()
    template = load(style, chat=chat, blocks=bool(problem.specification.blocks))
    values = variables(problem, prompt, style)
    if not chat:
        return RenderedPrompt(template.name, template.text(values))
    messages = template.messages(values)
    sent = json.dumps(messages, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return RenderedPrompt(template.name, sent, tuple(messages))


def chat_answer(problem: Problem, prompt: Prompt, source: str) -> str:
    """Return a program as the answer that a chat is asked for: the next version, in a block of code."""
    if problem.specification.blocks:
        return fenced(source)
    number = len(versions_of(problem.specification.evolve, prompt.parents).shown)
    return fenced(as_version(source, problem.specification.evolve, number))
