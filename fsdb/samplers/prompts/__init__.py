"""Prompts: what a language model is sent. Two templates, each with a version that a change of text raises."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from fsdb.problem.specification import Problem
from fsdb.samplers.base import Parent
from fsdb.samplers.prompts.chat import chat_answer, chat_messages
from fsdb.samplers.prompts.completion import completion_text

__all__ = [
    "CHAT_TEMPLATE",
    "COMPLETION_TEMPLATE",
    "RenderedPrompt",
    "chat_answer",
    "render_chat",
    "render_completion",
]

CHAT_TEMPLATE = "chat-1"
COMPLETION_TEMPLATE = "completion-1"


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


def render_chat(problem: Problem, parents: tuple[Parent, ...]) -> RenderedPrompt:
    """Return the prompt for a chat endpoint, which states the task and shows scored versions."""
    messages = chat_messages(problem, parents)
    sent = json.dumps(messages, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return RenderedPrompt(CHAT_TEMPLATE, sent, tuple(messages))


def render_completion(problem: Problem, parents: tuple[Parent, ...]) -> RenderedPrompt:
    """Return the prompt for a completions endpoint: code that ends where the next version's body begins."""
    return RenderedPrompt(COMPLETION_TEMPLATE, completion_text(problem.specification, parents))
