"""Several models: who is asked, who answers where one fails, and a pause while none does."""

from __future__ import annotations

import asyncio
import time

import pytest

from fsdb.errors import FsdbError
from fsdb.samplers.base import Attempt, Completion
from fsdb.samplers.openai import ModelSettings, OpenAISampler, breaker
from fsdb.samplers.openai.limits import RateLimit
from tests.model_server import Answered, Body, Hang, Reset, Slow, Status
from tests.samplers.openai.conftest import answers, prompt, sampled


@pytest.fixture
def line(problem, monkeypatch):
    """Make a sampler of several servers, named a, b, …; `notices` are what it told."""
    monkeypatch.setattr(breaker, "FIRST_WAIT_SECONDS", 0.1)

    def make(*servers, **options):
        settings = {"timeout": 5.0, "retries": 0, **options}
        models = [
            ModelSettings(model=server.model, name=name, base_url=server.base_url, **settings)
            for name, server in zip("abc", servers, strict=False)
        ]
        sampler = OpenAISampler(problem, models)
        sampler.notices = []
        sampler.notice = sampler.notices.append
        return sampler

    return make


def everything(sampler, *prompts):
    async def run():
        try:
            return [[each async for each in sampler.sample(one)] for one in prompts]
        finally:
            await sampler.close()

    return asyncio.run(run())


def one(draw_id=0, models=("a", "b")):
    return prompt(draw_id, (0,), models=models)


def test_the_drawn_model_is_asked_and_named(serve, line):
    first, second = serve(), serve()
    ((attempt, completion),) = everything(line(first, second), one(models=("b", "a")))
    assert (first.attempts, second.attempts) == (0, 1)
    assert isinstance(attempt, Attempt)
    assert (attempt.model, attempt.outcome, attempt.status) == ("b", "answered", 200)
    assert (attempt.tokens_in, attempt.tokens_out) == (second.tokens_in, second.tokens_out)
    assert isinstance(completion, Completion)
    assert (completion.model_asked, completion.model) == ("b", "test-model-0123")


def test_a_request_that_fails_goes_to_the_next_in_line_and_both_attempts_are_told(serve, line):
    broken, sound = serve(always=Status(500, "no {key}")), serve()
    (told,) = everything(line(broken, sound), one())
    assert [(each.model, each.outcome) for each in told[:-1]] == [("a", "server_error"), ("b", "answered")]
    assert told[-1].text
    assert told[-1].model_asked == "b"


@pytest.mark.parametrize(
    ("trouble", "outcome"),
    [
        (Status(429, retry_after=0.01), "rate_limited"),
        (Status(503), "server_error"),
        (Status(400, "context length exceeded"), "refused"),
        (Reset(), "disconnected"),
        (Body('{"choices": ['), "malformed"),
        (Hang(), "timed_out"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_attempt_is_told_with_how_it_ended(serve, sampler_for, trouble, outcome):
    server = serve()
    server.next(Slow(0), trouble)
    told = everything(sampler_for(server, timeout=0.3, retries=1), prompt(0, (0,)), prompt(1, (0,)))[1]
    attempts = [each for each in told if isinstance(each, Attempt)]
    assert server.attempts == 1 + len(attempts)
    assert attempts[0].outcome == outcome
    assert attempts[0].error
    assert [each.attempt for each in attempts] == list(range(len(attempts)))


def test_a_model_that_keeps_failing_is_set_aside_and_tried_again_by_one_request(serve, line):
    broken, sound = serve(always=Status(503)), serve()
    sampler = line(broken, sound)

    async def run():
        for draw_id in range(8):
            (completion,) = await sampled(sampler, one(draw_id))
            assert completion.model_asked == "b"
        asked = broken.attempts
        broken.always = None
        await asyncio.sleep(0.15)
        (completion,) = await sampled(sampler, one(9))
        await sampler.close()
        return asked, completion

    asked, completion = asyncio.run(run())
    assert asked == breaker.FAILURES_TO_OPEN
    assert completion.model_asked == "a"
    assert [notice.partition(" is set aside")[0] for notice in sampler.notices] == ["a", "a answers again."]


def test_while_no_model_answers_requests_wait_and_none_is_lost(serve, line):
    server = serve()
    sampler = line(server)

    async def run():
        await sampled(sampler, one(0, ("a",)))
        server.always = Status(503, "maintenance")
        asking = [asyncio.create_task(sampled(sampler, one(number, ("a",)))) for number in range(1, 12)]
        while not sampler.notices:
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.3)
        server.always = None
        found = await asyncio.gather(*asking)
        await sampler.close()
        return found

    found = asyncio.run(asyncio.wait_for(run(), 30))
    texts = [completion.text for (completion,) in found]
    # those that failed before the model was set aside have failed for good; the rest waited
    assert sum(text is None for text in texts) <= breaker.FAILURES_TO_OPEN
    assert sum(text is not None for text in texts) >= 6
    assert "No model answers" in sampler.notices[0]
    assert "maintenance" in sampler.notices[0]
    assert sampler.notices[-1] == "The run goes on."


def test_a_used_up_quota_sets_one_of_several_aside_for_good(serve, line):
    gone = serve(always=Status(429, "quota", code="insufficient_quota", headers={"x-should-retry": "false"}))
    sound = serve()
    sampler = line(gone, sound)
    told = everything(sampler, *(one(number) for number in range(3)))
    assert gone.attempts == 1
    assert [each[-1].model_asked for each in told] == ["b", "b", "b"]
    assert "for the rest of the run" in sampler.notices[0]


def test_when_every_quota_is_used_up_the_run_stops(serve, line):
    gone = Status(429, "quota", code="insufficient_quota", headers={"x-should-retry": "false"})
    with pytest.raises(FsdbError, match=r"No model is left: a: .*quota; b: .*quota"):
        everything(line(serve(always=gone), serve(always=gone)), one())


def test_a_wrong_key_stops_the_run_however_many_models_there_are(serve, line):
    with pytest.raises(FsdbError, match="asks for a key"):
        everything(line(serve(key="right"), serve()), one())


def test_a_server_that_is_not_there_is_one_model_less(serve, line):
    gone, sound = serve(), serve()
    gone.close()
    (told,) = everything(line(gone, sound), one())
    assert told[0].outcome == "disconnected"
    assert told[-1].model_asked == "b"


def test_costs_are_by_the_models_own_prices(serve, line):
    sampler = line(serve(), serve(), price_in=1.0, price_out=4.0)
    ((attempt, completion),) = everything(sampler, one())
    assert attempt.cost_usd == (attempt.tokens_in + 4 * attempt.tokens_out) / 1e6
    assert completion.cost_usd == attempt.cost_usd


def test_a_server_that_counts_one_choice_of_several_is_asked_for_one_at_a_time(serve, line):
    long = "```python\n" + "def guess_v2(n):\n    return n\n" * 60 + "```"
    usage = {"prompt_tokens": 9, "completion_tokens": 9}
    choices = [{"index": n, "message": {"content": f"{long}{n}"}, "finish_reason": "stop"} for n in range(4)]
    server = serve()
    sampler = line(server)
    import json

    server.next(Body(json.dumps({"choices": choices, "usage": usage})))
    everything_told = everything(sampler, prompt(0, models=("a",)), prompt(1, models=("a",)))
    assert [request.choices for request in server.requests] == [4, 1, 1, 1, 1]
    assert len([each for each in everything_told[1] if isinstance(each, Completion)]) == 4
    assert "reports the tokens of one choice" in sampler.notices[0]


def test_the_responses_api_is_spoken(serve, sampler_for):
    server = serve()
    server.next(Answered(["return 1"], finish_reason="length"))
    sampler = sampler_for(server, endpoint="responses", reasoning_effort="low", max_tokens=99)
    found = answers(sampler, prompt(ordinals=(0, 1)))
    assert [request.path for request in server.requests] == ["/v1/responses"] * 2
    body = server.requests[0].body
    assert (body["reasoning"], body["max_output_tokens"]) == ({"effort": "low"}, 99)
    assert not {"n", "seed", "messages"} & set(body)
    assert {each.finish_reason for each in found} == {"length", "completed"}
    assert sum(each.tokens_in for each in found) == server.tokens_in


def test_no_minute_holds_more_requests_or_tokens_than_allowed():
    async def run():
        limit = RateLimit(3, 100, minute=0.3)
        went = []
        for tokens in (10, 10, 10, 10, 90, 5):
            entry = await limit.admit(tokens)
            went.append((time.monotonic(), entry[1]))
        return went

    went = asyncio.run(run())
    for start, _ in went:
        window = [tokens for moment, tokens in went if start <= moment < start + 0.29]
        assert len(window) <= 3
        assert sum(window) <= 100
    assert went[-1][0] - went[0][0] < 2


def test_a_server_that_asks_to_wait_is_left_alone_by_all_requests(serve, line):
    server = serve()
    server.next(Status(429, retry_after=0.5))
    sampler = line(server, retries=2)

    async def run():
        began = time.monotonic()
        found = await asyncio.gather(*(sampled(sampler, one(number, ("a",))) for number in range(4)))
        await sampler.close()
        return found, time.monotonic() - began

    found, seconds = asyncio.run(run())
    assert all(completion.text for (completion,) in found)
    assert seconds >= 0.5
