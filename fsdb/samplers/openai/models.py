"""Which models a run asks: one or several, from the command line or from a models.toml."""

# ruff: noqa: RUF009

from __future__ import annotations

import difflib
import math
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal, get_args

from fsdb.errors import UsageError

Endpoint = Literal["chat", "completions", "responses"]


def _key(meaning: str, default: Any = None) -> Any:
    return field(default=default, metadata={"meaning": meaning})


@dataclass(frozen=True, kw_only=True)
class ModelSettings:
    """What is asked of one model, and where; None leaves it to the server. The fields are a file's keys."""

    model: str = field(metadata={"meaning": "the model's name, as its server knows it (must be given)"})
    name: str = _key("what the run calls it; needed where one model is asked in two places", "")
    weight: float = _key("its share of the prompts, beside the others' weights", 1.0)
    base_url: str | None = _key("root of the API; left out: `OPENAI_BASE_URL`, else OpenAI's")
    api_key_env: str = _key("*name* of the environment variable that holds the key", "OPENAI_API_KEY")
    endpoint: Endpoint = _key("`chat`, `completions` or `responses`", "chat")
    temperature: float | None = _key("0 to 2")
    top_p: float | None = _key("more than 0, at most 1")
    max_tokens: int | None = _key("tokens of an answer, thoughts included (1024 for `completions`)")
    reasoning_effort: str | None = _key("as the model takes it, such as `low`")
    price_in: float | None = _key("US dollars for a million prompt tokens")
    price_out: float | None = _key("US dollars for a million completion tokens")
    rpm: int | None = _key("requests in any 60 seconds at most, tries again included")
    tpm: int | None = _key("tokens in any 60 seconds at most")
    timeout: float = _key("seconds that one attempt may take", 120.0)
    retries: int = _key("attempts after the first", 4)
    concurrency: int = _key("requests under way at a time", 16)

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        if not self.name:
            object.__setattr__(self, "name", self.model)
        known: dict[str, Callable[[Any], bool]] = {
            "model": lambda text: bool(text.strip()),
            "weight": lambda number: 0 < number < math.inf,
            "endpoint": lambda text: text in get_args(Endpoint),
            "temperature": lambda number: 0 <= number <= 2,
            "top_p": lambda number: 0 < number <= 1,
            "price_in": lambda number: 0 <= number < math.inf,
            "price_out": lambda number: 0 <= number < math.inf,
            "timeout": lambda number: 0 < number < math.inf,
            "retries": lambda number: number >= 0,
        }
        positive = ("max_tokens", "rpm", "tpm", "concurrency")
        known |= dict.fromkeys(positive, _is_positive)
        for name, holds in known.items():
            value = getattr(self, name)
            if value is not None and not holds(value):
                raise UsageError(
                    f"The {name.replace('_', ' ')} of model {self.model!r} is {value!r}.",
                    cure=f"It is {_MUST_BE.get(name, 'a whole number of at least 1')}.",
                )
        if (self.price_in is None) != (self.price_out is None):
            raise UsageError(
                f"Model {self.name!r} has a price for one direction only.",
                cure="Give both price_in and price_out, 0 where tokens cost nothing.",
            )

    @property
    def deadline(self) -> float:
        """Seconds after which a request with its retries is given up: four timeouts and a minute."""
        return 4 * self.timeout + 60.0

    def cost(self, tokens_in: int | None, tokens_out: int | None) -> float | None:
        """Return the US dollars that tokens cost; None where prices or counts are unknown."""
        if self.price_in is None or self.price_out is None or tokens_in is None or tokens_out is None:
            return None
        return (tokens_in * self.price_in + tokens_out * self.price_out) / 1e6


def _is_positive(number: Any) -> bool:
    return bool(number >= 1)


_MUST_BE = {
    "model": "a name that the server knows",
    "weight": "a number above 0",
    "endpoint": f"one of {', '.join(get_args(Endpoint))}",
    "temperature": "a number from 0 to 2",
    "top_p": "a number above 0 and at most 1",
    "price_in": "US dollars for a million tokens, 0 or more",
    "price_out": "US dollars for a million tokens, 0 or more",
    "timeout": "a time above 0 seconds",
    "retries": "a whole number of at least 0",
}

KEYS = {key.name: key for key in fields(ModelSettings)}
"""The keys of a model in a models.toml, with what each means."""

_TYPES: dict[str, tuple[type, ...]] = {"str": (str,), "int": (int,), "float": (int, float)}


def named_models(specs: Sequence[str], settings: Mapping[str, Any]) -> list[ModelSettings]:
    """Return the models that `NAME` or `NAME=WEIGHT` each stand for, all with the same other settings."""
    models = []
    for spec in specs:
        name, equals, weight = spec.rpartition("=")
        try:
            own = {"model": name, "weight": float(weight)} if equals else {"model": spec}
        except ValueError:
            raise UsageError(
                f"In --model {spec} the weight {weight!r} is no number.",
                cure="Write NAME or NAME=WEIGHT, as in --model big=1 --model small=3.",
            ) from None
        models.append(ModelSettings(**{**settings, **own}))
    return _all_different(models)


def read_models(path: Path, settings: Mapping[str, Any]) -> list[ModelSettings]:
    """Return the models of a models.toml; `settings` are for what a model of it leaves out.

    Raises UsageError, with the cure, for a file that cannot be read, an unknown key, and what cannot be.
    """
    try:
        with path.open("rb") as file:
            data = tomllib.load(file)
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"{path} cannot be read: {error}", cure="Check the path given to --models."
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path} is not TOML: {error}", cure="docs/models.md shows a models.toml.") from None
    if unknown := [key for key in data if key != "models"]:
        raise _unknown_key(path, unknown[0], ["models"], "It holds one [[models]] table for each model.")
    tables = data.get("models")
    if not isinstance(tables, list) or not tables or not all(isinstance(each, dict) for each in tables):
        raise UsageError(f"{path} names no model.", cure="Give it one [[models]] table for each model.")
    return _all_different([_from_table(path, table, settings) for table in tables])


def models_to_params(models: Sequence[ModelSettings], shown_urls: Sequence[str]) -> list[dict[str, Any]]:
    """Return models as the log holds them: with addresses in which there is no secret."""
    return [
        {**asdict(model), "base_url": shown_url} for model, shown_url in zip(models, shown_urls, strict=True)
    ]


def models_from_params(
    model: str, params: Mapping[str, Any], changes: Mapping[str, Any]
) -> list[ModelSettings]:
    """Return the models that a log holds, each with the changes; `model` names that of a log of version 1."""
    if "models" in params:
        return [replace(ModelSettings(**each), **changes) for each in params["models"]]
    renamed = {"timeout_seconds": "timeout", "max_retries": "retries"}
    found = {renamed.get(key, key): value for key, value in params.items() if value is not None}
    known = {key: value for key, value in found.items() if key in KEYS}
    return [ModelSettings(**{**known, "model": model, **changes})]


def _from_table(path: Path, table: Mapping[str, Any], settings: Mapping[str, Any]) -> ModelSettings:
    for key, value in table.items():
        if key not in KEYS:
            raise _unknown_key(path, key, list(KEYS), f"A model has {', '.join(KEYS)}.")
        wanted = str(KEYS[key].type).removesuffix(" | None")
        types = _TYPES.get(wanted, (str,))
        if not isinstance(value, types) or isinstance(value, bool):
            kind = {"int": "a whole number", "float": "a number"}.get(wanted, "text in quotes")
            raise UsageError(f"{path}: {key} is {value!r}.", cure=f"It is {kind}.")
    if "model" not in table:
        raise UsageError(f"{path}: a [[models]] table has no model.", cure='Give it model = "NAME".')
    return ModelSettings(**{**settings, **table})


def _unknown_key(path: Path, key: str, known: list[str], otherwise: str) -> UsageError:
    near = difflib.get_close_matches(key, known, n=1)
    what = "holds what looks like a key itself; it is to hold the name of a variable" if _secret(key) else ""
    return UsageError(
        f"{path}: there is no {key!r}" + (f"; it {what}." if what else "."),
        cure="Put the key into the environment and its name into api_key_env."
        if what
        else f"Did you mean {near[0]}?"
        if near
        else otherwise,
    )


def _secret(key: str) -> bool:
    return key.lower() in ("api_key", "key", "apikey", "token", "secret")


def _all_different(models: list[ModelSettings]) -> list[ModelSettings]:
    seen = set()
    for model in models:
        if model.name in seen:
            raise UsageError(
                f"Two models are called {model.name!r}.",
                cure="Ask for each once, with a weight, or give each a name of its own in a models.toml.",
            )
        seen.add(model.name)
    return models
