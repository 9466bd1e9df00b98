"""What is asked, what comes of it, and how it is accounted for."""

from __future__ import annotations

import asyncio
import hashlib
import json
import subprocess
import sys

import pytest

from fsdb.errors import UsageError
from fsdb.samplers.openai import ModelSettings, OpenAISampler
from fsdb.samplers.openai.requests import STOP
from fsdb.samplers.prompts import Style
from tests.model_server import Answered, Body, Slow
from tests.samplers.openai.conftest import answers, drain, prompt, sampled


def test_chat_sends_the_messages_whose_hash_it_describes(serve, sampler_for):
    server = serve()
    sampler = sampler_for(server, temperature=0.5, top_p=0.9, max_tokens=700)
    described = sampler.describe(prompt())
    answers(sampler)
    (request,) = server.requests
    assert request.path == "/v1/chat/completions"
    sent = json.dumps(request.body["messages"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert described.template == "chat-1"
    assert described.prompt_hash == hashlib.sha256(sent.encode()).hexdigest()
    assert {name: value for name, value in request.body.items() if name != "messages"} == {
        "model": "test-model",
        "n": 4,
        "temperature": 0.5,
        "top_p": 0.9,
        "max_tokens": 700,
        "seed": 1552682045,
    }


def test_completions_send_the_text_whose_hash_they_describe(serve, sampler_for):
    server = serve()
    sampler = sampler_for(server, endpoint="completions")
    described = sampler.describe(prompt())
    completions = answers(sampler)
    (request,) = server.requests
    assert request.path == "/v1/completions"
    assert described.template == "completion-1"
    assert described.prompt_hash == hashlib.sha256(request.body["prompt"].encode()).hexdigest()
    assert request.body["prompt"].endswith(
        'def guess_v2(n: int) -> float:\n    """Improved version of `guess_v1`."""\n'
    )
    assert {name: value for name, value in request.body.items() if name != "prompt"} == {
        "model": "test-model",
        "n": 4,
        "max_tokens": 1024,
        "seed": 1552682045,
        "stop": list(STOP),
    }
    programs = [sampler.extract(completion.text) for completion in completions]
    assert all(program.startswith("def guess(n: int) -> float:\n") for program in programs)


def test_what_the_user_leaves_open_is_left_to_the_server(serve, sampler_for):
    server = serve()
    answers(sampler_for(server), prompt(ordinals=(0,)))
    assert set(server.requests[0].body) == {"model", "messages", "seed"}


def test_several_completions_are_one_request(serve, sampler_for):
    server = serve()
    sampler = sampler_for(server)
    completions = answers(sampler)
    assert [completion.ordinal for completion in completions] == [0, 1, 2, 3]
    assert server.attempts == 1
    assert {completion.request_id for completion in completions} == {completions[0].request_id}
    assert [completion.tokens_in for completion in completions] == [server.tokens_in, 0, 0, 0]
    assert [completion.tokens_out for completion in completions] == [server.tokens_out, 0, 0, 0]
    for completion in completions:
        assert completion.sampler == "openai"
        assert completion.model == "test-model-0123"
        assert completion.finish_reason == "stop"
        assert completion.error is None
        assert completion.cost_usd is None
        assert completion.latency_seconds > 0
        assert json.loads(completion.params) == {
            "endpoint": "chat",
            "model": "test-model",
            "n": 4,
            "seed": 1552682045,
        }
        assert sampler.extract(completion.text).startswith("def guess(n: int) -> float:\n")
    assert len({completion.text for completion in completions}) == 4


@pytest.mark.parametrize(
    ("several", "first", "second"), [("no", 4, 4), ("refused", 5, 4), ("at most 2", 3, 4)]
)
def test_where_n_is_not_honoured_the_rest_is_asked_for_one_by_one(serve, sampler_for, several, first, second):
    server = serve(several=several)

    async def two_prompts():
        sampler = sampler_for(server)
        one = await sampled(sampler, prompt(0))
        attempts = server.attempts
        two = await sampled(sampler, prompt(1))
        await sampler.close()
        return one, attempts, two

    one, attempts, two = asyncio.run(two_prompts())
    assert (attempts, server.attempts - attempts) == (first, second)
    for completions in (one, two):
        assert sorted(completion.ordinal for completion in completions) == [0, 1, 2, 3]
        assert all(completion.text for completion in completions)
    assert len({completion.text for completion in two}) == 4
    assert len({completion.request_id for completion in two}) == 4
    assert all("n" not in request.body for request in server.requests[attempts:])
    assert sum(completion.tokens_in for completion in one + two) == server.tokens_in
    assert sum(completion.tokens_out for completion in one + two) == server.tokens_out


def test_completions_come_each_as_soon_as_it_is_there(serve, sampler_for):
    server = serve(several="no")
    server.next(Slow(0), Slow(0), Slow(30.0))  # the second is asked for alone, the third keeps its request

    async def first_two():
        sampler = sampler_for(server)
        sampling = sampler.sample(prompt(ordinals=(0, 1, 2)))
        found = [await anext(sampling), await anext(sampling)]
        await sampling.aclose()
        await sampler.close()
        return found

    assert len(asyncio.run(first_two())) == 2


def test_only_the_ordinals_asked_for_come(serve, sampler_for):
    server = serve()
    completions = answers(sampler_for(server), prompt(draw_id=9, ordinals=(2, 5)))
    assert [completion.ordinal for completion in completions] == [2, 5]
    assert server.requests[0].body["n"] == 2
    assert completions[0].request_id.startswith("9.2/")


def test_nothing_is_asked_for_no_ordinals(serve, sampler_for):
    server = serve()
    assert answers(sampler_for(server), prompt(ordinals=())) == []
    assert server.attempts == 0


def test_a_surplus_of_choices_is_left_and_its_tokens_counted(serve, sampler_for):
    server = serve(always=Answered(["a b", "c d", "e f"]))
    (completion,) = answers(sampler_for(server), prompt(ordinals=(0,)))
    assert completion.text == "a b"
    assert completion.tokens_out == 6


def test_unreported_tokens_are_unknown(serve, sampler_for):
    server = serve(usage=False)
    assert {(c.tokens_in, c.tokens_out) for c in answers(sampler_for(server))} == {(None, None)}


def test_answers_are_a_function_of_seed_draw_and_ordinal(serve, sampler_for):
    def texts(**changes):
        return [completion.text for completion in answers(sampler_for(serve()), prompt(**changes))]

    assert texts() == texts()
    assert texts() != texts(draw_id=1)
    assert texts() != texts(seed=6)


def test_a_seed_that_makes_all_choices_alike_is_left_out(serve, sampler_for):
    server = serve(always=Answered(["same"] * 4))
    asyncio.run(_one_after_another(sampler_for(server), 3))
    assert ["seed" in request.body for request in server.requests] == [True, True, False]


def test_alike_choices_once_in_a_while_say_nothing_of_the_seed(serve, sampler_for):
    server = serve()
    server.next(Answered(["same"] * 4), Slow(0), Answered(["same"] * 4), Slow(0))
    asyncio.run(_one_after_another(sampler_for(server), 4))
    assert all("seed" in request.body for request in server.requests)


def test_alike_choices_at_temperature_0_say_nothing_of_the_seed(serve, sampler_for):
    server = serve(always=Answered(["same"] * 4))
    asyncio.run(_one_after_another(sampler_for(server, temperature=0.0), 3))
    assert ["seed" in request.body for request in server.requests] == [True, True, True]


@pytest.mark.parametrize("unknown", ["seed", "max_tokens"])
def test_a_parameter_that_is_refused_by_name_is_given_up(serve, sampler_for, unknown):
    server = serve(unknown=[unknown])
    sampler = sampler_for(server, max_tokens=900)
    assert all(completion.text for completion in answers(sampler))
    assert server.attempts == 2
    body = server.requests[1].body
    assert unknown not in body
    assert body["n"] == 4
    assert body.get("max_completion_tokens", body.get("max_tokens")) == 900


def test_content_in_parts_is_joined_without_thoughts(serve, sampler_for):
    parts = [
        {"type": "thinking", "thinking": "hm"},
        {"type": "text", "text": "a"},
        {"type": "text", "text": "b"},
    ]
    body = {"choices": [{"index": 0, "message": {"content": parts}}], "usage": {"prompt_tokens": "many"}}
    server = serve(always=Body(json.dumps(body)))
    (completion,) = answers(sampler_for(server), prompt(ordinals=(0,)))
    assert completion.text == "ab"
    assert (completion.tokens_in, completion.model, completion.request_id) == (None, "test-model", "0.0")


def test_choices_are_taken_by_their_index(serve, sampler_for):
    choices = [{"index": number, "message": {"content": str(number)}} for number in (2, 0, 1)]
    server = serve(always=Body(json.dumps({"choices": choices})))
    completions = answers(sampler_for(server), prompt(ordinals=(0, 1, 2)))
    assert [completion.text for completion in completions] == ["0", "1", "2"]


def test_an_answer_without_text_is_an_error_that_says_why(serve, sampler_for):
    server = serve(always=Answered([None, "x"], finish_reason="length"))
    completions = answers(sampler_for(server), prompt(ordinals=(0, 1)))
    assert completions[0].text is None
    assert completions[0].error == "the answer held no text, finish reason length; raise --max-tokens"
    assert completions[0].tokens_in == server.tokens_in
    assert completions[1].text == "x"


def test_text_that_no_log_can_hold_is_mended(serve, sampler_for):
    server = serve(always=Body('{"choices": [{"index": 0, "message": {"content": "a\\ud800b\\u0000"}}]}'))
    (completion,) = answers(sampler_for(server), prompt(ordinals=(0,)))
    assert completion.text == "a?b\x00"


def test_requests_at_once_are_no_more_than_the_concurrency(serve, sampler_for):
    server = serve(several="no", always=Slow(0.05))
    sampler = sampler_for(server, concurrency=3)
    found = asyncio.run(drain(sampler, *(prompt(number) for number in range(5))))
    assert server.most_at_once == 3
    assert [sorted(c.ordinal for c in completions) for completions in found] == [[0, 1, 2, 3]] * 5


def test_parameters_are_logged_and_make_the_sampler_again(serve, sampler_for, problem):
    server = serve()
    sampler = sampler_for(server, temperature=0.25, endpoint="completions", concurrency=3)
    params = sampler.params()
    asyncio.run(sampler.close())
    again = OpenAISampler.from_params(problem, "test-model", json.loads(json.dumps(params)))
    assert again.params() == params
    other = OpenAISampler.from_params(problem, "test-model", params, concurrency=5)
    assert other.params() == {**params, "models": [{**params["models"][0], "concurrency": 5}]}
    asyncio.run(other.close())
    assert params == {
        "models": [
            {
                "model": "test-model",
                "name": "test-model",
                "weight": 1.0,
                "base_url": server.base_url,
                "api_key_env": "OPENAI_API_KEY",
                "endpoint": "completions",
                "temperature": 0.25,
                "top_p": None,
                "max_tokens": None,
                "reasoning_effort": None,
                "price_in": None,
                "price_out": None,
                "rpm": None,
                "tpm": None,
                "timeout": 20.0,
                "retries": 2,
                "concurrency": 3,
            }
        ],
        "prompt": Style().params(),
    }
    asyncio.run(again.close())


def test_parameters_of_a_log_of_version_1_make_the_sampler_again(serve, problem):
    logged = {
        "base_url": serve().base_url,
        "api_key_env": "OTHER",
        "endpoint": "chat",
        "temperature": None,
        "concurrency": 3,
        "timeout_seconds": 20.0,
        "max_retries": 2,
        "deadline_seconds": 140.0,
    }
    sampler = OpenAISampler.from_params(problem, "old-model", logged)
    (model,) = sampler.params()["models"]
    assert (model["model"], model["timeout"], model["retries"]) == ("old-model", 20.0, 2)
    assert (model["api_key_env"], model["concurrency"]) == ("OTHER", 3)
    asyncio.run(sampler.close())


def test_the_address_may_come_from_the_environment(serve, problem, monkeypatch):
    server = serve()
    monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
    assert len(answers(OpenAISampler(problem, [ModelSettings(model=server.model)]))) == 4


def test_the_key_comes_from_the_variable_named(serve, sampler_for, monkeypatch):
    server = serve(key="key-of-another-house")
    monkeypatch.setenv("OTHER_KEY", " key-of-another-house\n")
    assert len(answers(sampler_for(server, api_key_env="OTHER_KEY"))) == 4


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"model": " "}, "The model of model ' ' is ' '."),
        ({"endpoint": "assistants"}, "The endpoint of model 'test-model' is 'assistants'."),
        ({"temperature": 2.5}, "The temperature of model 'test-model' is 2.5."),
        ({"temperature": float("nan")}, "The temperature of model 'test-model' is nan."),
        ({"top_p": 0}, "The top p of model 'test-model' is 0."),
        ({"max_tokens": 0}, "The max tokens of model 'test-model' is 0."),
        ({"concurrency": 0}, "The concurrency of model 'test-model' is 0."),
        ({"timeout": 0}, "The timeout of model 'test-model' is 0."),
        ({"retries": -1}, "The retries of model 'test-model' is -1."),
        ({"base_url": "localhost:11434/v1"}, "The base URL is not an address of the web."),
        ({"base_url": "http://[::1/v1"}, "The base URL is not an address of the web."),
        ({"base_url": "http://host:port/v1"}, "The base URL is not an address of the web."),
        ({"api_key": "two words-secret"}, "OPENAI_API_KEY holds characters that no key has."),
        ({"api_key": "schlüssel-secret"}, "OPENAI_API_KEY holds characters that no key has."),
        (
            {"base_url": None},
            "OPENAI_API_KEY is not set, and https://api.openai.com/v1 answers nobody without a key.",
        ),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_sent(serve, sampler_for, options, message):
    server = serve()
    with pytest.raises(UsageError) as caught:
        sampler_for(server, **options)
    assert caught.value.message == message
    assert caught.value.cure
    assert "secret" not in f"{caught.value.message} {caught.value.cure}"
    assert server.attempts == 0


def test_openai_is_imported_only_when_a_sampler_is_made():
    code = "import sys, fsdb.samplers.openai; sys.exit('openai' in sys.modules or 'httpx2' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


async def _one_after_another(sampler: OpenAISampler, count: int) -> None:
    for draw_id in range(count):
        async for _ in sampler.sample(prompt(draw_id)):
            pass
    await sampler.close()
