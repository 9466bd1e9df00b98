"""Templates of prompts, in Jinja's language.

A template for a chat has the blocks `system` and `user`; one without blocks is the user's message alone, or
the text that an endpoint of completions goes on with.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache, partial
from importlib import resources
from typing import Any

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

from fsdb.errors import UsageError
from fsdb.samplers.prompts.style import BLOCKS, CHAT, COMPLETION, Style

SYSTEM, USER = "system", "user"


class Template:
    """A template, ready to be filled in; `name` is what events call it."""

    def __init__(self, name: str, text: str) -> None:
        """Compile a template; UsageError where it is none."""
        self.name = name
        try:
            self._template = _environment().from_string(text)
        except jinja2.TemplateSyntaxError as error:
            raise UsageError(
                f"The template {name} is wrong in line {error.lineno}: {error.message}.",
                cure="docs/prompts.md tells what a template may hold.",
            ) from None
        strange = set(self._template.blocks) - {SYSTEM, USER}
        if strange or (self._template.blocks and USER not in self._template.blocks):
            raise UsageError(
                f"The template {name} has the blocks {', '.join(sorted(self._template.blocks))}.",
                cure="A template for a chat has the block user, and system if it likes; or no block at all.",
            )

    def messages(self, values: Mapping[str, Any]) -> list[dict[str, str]]:
        """Return the messages of a chat; UsageError where the template asks for what there is not."""
        if not self._template.blocks:
            return [{"role": USER, "content": self.text(values).strip("\n")}]
        context = self._template.new_context(dict(values))
        blocks = self._template.blocks
        return [
            {"role": role, "content": self._filled(partial(_joined, blocks[role], context)).strip("\n")}
            for role in (SYSTEM, USER)
            if role in blocks
        ]

    def text(self, values: Mapping[str, Any]) -> str:
        """Return the text as a whole; UsageError where the template asks for what there is not."""
        return self._filled(partial(self._template.render, values))

    def _filled(self, fill: Callable[[], str]) -> str:
        try:
            return fill()
        except (jinja2.TemplateError, TypeError, ValueError, ArithmeticError) as error:
            raise UsageError(
                f"The template {self.name} cannot be filled in: {error}.",
                cure="docs/prompts.md lists what a template is given.",
            ) from None


def load(style: Style, *, chat: bool, blocks: bool = False) -> Template:
    """Return the template that a style asks for: the user's, or the one that comes with fsdb.

    `blocks`: what evolves is no function, and for that there is no completion.
    """
    if style.template is not None:
        digest = hashlib.sha256(style.template.encode()).hexdigest()
        return _compiled(f"{style.name or 'prompt'}@{digest[:12]}", style.template)
    if blocks and not chat:
        raise UsageError(
            "What evolves here is no function, which a completion could go on with.",
            cure="Use --endpoint chat.",
        )
    name = BLOCKS if blocks else CHAT if chat else COMPLETION
    file = resources.files(__package__) / "templates" / f"{name.partition('-')[0]}.jinja"
    return _compiled(name, file.read_text())


def fenced(code: str, language: str = "python") -> str:
    """Return code in a fence that is longer than any in it."""
    fence = "```"
    while fence in code:
        fence += "`"
    return f"{fence}{language}\n{code.rstrip()}\n{fence}"


def _figure(number: float) -> str:
    return f"{number:.6g}"


def _joined(block: Callable[[Any], Iterable[str]], context: Any) -> str:
    return "".join(block(context))


@lru_cache(maxsize=16)
def _compiled(name: str, text: str) -> Template:
    return Template(name, text)


@lru_cache(maxsize=1)
def _environment() -> jinja2.Environment:
    """Return what templates are compiled in: what is not there is an error, and nothing is escaped."""
    environment = ImmutableSandboxedEnvironment(
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    environment.filters |= {"fenced": fenced, "figure": _figure}
    return environment
