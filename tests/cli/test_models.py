"""What the commands say of models: trying one out, and options that do not fit together."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from fsdb.cli.main import cli
from tests.model_server import ModelServer, Status

KEY = "sk-planted/key+0123456789"
PROGRAM = "```python\ndef square(x):\n    return x * x\n```"


@pytest.fixture(autouse=True)
def _environment(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setenv("OPENAI_API_KEY", KEY)


def invoke(*arguments):
    """Run the command in this process; the exception that a user would see as two lines is raised."""
    return CliRunner().invoke(cli, [str(each) for each in arguments])


def findings(*arguments):
    done = invoke("doctor", *arguments, "--json")
    assert KEY not in done.output
    said = json.loads(done.output)
    assert said["works"] is (done.exit_code == 0)
    return said["works"], {each["name"].partition(": ")[2]: each for each in said["findings"]}


def test_doctor_tells_what_a_model_can_do():
    with ModelServer(PROGRAM, key=KEY, several="no", unknown=["seed"]) as server:
        works, found = findings("--model", server.model, "--base-url", server.base_url)
        assert server.attempts < 10
    assert works
    states = {name: each["state"] for name, each in found.items()}
    assert states["models listed"] == states["chat"] == states["completions"] == states["responses"] == "ok"
    assert states["tokens reported"] == "ok"
    assert (states["n"], states["seed"]) == ("note", "note")
    assert "a request each" in found["n"]["cure"]
    assert "OPENAI_API_KEY" in found["address"]["found"]


def test_doctor_says_what_to_do_where_a_model_would_not_work():
    with ModelServer(PROGRAM, key=KEY, other_models=["tiny-llama"]) as server:
        works, found = findings("--model", "tiny-lama", "--base-url", server.base_url)
        assert not works
        assert found["chat"]["state"] == "failed"
        assert "has no model 'tiny-lama'" in found["chat"]["found"]
        assert "tiny-llama" in found["models listed"]["found"]
    with ModelServer(PROGRAM, always=Status(401, "bad {key}")) as server:
        works, found = findings("--model", server.model, "--base-url", server.base_url)
        assert not works
        assert "refuses the key in OPENAI_API_KEY" in found["chat"]["found"]
    works, found = findings("--model", "m", "--base-url", "http://127.0.0.1:9/v1")
    assert not works
    assert "connection refused" in found["chat"]["found"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--model", "a=x"], "the weight 'x' is no number"),
        (["--model", "a", "--models", "none.toml"], "given both"),
        (["--models", "none.toml"], "cannot be read"),
        (["--model", "a", "--budget-usd", "1"], "--budget-usd needs prices, and a has none"),
        (["--model", "a", "--price-in", "1"], "a price for one direction only"),
        (["--model", "a", "--model-policy", "nobody"], "nobody"),
    ],
)
def test_options_that_do_not_fit_are_refused_before_anything_is_done(options, said, tmp_path):
    done = invoke("run", "cap_set", *options, "--base-url", "http://127.0.0.1:9/v1", "--runs-dir", tmp_path)
    assert done.exit_code != 0
    assert said in f"{done.output} {done.exception}"
    assert not list(tmp_path.iterdir())
