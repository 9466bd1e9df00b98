from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

import pytest

from fsdb.problem.parsing import parse_specification
from fsdb.problem.specification import Problem
from fsdb.samplers.base import Completion, Parent, Prompt
from fsdb.samplers.openai import ModelSettings, OpenAISampler
from tests.model_server import ModelServer

SPECIFICATION = parse_specification(
    '''"""Find a number."""
import funsearch


@funsearch.run
def evaluate(n):
    return guess(n)


@funsearch.evolve
def guess(n: int) -> float:
    """Return a number."""
    return 1.5
''',
    "number",
)

WORST = Parent(3, 'def guess(n: int) -> float:\n    """Return a number."""\n    return 1.5\n', 1.5)
BEST = Parent(7, 'def guess(n: int) -> float:\n    """Return a number."""\n    return 2.5 * n\n', 2.5)

Ask = Callable[..., list[Completion]]


@pytest.fixture
def problem() -> Problem:
    return Problem("number", SPECIFICATION, {"0": 0}, "mean", {}, {})


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch):
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_CUSTOM_HEADERS", "OPENAI_ADMIN_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_PROXY", "*")


@pytest.fixture
def serve() -> Iterator[Callable[..., ModelServer]]:
    """Start servers that end with the test."""
    servers: list[ModelServer] = []

    def start(*arguments, **options) -> ModelServer:
        server = ModelServer(*arguments, **options).__enter__()
        servers.append(server)
        return server

    yield start
    for server in servers:
        server.close()


@pytest.fixture
def sampler_for(problem) -> Callable[..., OpenAISampler]:
    """Make a sampler that asks a server."""

    def make(server: ModelServer, **options) -> OpenAISampler:
        own = {name: options.pop(name) for name in ("api_key", "deadline_seconds") if name in options}
        settings = {"model": server.model, "base_url": server.base_url, "timeout": 20.0, "retries": 2}
        model = ModelSettings(**{**settings, **options})
        if "api_key" in own:
            own["api_keys"] = {model.name: own.pop("api_key")}
        return OpenAISampler(problem, [model], **own)

    return make


def prompt(draw_id: int = 0, ordinals: tuple[int, ...] = (0, 1, 2, 3), **changes) -> Prompt:
    fields = {"kind": "parents", "seed": 5, "parents": (WORST, BEST), **changes}
    return Prompt(draw_id=draw_id, ordinals=ordinals, **fields)


async def sampled(sampler: OpenAISampler, one: Prompt) -> list[Completion]:
    """Answer a prompt; leave out the attempts."""
    return [each async for each in sampler.sample(one) if isinstance(each, Completion)]


async def drain(sampler: OpenAISampler, *prompts: Prompt) -> list[list[Completion]]:
    """Answer prompts at once, as the engine does; close the sampler."""

    async def completions(one: Prompt) -> list[Completion]:
        return await sampled(sampler, one)

    try:
        return await asyncio.gather(*(completions(one) for one in prompts))
    finally:
        await sampler.close()


def answers(sampler: OpenAISampler, one: Prompt | None = None) -> list[Completion]:
    """Answer one prompt."""
    return asyncio.run(drain(sampler, one or prompt()))[0]
