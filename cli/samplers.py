"""Who writes programs, on the command line: models, answers of other runs, or mutation."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fsdb.cli.options import (
    together,
)
from fsdb.cli.prompt import style_of
from fsdb.errors import UsageError

if TYPE_CHECKING:
    from fsdb.problem.specification import Problem
    from fsdb.samplers.base import Sampler
    from fsdb.samplers.openai.models import ModelSettings
    from fsdb.samplers.prompts import Style
    from fsdb.search.runs import MakeSampler


models_option = together(
    click.option(
        "--model",
        "model",
        multiple=True,
        metavar="NAME[=WEIGHT]",
        help="Model that writes programs; give it several times for several, with weights.  "
        "[default: none; the built-in mutation does]",
    ),
    click.option(
        "--models",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE",
        help="Models with a place, key, prices and limits each (docs/models.md).  [default: none]",
    ),
)


model_options = together(
    click.option(
        "--base-url",
        envvar="OPENAI_BASE_URL",
        show_envvar=True,
        help="The OpenAI-compatible endpoint.  [default: OpenAI's]",
    ),
    click.option(
        "--api-key-env",
        metavar="NAME",
        help="Environment variable that holds the key; the key itself is never written anywhere.  "
        "[default: OPENAI_API_KEY]",
    ),
    click.option(
        "--endpoint",
        type=click.Choice(["chat", "completions", "responses"]),
        help="Which API to use.  [default: chat]",
    ),
    click.option("--temperature", type=float, help="The model's temperature.  [default: the server's]"),
    click.option("--top-p", type=float, help="The model's nucleus.  [default: the server's]"),
    click.option(
        "--max-tokens",
        type=click.IntRange(1),
        help="Tokens of an answer.  [default: the server's; 1024 for completions]",
    ),
    click.option(
        "--reasoning-effort",
        metavar="LEVEL",
        help="How long the model is to think, as it takes it: low, high.  [default: the server's]",
    ),
    click.option(
        "--price-in", type=float, help="US dollars for a million prompt tokens.  [default: unknown]"
    ),
    click.option(
        "--price-out", type=float, help="US dollars for a million completion tokens.  [default: unknown]"
    ),
    click.option(
        "--rpm",
        type=click.IntRange(1),
        help="Requests to a model in any 60 seconds at most.  [default: no limit]",
    ),
    click.option(
        "--tpm",
        type=click.IntRange(1),
        help="Tokens of a model in any 60 seconds at most.  [default: no limit]",
    ),
    click.option(
        "--concurrency",
        type=click.IntRange(1),
        help="Requests to a model under way at a time.  [default: 16]",
    ),
    click.option(
        "--request-timeout",
        "request_timeout",
        type=float,
        help="Seconds that a request may take.  [default: 120]",
    ),
    click.option(
        "--retries",
        type=click.IntRange(0),
        help="Tries again of a failed request.  [default: 4]",
    ),
)


answer_options = together(
    click.option(
        "--answers-from",
        multiple=True,
        metavar="RUN",
        help="Take answers to the same prompts from this run's log, without a call and without cost; may be "
        "given several times. Its model is asked where --model names none.  [default: none]",
    ),
    click.option(
        "--offline",
        is_flag=True,
        help="Ask no model: end where --answers-from holds no answer.  [default: go on live there]",
    ),
)


def given(options: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    """Return the options of these names that were given."""
    return {name: options[name] for name in names if options[name] is not None}


def make_mutation(problem: Problem) -> Sampler:
    """Return the sampler that needs no model."""
    from fsdb.samplers.mutation import mutation_sampler

    return mutation_sampler(problem)


_MODEL_SETTINGS = {
    "base_url": "base_url",
    "api_key_env": "api_key_env",
    "endpoint": "endpoint",
    "temperature": "temperature",
    "top_p": "top_p",
    "max_tokens": "max_tokens",
    "reasoning_effort": "reasoning_effort",
    "price_in": "price_in",
    "price_out": "price_out",
    "rpm": "rpm",
    "tpm": "tpm",
    "concurrency": "concurrency",
    "request_timeout": "timeout",
    "retries": "retries",
}
"""Options that are for every model that does not say otherwise, with their names in its settings."""


def given_settings(options: dict[str, Any]) -> dict[str, Any]:
    """Return what the options say of every model, by its name in ModelSettings."""
    settings = given(options, tuple(_MODEL_SETTINGS))
    return {_MODEL_SETTINGS[name]: value for name, value in settings.items()}


def named(options: dict[str, Any]) -> list[ModelSettings]:
    """Return the models that --model and --models name; none where neither is given."""
    from fsdb.samplers.openai.models import named_models, read_models

    if options["model"] and options["models"]:
        raise UsageError(
            "--model and --models are given both", cure="put the model into the file of --models"
        )
    settings = given_settings(options)
    models = []
    if options["models"]:
        models = read_models(options["models"], settings)
    elif options["model"]:
        models = named_models(options["model"], settings)
    unpriced = [model.name for model in models if model.price_in is None]
    if options.get("budget_usd") is not None and unpriced:
        raise UsageError(
            f"--budget-usd needs prices, and {unpriced[0]} has none",
            cure="give --price-in and --price-out, or price_in and price_out in the file of --models",
        )
    return models


def model_sampler(models: list[ModelSettings], style: Style) -> MakeSampler:
    """Return what makes the sampler of models; it reads keys from the environment itself."""

    def make(problem: Problem) -> Sampler:
        from fsdb.samplers.openai import OpenAISampler

        return OpenAISampler(problem, models, prompt=style)

    return make


def resumed_sampler(started: dict[str, Any], options: dict[str, Any]) -> MakeSampler:
    """Return what makes the sampler that a run had, with what was given anew."""
    import json

    from fsdb.samplers.prompts import Style

    params, models = json.loads(started["sampler_params"]), named(options)
    if models:
        return model_sampler(models, Style.from_params(params.get("prompt") or {}))

    def make(problem: Problem) -> Sampler:
        from fsdb.samplers.openai import OpenAISampler

        return OpenAISampler.from_params(problem, started["model"], params, **given_settings(options))

    return make


def records_of(options: dict[str, Any]) -> list[Path]:
    """Return the directories of the runs whose answers are to be used."""
    from fsdb.report.runs import find_run

    if options["offline"] and not options["answers_from"]:
        raise UsageError(
            "--offline asks no model, and there are no answers", cure="give --answers-from RUN with it"
        )
    return [find_run(options["runs_dir"], run) for run in options["answers_from"]]


def asked_before(record: Path) -> dict[str, Any]:
    """Return what a run's log says of its sampler; UsageError where it asked no model."""
    from fsdb.report.runs import open_run
    from fsdb.search.runs import run_fields

    with open_run(record) as log:
        started = log.read(run_fields)
    if started["sampler"] == "mutation":
        raise UsageError(
            f"{record.name} asked no model: its programs come from the built-in mutation",
            cure="leave --answers-from out; the same seed makes the same programs again",
        )
    return started


def fork_sampler(
    started: dict[str, Any], options: dict[str, Any]
) -> tuple[dict[str, Any], Callable[[list[Path], Path], MakeSampler]]:
    """Return what a fork's first event says of its sampler, and what makes it, given records and its log.

    Without --model it is the parent's, with what was given anew; `started` are the parent's fields.
    """
    from fsdb.problem.loading import problem_from_event
    from fsdb.search.events import compact_json

    make: MakeSampler = make_mutation
    models = named(options)
    if models:
        make = model_sampler(models, style_of(options))
    elif started["sampler"] != "mutation":
        make = resumed_sampler(started, options)
    sampler = make(problem_from_event(started))
    settings = {
        "sampler": sampler.name,
        "model": sampler.model,
        "sampler_params": compact_json(sampler.params()),
    }
    asyncio.run(sampler.close())

    def made(records: list[Path], own_log: Path) -> MakeSampler:
        return make if sampler.model is None else with_records(make, records, own_log, options)

    return settings, made


def with_records(
    make_sampler: MakeSampler, records: list[Path], own_log: Path | None, options: dict[str, Any]
) -> MakeSampler:
    """Return what makes the sampler that answers from records first, where there are any."""
    if not records:
        return make_sampler

    def make(problem: Problem) -> Sampler:
        from fsdb.search.answers import RecordedAnswers

        return RecordedAnswers(make_sampler(problem), records, own_log, offline=options["offline"])

    return make
