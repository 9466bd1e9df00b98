"""Models as they are named on the command line and in a models.toml."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from fsdb.errors import UsageError
from fsdb.samplers.openai.models import KEYS, ModelSettings, named_models, read_models

DOCS = Path(__file__).parents[3] / "docs" / "models.md"


@pytest.mark.parametrize(
    ("specs", "found"),
    [
        (["gpt-5-mini"], [("gpt-5-mini", 1.0)]),
        (["qwen2.5-coder:7b=3", "org/name@2024=0.5"], [("qwen2.5-coder:7b", 3.0), ("org/name@2024", 0.5)]),
        (["claude@20240620"], [("claude@20240620", 1.0)]),
        (["a=b=2"], [("a=b", 2.0)]),
    ],
)
def test_names_may_have_weights(specs, found):
    assert [(each.model, each.weight) for each in named_models(specs, {})] == found


@pytest.mark.parametrize(
    ("specs", "said"),
    [
        (["a=x"], "the weight 'x' is no number"),
        (["a=0"], "The weight of model 'a' is 0.0"),
        (["a=inf"], "The weight of model 'a' is inf"),
        (["a", "a=2"], "Two models are called 'a'"),
        (["=2"], "The model of model ''"),
    ],
)
def test_what_is_no_weight_is_refused(specs, said):
    with pytest.raises(UsageError, match=re.escape(said)) as caught:
        named_models(specs, {})
    assert caught.value.cure


def test_a_file_holds_models_and_the_options_what_it_leaves_out(tmp_path):
    path = tmp_path / "models.toml"
    path.write_text(
        '[[models]]\nmodel = "big"\nweight = 1\nprice_in = 1.25\nprice_out = 10\nrpm = 60\n'
        'api_key_env = "BIG_KEY"\ntimeout = 30\n'
        '[[models]]\nmodel = "big"\nname = "mine"\nbase_url = "http://localhost:1/v1"\ntemperature = 1.0\n'
    )
    big, mine = read_models(path, {"temperature": 0.5, "timeout": 9.0})
    assert (big.name, big.weight, big.temperature, big.timeout, big.rpm) == ("big", 1, 0.5, 30, 60)
    assert big.cost(2_000_000, 100_000) == 3.5
    assert (mine.name, mine.model, mine.temperature, mine.timeout) == ("mine", "big", 1.0, 9.0)
    assert mine.cost(1, 1) is None


@pytest.mark.parametrize(
    ("text", "said", "cure"),
    [
        ("models = 3", "names no model", "[[models]]"),
        ("[[model]]\nmodel = 'a'", "there is no 'model'", "Did you mean models?"),
        ("[[models]]\nmodel = 'a'\ntemprature = 1", "there is no 'temprature'", "Did you mean temperature?"),
        ("[[models]]\nmodel = 'a'\nzzz = 1", "there is no 'zzz'", "A model has model, name, weight"),
        ("[[models]]\nmodel = 'a'\napi_key = 'sk-1'", "what looks like a key itself", "api_key_env"),
        ("[[models]]\nweight = 2", "has no model", "model ="),
        ("[[models]]\nmodel = 'a'\nrpm = 1.5", "rpm is 1.5", "a whole number"),
        ("[[models]]\nmodel = 'a'\nweight = true", "weight is True", "a number"),
        ("[[models]]\nmodel = 7", "model is 7", "text in quotes"),
        ("[[models]]\nmodel = 'a'\nprice_in = 1", "a price for one direction only", "price_out"),
        (
            "[[models]]\nmodel = 'a'\n[[models]]\nmodel = 'a'",
            "Two models are called 'a'",
            "a name of its own",
        ),
        ("[[models", "is not TOML", "docs/models.md"),
    ],
)
def test_a_file_that_is_off_is_refused_with_its_cure(tmp_path, text, said, cure):
    path = tmp_path / "models.toml"
    path.write_text(text)
    with pytest.raises(UsageError) as caught:
        read_models(path, {})
    assert said in caught.value.message
    assert cure in caught.value.cure
    assert "sk-1" not in caught.value.message + caught.value.cure


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(UsageError, match="cannot be read"):
        read_models(tmp_path / "none.toml", {})


def test_the_documentation_lists_every_key():
    table = "| key | default | meaning |\n| --- | --- | --- |\n"
    for key in KEYS.values():
        default = "" if key.default is None or key.name in ("model", "name") else f"`{key.default}`"
        table += f"| `{key.name}` | {default} | {key.metadata['meaning']} |\n"
    assert table in DOCS.read_text(encoding="utf-8"), f"docs/models.md lacks this table:\n{table}"


def test_cost_needs_prices_and_counts():
    priced = ModelSettings(model="m", price_in=2.0, price_out=8.0)
    assert priced.cost(1_000_000, 500_000) == 6.0
    assert priced.cost(None, 5) is None
    assert ModelSettings(model="m", price_in=0.0, price_out=0.0).cost(5, 5) == 0.0
