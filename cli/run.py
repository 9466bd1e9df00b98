"""`fsdb run` and `fsdb resume`: a search on the command line."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fsdb.cli.options import (
    evaluation_seconds,
    evaluator_option,
    json_option,
    processes_option,
    run_argument,
    runs_dir_option,
    sandbox_options,
    scoring_option,
    timeout_option,
    together,
)
from fsdb.cli.prompt import prompt_options, style_of
from fsdb.cli.samplers import (
    answer_options,
    asked_before,
    given,
    make_mutation,
    model_options,
    model_sampler,
    models_option,
    named,
    records_of,
    resumed_sampler,
    with_records,
)
from fsdb.errors import UsageError

if TYPE_CHECKING:
    from fsdb.config import Stops
    from fsdb.search.runs import MakeSampler, Outcome, Setting, Watch


_STOPS = ("samples", "minutes", "target", "budget_tokens", "budget_usd")


stop_options = together(
    click.option(
        "--samples",
        type=click.IntRange(1),
        help="Stop after this many completions, in all.  [default: 2000 if nothing else stops the run]",
    ),
    click.option("--minutes", type=float, help="Stop after this many minutes.  [default: no limit]"),
    click.option("--target", type=float, help="Stop when a program reaches this score.  [default: none]"),
    click.option(
        "--budget-tokens",
        type=click.IntRange(1),
        help="Spend at most this many tokens, of prompts and completions.  [default: no limit]",
    ),
    click.option(
        "--budget-usd",
        type=click.FloatRange(0, min_open=True),
        help="Spend at most this many US dollars, by the prices given.  [default: no limit]",
    ),
)


machine_options = together(
    processes_option,
    sandbox_options,
    click.option(
        "--commit-ms",
        type=click.FloatRange(0),
        default=50.0,
        show_default=True,
        help="Milliseconds that an event may wait to share a commit; free with a model, at least 250.",
    ),
    click.option(
        "--commit-events",
        type=click.IntRange(1),
        default=256,
        show_default=True,
        help="Events that make a commit due at once.",
    ),
    click.option("-q", "--quiet", is_flag=True, help="No progress, only the result."),
)


@click.command(short_help="Search for programs that score high on a problem.")
@click.argument("problem")
@evaluator_option
@click.option("--name", help="Name of the run.  [default: the problem's name and a number]")
@runs_dir_option
@models_option
@model_options
@prompt_options
@click.option(
    "--model-policy",
    default="weighted",
    show_default=True,
    metavar="NAME[:PARAM=VALUE,…]",
    help="How a prompt's model is chosen: weighted, ucb, thompson, or a path to your own .sql file.",
)
@answer_options
@stop_options
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of every draw and mutation.")
@click.option(
    "--policy",
    default="funsearch",
    show_default=True,
    metavar="NAME[:PARAM=VALUE,…]",
    help="Selection policy: a name of `fsdb policies`, or a path to your own .sql file.",
)
@click.option(
    "--explore",
    type=click.FloatRange(0, 1, max_open=True),
    default=0.0,
    show_default=True,
    metavar="SHARE",
    help="Share of the prompts, 0 to below 1, drawn in equal parts by the policy at temperature 0.05, "
    "uniformly and greedily. It buys answers: with 0.3 none of these weighs over 10 in a replay. It costs "
    "that share of the policy's own prompts, and some milliseconds a batch.",
)
@click.option(
    "--reset-policy",
    default="survivors",
    show_default=True,
    metavar="NAME[:PARAM=VALUE,…]",
    help="When and how islands restart: survivors, random, none, or a path.",
)
@click.option("--islands", type=click.IntRange(1), default=10, show_default=True, help="Number of islands.")
@click.option(
    "--per-prompt",
    type=click.IntRange(1),
    default=4,
    show_default=True,
    help="Completions asked for with each prompt.",
)
@click.option(
    "--random-programs",
    type=click.IntRange(0),
    default=4,
    show_default=True,
    help="Fresh random programs for an island that starts.",
)
@click.option("--inputs", metavar="JSON|FILE", help="Test inputs, instead of the problem's own INPUTS.")
@click.option(
    "--reduce",
    type=click.Choice(["mean", "last", "min", "sum"]),
    help="How a program's scores become one.  [default: the problem's REDUCE, else mean]",
)
@timeout_option
@click.option(
    "--memory", type=click.IntRange(64), default=2048, show_default=True, help="MiB of an evaluation."
)
@scoring_option("artefact where the problem has a `verify`, else in-process")
@click.option(
    "--check-bests/--no-check-bests",
    default=True,
    show_default=True,
    help="Score every new best again, call by call, before it counts.",
)
@click.option(
    "--in-order/--free",
    default=None,
    help="Fold results in the order of their draws, so that a seed gives the same run; or as they come.  "
    "[default: in order without a model, free with one]",
)
@click.option(
    "--batch",
    type=click.IntRange(1),
    help="Prompts drawn by one query at most.  [default: 4 in order; free, the --window]",
)
@click.option(
    "--window",
    type=click.IntRange(1),
    help="Prompts under way at a time.  [default: 16, with a model its --concurrency]",
)
@machine_options
@json_option
def run(problem: str, **options: Any) -> None:
    """Search for programs that score high on PROBLEM.

    PROBLEM is the name of a bundled one (`fsdb problems`), a path to your specification, or a program with
    its --evaluator, in OpenEvolve's or ShinkaEvolve's convention (a folder that holds both will do). Without
    --model programs come from typed mutation and crossover: no key, no server, no network.

    \b
    fsdb run bin_packing
    fsdb run cap_set --samples 5000 --seed 7
    fsdb run my_problem.py --model gpt-5-mini --samples 2000 --budget-tokens 3000000
    fsdb run my_problem.py --model qwen2.5-coder --base-url http://localhost:11434/v1
    fsdb run initial_program.py --evaluator evaluator.py
    fsdb run folder_with_initial_and_evaluate/

    Ctrl-C ends it cleanly; `fsdb resume` goes on. Exit code 0 when it ended by itself, 130 after Ctrl-C.
    """
    from fsdb.config import SearchConfig, Stops
    from fsdb.evaluator.modes import default_mode
    from fsdb.problem.loading import load_problem
    from fsdb.search.runs import start_run
    from fsdb.state.models import MODEL
    from fsdb.state.policies import RESET, load_policy, with_exploration

    stops = Stops(**given(options, _STOPS))
    if stops == Stops():
        stops = Stops(samples=2000)
    loaded = load_problem(
        problem, inputs=options["inputs"], reduce=options["reduce"], evaluator=options["evaluator"]
    )
    policy = with_exploration(load_policy(options["policy"]), options["explore"])
    reset_policy = load_policy(options["reset_policy"], RESET)
    models, records = named(options), records_of(options)
    with_model = bool(models or records)
    in_order = not with_model if options["in_order"] is None else options["in_order"]
    under_way = options["window"] or sum(each.concurrency for each in models) or 16
    # In order a batch is what results wait for; running free, the more is drawn by one query the better.
    batch = options["batch"] or (4 if in_order else under_way)
    config = SearchConfig(
        seed=options["seed"],
        islands=options["islands"],
        completions_per_prompt=options["per_prompt"],
        random_programs=options["random_programs"],
        in_order=in_order,
        batch_draws=batch,
        window_draws=options["window"] or max(under_way, 4 * batch if in_order else batch),
        timeout_seconds=evaluation_seconds(options["timeout"], loaded),
        memory_bytes=options["memory"] * 2**20,
        scoring=options["scoring"] or default_mode(loaded.specification),
        check_bests=options["check_bests"],
    )
    make_sampler: MakeSampler = make_mutation
    if models:
        make_sampler = model_sampler(models, style_of(options))
    elif records:
        make_sampler = resumed_sampler(asked_before(records[0]), options)
    make_sampler = with_records(make_sampler, records, None, options)
    run_dir = _new_run_dir(options["runs_dir"], loaded.name, options["name"])

    def start(watch: Watch) -> Any:
        return start_run(
            run_dir,
            loaded,
            config,
            policy,
            reset_policy,
            stops,
            make_sampler,
            setting_of(options),
            watch,
            load_policy(options["model_policy"], MODEL) if with_model else None,
        )

    _go(start, stops, options)


@click.command(short_help="Go on with a run where its log ends.")
@run_argument
@runs_dir_option
@models_option
@model_options
@answer_options
@stop_options
@machine_options
@json_option
def resume(run: str | None, **options: Any) -> None:
    """Go on with RUN where its log ends; draws that were under way are taken up, nothing is asked twice.

    Limits that are not given stay as they were; --samples counts from the start of the run. Problem,
    policies and seed are those of the run. Models are those of the run too, with the options given changed in
    each, unless --model or --models names others. Keys are read from the environment again.

    \b
    fsdb resume
    fsdb resume bin_packing-1 --samples 5000
    """
    from fsdb.report.runs import find_run
    from fsdb.search.runs import resume_run

    limits = given(options, _STOPS)

    def stops(before: Stops) -> Stops:
        return replace(before, **limits)

    run_dir = find_run(options["runs_dir"], run)
    records = records_of(options)

    def make_sampler(started: dict[str, Any]) -> MakeSampler:
        if started["sampler"] == "mutation":
            return make_mutation
        return with_records(resumed_sampler(started, options), records, run_dir, options)

    def start(watch: Watch) -> Any:
        return resume_run(run_dir, stops, make_sampler, setting_of(options), watch)

    _go(start, None, options)


def _go(
    start: Callable[[Watch], Coroutine[Any, Any, Outcome]], stops: Stops | None, options: dict[str, Any]
) -> None:
    """Run the search under its display, then print what came of it."""
    from fsdb.cli.display import display
    from fsdb.cli.summary import print_json_summary, print_summary

    with display(stops, quiet=options["quiet"] or options["as_json"]) as shown:
        try:
            outcome = asyncio.run(start(shown.watch()))
        except asyncio.CancelledError:
            raise click.Abort from None
    if options["as_json"]:
        print_json_summary(outcome)
    else:
        print_summary(outcome, setting_of(options))
    if outcome.reason == "interrupted":
        click.get_current_context().exit(130)


def setting_of(options: dict[str, Any]) -> Setting:
    """Return where and how programs are evaluated on this machine, as the options say."""
    from fsdb.search.runs import Setting

    return Setting(
        processes=options["processes"],
        require_level=options["sandbox_level"],
        allow_unsafe=options["unsafe"],
        commit_seconds=options["commit_ms"] / 1000,
        commit_events=options["commit_events"],
    )


def _new_run_dir(runs_dir: Path, problem: str, name: str | None) -> Path:
    """Return the directory of a new run: the given name, or the problem's with the next free number."""
    if name is not None:
        if not name or name != Path(name).name or name.startswith("."):
            raise UsageError(f"{name!r} is no name for a run", cure="use letters, digits, - and _")
        if (runs_dir / name).exists():
            raise UsageError(
                f"there is a run called {name} already",
                cure=f"choose another --name, or go on with it: fsdb resume {name}",
            )
        return runs_dir / name
    number = 1
    while (runs_dir / f"{problem}-{number}").exists():
        number += 1
    return runs_dir / f"{problem}-{number}"
