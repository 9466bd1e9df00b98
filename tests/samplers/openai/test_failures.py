"""What goes wrong with models and networks, and what becomes of it. Every fault is real, on a real socket."""

from __future__ import annotations

import asyncio
import socket

import pytest

from fsdb.errors import FsdbError
from fsdb.samplers.openai import ModelSettings, OpenAISampler
from tests.model_server import Body, HalfAnswer, Hang, Reset, Slow, Status, Trickle
from tests.samplers.openai.conftest import answers, drain, prompt, sampled

ONE = prompt(ordinals=(0,))


@pytest.mark.parametrize(
    "trouble",
    [
        Status(429, "slow down", code="rate_limit_exceeded", retry_after=0.01),
        Status(500, retry_after=0.01),
        Status(503, "overloaded", retry_after=0.01),
        Status(529, "overloaded", retry_after=0.01),
        Reset(),
        HalfAnswer(),
        Body("<html>Bad gateway</html>", "text/html"),
        Body('{"choices": ['),
        Body('{"choices": []}'),
        Body('{"error": {"message": "upstream"}}'),
        Body("[1]"),
        Body("null"),
        Body(""),
    ],
    ids=lambda trouble: (
        f"{type(trouble).__name__}-{getattr(trouble, 'status', getattr(trouble, 'text', ''))}"
    ),
)
def test_passing_trouble_is_retried(serve, sampler_for, trouble):
    server = serve()
    server.next(trouble)
    completions = answers(sampler_for(server))
    assert all(completion.text for completion in completions)
    assert len(completions) == 4
    assert server.attempts == 2


def test_retry_after_is_honoured(serve, sampler_for):
    server = serve()
    server.next(Status(429, retry_after=0.9))
    (completion,) = answers(sampler_for(server), ONE)
    assert completion.text
    assert completion.latency_seconds >= 0.9  # the client's own first wait is half a second at most


@pytest.mark.parametrize(
    ("trouble", "error"),
    [
        (Status(500, "the GPU is on fire", retry_after=0.01), "InternalServerError: 500: the GPU is on fire"),
        (Status(429, "slow\ndown", retry_after=0.01), "RateLimitError: 429: slow down"),
        (Reset(), "APIConnectionError: "),
        (Body("nonsense"), "APIConnectionError: the answer is not JSON: 'nonsense'"),
    ],
)
def test_lasting_trouble_is_an_error_for_each_ordinal_after_the_retries(serve, sampler_for, trouble, error):
    server = serve()
    found = asyncio.run(_after_one_answer(sampler_for(server, retries=1), server, trouble))
    assert server.attempts == 1 + 2
    assert [completion.ordinal for completion in found] == [0, 1, 2, 3]
    for completion in found:
        assert completion.text is None
        assert completion.error.startswith(error)
        assert completion.request_id == "1.0"
        assert completion.model == "test-model"
        assert '"n":4' in completion.params
        assert completion.latency_seconds > 0
        assert completion.tokens_in is None


@pytest.mark.parametrize(
    "trouble",
    [Status(403, "no"), Status(400, "context is too long"), Status(404, "moved"), Status(418, "teapot")],
    ids=lambda trouble: str(trouble.status),
)
def test_refusals_after_an_answer_fail_one_request_and_are_not_retried(serve, sampler_for, trouble):
    server = serve()
    found = asyncio.run(_after_one_answer(sampler_for(server), server, trouble))
    assert server.attempts == 1 + 1
    assert {completion.error.partition(": ")[2] for completion in found} == {
        f"{trouble.status}: {trouble.message}"
    }


@pytest.mark.parametrize(
    "trouble", [Hang(), Trickle(), Slow(30.0)], ids=lambda trouble: type(trouble).__name__
)
def test_a_server_that_does_not_answer_in_time_is_left(serve, sampler_for, trouble):
    server = serve(always=trouble)
    (completion,) = answers(sampler_for(server, timeout=0.2, retries=1), ONE)
    assert completion.error == "APITimeoutError: Request timed out."
    assert server.attempts == 2


def test_the_deadline_holds_over_all_retries(serve, sampler_for):
    server = serve(always=Status(503, retry_after=100))
    (completion,) = answers(sampler_for(server, deadline_seconds=0.3), ONE)
    assert completion.error == "TimeoutError: no answer within 0.3 seconds, retries included"
    assert server.attempts == 1


def test_a_hung_request_holds_nothing_else_up(serve, sampler_for):
    server = serve()
    server.next(Hang())
    sampler = sampler_for(server, timeout=0.5, retries=0, concurrency=2)
    found = asyncio.run(drain(sampler, *(prompt(number, (0,)) for number in range(6))))
    assert sum(completions[0].text is None for completions in found) == 1


def test_cancelling_drops_requests_and_leaves_the_sampler_usable(serve, sampler_for):
    server = serve(several="no", always=Hang())

    async def cancel_then_ask():
        sampler = sampler_for(server, concurrency=2)
        waiting = asyncio.create_task(anext(sampler.sample(prompt(0))))
        while server.attempts < 1:
            await asyncio.sleep(0.01)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        server.always = None
        found = await sampled(sampler, prompt(1))
        await sampler.close()
        return found, asyncio.all_tasks() - {asyncio.current_task()}

    found, left = asyncio.run(cancel_then_ask())
    assert len(found) == 4
    assert all(completion.text for completion in found)
    assert not left


def test_leaving_the_iteration_drops_what_is_under_way(serve, sampler_for):
    server = serve(several="no")
    server.next(Slow(0), Hang(), Hang(), Hang())

    async def take_one():
        sampler = sampler_for(server)
        sampling = sampler.sample(prompt())
        await anext(sampling)  # the attempt
        first = await anext(sampling)
        await sampling.aclose()
        await sampler.close()
        return first, asyncio.all_tasks() - {asyncio.current_task()}

    first, left = asyncio.run(take_one())
    assert first.text
    assert not left


@pytest.mark.parametrize(
    ("status", "message", "cure"),
    [
        (
            Status(401, "bad {key}", code="invalid_api_key"),
            "{url} refuses the key in OPENAI_API_KEY for model test-model (401).",
            "Set OPENAI_API_KEY to a key that is valid there, or name another with --api-key-env.",
        ),
        (
            Status(403, "bad {key}"),
            "{url} refuses the key in OPENAI_API_KEY for model test-model (403).",
            "Set OPENAI_API_KEY to a key that is valid there, or name another with --api-key-env.",
        ),
        (
            Status(404, "The model `test-model` does not exist", code="model_not_found"),
            "{url} has no model 'test-model': The model `test-model` does not exist",
            "Give --model one that it offers: test-model, tiny-llama.",
        ),
        (
            Status(404, "page not found"),
            "{url} has no chat endpoint (404): page not found",
            "See that --base-url is the API's root (mostly ending in /v1), or try the other --endpoint.",
        ),
        (
            Status(400, "Unsupported value: 'temperature'", param="temperature"),
            "{url} refuses the request (400): Unsupported value: 'temperature'",
            "Leave out or change the option that it names, or try the other --endpoint.",
        ),
        (
            Status(
                429, "You exceeded your quota", code="insufficient_quota", headers={"x-should-retry": "false"}
            ),
            "The quota of the key in OPENAI_API_KEY is used up: You exceeded your quota",
            "Add credit or take another key; `fsdb resume` goes on where the run stopped.",
        ),
    ],
    ids=lambda value: str(value.status) if isinstance(value, Status) else "",
)
def test_what_no_retry_can_mend_stops_at_the_first_call(serve, sampler_for, status, message, cure):
    server = serve(always=status, other_models=["tiny-llama"])
    with pytest.raises(FsdbError) as caught:
        answers(sampler_for(server, api_key="sk-planted-key-123"), ONE)
    assert server.attempts == 1
    assert caught.value.message == message.replace("{url}", server.base_url)
    assert caught.value.cure == cure


def test_a_server_that_asks_for_a_key_is_told_from_one_that_refuses_it(serve, sampler_for):
    server = serve(key="right-key")
    with pytest.raises(FsdbError, match="asks for a key \\(401\\), and OPENAI_API_KEY is not set"):
        answers(sampler_for(server))


@pytest.mark.parametrize("status", [401, 404])
def test_a_key_or_model_that_is_lost_meanwhile_stops_the_run(serve, sampler_for, status):
    server = serve()
    trouble = Status(status, "The model is gone", code="model_not_found")
    with pytest.raises(FsdbError):
        asyncio.run(_after_one_answer(sampler_for(server), server, trouble))


def test_an_unknown_model_is_answered_with_the_names_that_are_like_it(serve, sampler_for):
    server = serve(model="llama-3-8b", other_models=[f"other-{number}" for number in range(20)])
    with pytest.raises(FsdbError) as caught:
        answers(sampler_for(server, model="lama3-8b"), ONE)
    assert caught.value.cure.startswith("Give --model one that it offers: llama-3-8b, other-0")
    assert caught.value.cure.endswith("and 13 more.")


def test_no_server(problem):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    sampler = OpenAISampler(problem, [ModelSettings(model="m", base_url=f"http://127.0.0.1:{port}/v1")])
    with pytest.raises(FsdbError) as caught:
        answers(sampler, ONE)
    assert caught.value.message == f"No server answers at http://127.0.0.1:{port}/v1: connection refused."
    assert caught.value.cure == "Is the server running, and is --base-url (or OPENAI_BASE_URL) its address?"


def test_no_such_host(problem):
    sampler = OpenAISampler(problem, [ModelSettings(model="m", base_url="http://no-such-host.invalid/v1")])
    with pytest.raises(
        FsdbError, match="No server answers at http://no-such-host\\.invalid/v1: its name cannot be"
    ):
        answers(sampler, ONE)


def test_a_server_of_something_else(serve, sampler_for):
    server = serve(always=Body("<html>Welcome</html>", "text/html"))
    with pytest.raises(
        FsdbError, match="does not speak OpenAI's protocol: the answer is not JSON: '<html>Welcome"
    ):
        answers(sampler_for(server, retries=0), ONE)


def test_the_wrong_path(serve, sampler_for):
    server = serve()
    with pytest.raises(FsdbError, match="has no chat endpoint \\(404\\): Not Found"):
        answers(sampler_for(server, base_url=server.base_url.removesuffix("/v1")), ONE)


def test_a_server_that_is_gone_meanwhile_fails_the_requests(serve, sampler_for):
    server = serve()

    async def ask_twice():
        sampler = sampler_for(server, retries=0)
        async for _ in sampler.sample(prompt(0)):
            pass
        server.close()
        found = await sampled(sampler, prompt(1))
        await sampler.close()
        return found

    assert [completion.text for completion in asyncio.run(ask_twice())] == [None] * 4


def test_an_answer_in_between_lets_a_model_go_on(serve, sampler_for):
    server = serve()
    server.next(*[Status(503), Status(503), Slow(0)] * 20)

    async def many():
        sampler = sampler_for(server, retries=0, concurrency=1)
        found = [(await sampled(sampler, prompt(draw_id, (0,))))[0] for draw_id in range(60)]
        await sampler.close()
        return sum(completion.error is not None for completion in found)

    assert asyncio.run(many()) == 40


async def _after_one_answer(sampler, server, trouble):
    async for _ in sampler.sample(prompt(0)):
        pass
    server.always = trouble
    try:
        return await sampled(sampler, prompt(1))
    finally:
        await sampler.close()
