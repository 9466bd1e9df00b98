"""The key is sent, and stands nowhere else: not even where a server repeats it."""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import traceback
import urllib.parse

import pytest

from fsdb.errors import FsdbError
from fsdb.samplers.openai import ModelSettings, OpenAISampler
from fsdb.samplers.openai.redaction import Redactor
from tests.model_server import Body, Status
from tests.samplers.openai.conftest import answers, prompt

KEY = "planted/key+with=signs-0123456789"


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422, 429, 500])
@pytest.mark.parametrize(
    "said", ["bad key {key}", "Authorization: Bearer {key}", "model {key}", "x" * 290 + "{key}"]
)
def test_an_echo_of_the_key_is_in_no_error(serve, sampler_for, status, said, caplog):
    caplog.set_level(logging.DEBUG)
    server = serve(always=Status(status, said, code="{key}", headers={"x-should-retry": "false"}))
    sampler = sampler_for(server, api_key=KEY, retries=0)
    try:
        left = repr(answers(sampler, prompt(ordinals=(0,))))
    except FsdbError as error:
        left = "".join(traceback.format_exception(error)) + error.cure
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"
    _assert_no_key(left + caplog.text + repr(sampler) + json.dumps(sampler.params()))


def test_an_echo_of_the_key_is_in_no_answer(serve, sampler_for):
    choice = {"index": 0, "message": {"content": f"return '{KEY}'"}, "finish_reason": KEY}
    server = serve(always=Body(json.dumps({"id": KEY, "model": KEY, "choices": [choice]})))
    (completion,) = answers(sampler_for(server, api_key=KEY), prompt(ordinals=(0,)))
    assert completion.text == "return '[redacted]'"
    _assert_no_key(repr(completion))


def test_an_echo_of_the_key_is_in_no_complaint_about_a_broken_answer(serve, sampler_for):
    server = serve(always=Body(f"<html>{KEY}"))
    with pytest.raises(FsdbError) as caught:
        answers(sampler_for(server, api_key=KEY, retries=0), prompt(ordinals=(0,)))
    _assert_no_key("".join(traceback.format_exception(caught.value)))


def test_secrets_in_the_address_are_not_shown(serve, problem):
    server = serve()
    address = server.base_url.replace("//", "//user:planted-password@") + "?api-key=planted-parameter"
    sampler = OpenAISampler(problem, [ModelSettings(model=server.model, base_url=address)])
    server.always = Status(500, "planted-password planted-parameter")
    completions = answers(
        OpenAISampler(problem, [ModelSettings(model=server.model, base_url=address, retries=0)])
    )
    shown = f"{sampler!r} {sampler.params()} {completions}"
    assert "planted" not in shown
    assert server.base_url in shown
    asyncio.run(sampler.close())


def test_secrets_in_the_environments_headers_are_not_shown(serve, sampler_for, monkeypatch):
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "x-one: planted-header\nAuthorization: Bearer planted-bearer")
    server = serve(always=Status(500, "planted-header planted-bearer"))
    assert "planted" not in repr(answers(sampler_for(server, retries=0)))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (KEY, "[redacted]"),
        (f"a{KEY}b", "a[redacted]b"),
        (urllib.parse.quote(KEY, safe=""), "[redacted]"),
        (base64.b64encode(KEY.encode()).decode(), "[redacted]"),
        ("Incorrect key sk-abcd********wxyz, see", "Incorrect key [redacted], see"),
        ("header Bearer abc.def-ghi", "header [redacted]"),
        ("a\x1b[31mred\nline\u2028two\x00", "a [31mred line two"),
        ("x" * 400, "x" * 299 + "…"),
        ("x" * 280 + KEY, "x" * 280 + "[redacted]"),
    ],
)
def test_messages_are_one_short_line_without_secrets(text, shown):
    assert Redactor([KEY]).message(text) == shown


def test_a_stand_in_for_a_key_is_not_a_secret():
    assert Redactor(["ollama", "", None]).text("def ollama(): return 'sk-123456789'") == (
        "def ollama(): return 'sk-123456789'"
    )


def _assert_no_key(text):
    for form in (KEY, urllib.parse.quote(KEY, safe=""), KEY[:16], KEY[-12:]):
        assert form not in text
