"""`fsdb fork`: a run goes on from any of its events another way, once or as an experiment of two arms."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fsdb.cli.options import json_option, run_argument, runs_dir_option
from fsdb.cli.printing import print_heading, print_json, print_table, rounded, seconds
from fsdb.cli.prompt import prompt_options
from fsdb.cli.run import machine_options, setting_of
from fsdb.cli.samplers import answer_options, fork_sampler, model_options, models_option, records_of
from fsdb.errors import UsageError

if TYPE_CHECKING:
    from fsdb.report.forks import ForkPoint
    from fsdb.search.runs import Outcome
    from fsdb.state.policies import Policy

CONTROL = "control"

_FEW = 10
"""With fewer pairs a bootstrap covers less than it says."""


@dataclass(frozen=True)
class Fork:
    """One continuation to be made: its arm, its seed, and what it goes on under."""

    arm: str
    seed: int
    policy: Policy
    reset_policy: Policy
    run_dir: Path


@click.command(short_help="Go on with a run from one of its events, under another policy.")
@run_argument
@runs_dir_option
@click.option(
    "--at",
    default="best-1",
    show_default=True,
    metavar="SEQ|best-N|reset:N",
    help="Where: after an event, before the N-th new best from the end was drawn, or after a reset.",
)
@click.option(
    "--policy",
    metavar="NAME[:PARAM=VALUE,…]",
    help="Selection policy from there on.  [default: the run's own]",
)
@click.option(
    "--reset-policy",
    metavar="NAME[:PARAM=VALUE,…]",
    help="When and how islands restart from there on.  [default: the run's own]",
)
@click.option(
    "--samples",
    type=click.IntRange(1),
    help="Completions that a fork asks for, beyond those shared.  [default: as many as the run did]",
)
@click.option(
    "--seeds",
    type=click.IntRange(1),
    help="Make so many forks an arm, one after another: under the run's own policies (control) and under "
    "those given, on the same seeds.  [default: one fork, no control]",
)
@click.option(
    "--seed",
    type=int,
    help="Seed from there on; with --seeds the first one.  [default: the run's; with --seeds that plus 1]",
)
@click.option(
    "--name", help="Name of the fork, without --seeds.  [default: the run's, the event and the arm]"
)
@click.option(
    "--plan",
    "plan_only",
    is_flag=True,
    help="Only say how many forks an arm a difference needs, and what they cost.",
)
@models_option
@model_options
@prompt_options
@answer_options
@machine_options
@json_option
def fork(run: str | None, **options: Any) -> None:
    """Go on with RUN from one of its events under another policy, as a run of its own.

    It answers what no log can: what another policy would have found. One fork is an anecdote; with --seeds
    30 there are two arms, the run's own policies and those given, and their difference with an interval.
    Both arms draw with the same noise for each seed, which makes them alike at first and helps less and less.

    A fork's log holds the run's events up to there, so it needs nothing of the run. Answers of a model that
    the run paid for are taken from its log where prompt and ordinal match. The same command goes on where
    Ctrl-C ended it.

    \b
    fsdb fork bin_packing-1 --at best-1 --policy greedy --samples 400
    fsdb fork bin_packing-1 --at reset:0 --policy rank --samples 400 --plan
    fsdb fork bin_packing-1 --at 512 --policy rank --samples 400 --seeds 30
    """
    from fsdb.report.forks import fork_point, plan
    from fsdb.report.runs import find_run, open_run, run_dirs
    from fsdb.search.runs import run_fields

    parent = find_run(options["runs_dir"], run)
    with open_run(parent) as log:
        point = fork_point(log, options["at"])
        started = log.read(run_fields)
        (whole,) = log.rows("select asked from progress")
        samples = options["samples"] or whole["asked"] - point.asked
        if samples < 1:
            raise UsageError(f"{log.name} asked for nothing after event {point.seq}", cure="give --samples")
        planned = plan(log, run_dirs(options["runs_dir"]), point, samples) if options["plan_only"] else None
    if planned is not None:
        print_json(planned) if options["as_json"] else _print_plan(planned)
        return
    forks = _forks(parent, started, point, options)
    for each in forks:
        _refuse_another(parent, point, each)
    outcomes = []
    for number, each in enumerate(forks):
        found = _best(each, point, samples)
        if found is None:
            outcome = _go_on(parent, started, point, samples, each, options)
            if outcome.reason == "interrupted":
                click.echo("Interrupted; the same command goes on from here.", err=True)
                click.get_current_context().exit(130)
            found = _best(each, point, samples)
        outcomes.append((each, found))
        if options["seeds"] and not options["quiet"] and not options["as_json"]:
            click.echo(
                f"{number + 1} of {len(forks)}: {each.arm}, seed {each.seed}: best {rounded(found)} after "
                f"{samples:,} samples ({each.run_dir.name})"
            )
    _print_outcome(parent, point, samples, outcomes, options)


def _forks(parent: Path, started: dict[str, Any], point: ForkPoint, options: dict[str, Any]) -> list[Fork]:
    """Return the forks to be made: one, or for each seed one of each arm."""
    from dataclasses import replace

    from fsdb.state.policies import RESET, load_policy, policy_from_event

    own, own_reset = policy_from_event(started, "policy"), policy_from_event(started, "reset_policy")
    policy = load_policy(options["policy"]) if options["policy"] else own
    policy = replace(policy, explore=own.explore)
    reset_policy = load_policy(options["reset_policy"], RESET) if options["reset_policy"] else own_reset
    arms = {policy.name if options["policy"] else CONTROL: (policy, reset_policy)}
    if options["reset_policy"] and not options["policy"]:
        arms = {reset_policy.name: (policy, reset_policy)}
    if not options["seeds"]:
        seed = started["seed"] if options["seed"] is None else options["seed"]
        (arm,) = arms
        name = options["name"] or _name(parent, point, arm, policy, reset_policy, seed)
        return [Fork(arm, seed, policy, reset_policy, options["runs_dir"] / name)]
    if options["name"]:
        raise UsageError("--name names one fork, and --seeds makes several", cure="leave one of them out")
    if CONTROL in arms:
        raise UsageError("--seeds compares two arms, and both are the same", cure="give --policy")
    first = started["seed"] + 1 if options["seed"] is None else options["seed"]
    return [
        Fork(
            arm,
            seed,
            *policies,
            options["runs_dir"] / _name(parent, point, arm, *policies, seed),
        )
        for seed in range(first, first + options["seeds"])
        for arm, policies in ({CONTROL: (own, own_reset)} | arms).items()
    ]


def _name(parent: Path, point: ForkPoint, arm: str, policy: Policy, reset_policy: Policy, seed: int) -> str:
    """Return a fork's name; policies with other parameters or SQL make another."""
    from fsdb.state.draws import params_json

    said = [part for each in (policy, reset_policy) for part in (each.name, each.sql, params_json(each))]
    mark = hashlib.md5("|".join(said).encode(), usedforsecurity=False).hexdigest()[:6]
    return f"{parent.resolve().name}-at{point.seq}-{arm}-{mark}-seed{seed}"


def _refuse_another(parent: Path, point: ForkPoint, each: Fork) -> None:
    """Raise UsageError where a fork's name is taken by a run that is not this fork."""
    from fsdb.report.runs import open_run
    from fsdb.search.forks import fork_settings

    if not each.run_dir.exists():
        return
    with open_run(parent) as log, open_run(each.run_dir) as made:
        (run_id,), own = log.rows("select run_id from run_started"), made.started()
    wanted = fork_settings(each.policy, each.reset_policy, each.seed, own["stops"])
    wanted |= {"parent_run_id": run_id["run_id"], "parent_seq": point.seq}
    if any(own[name] != value for name, value in wanted.items()):
        raise UsageError(
            f"{each.run_dir.name} is there already, and is another run", cure="give another --name"
        )


def _best(each: Fork, point: ForkPoint, samples: int) -> float | None:
    """Return the best score that a fork came to, None where it has not made its samples."""
    from fsdb.report.forks import best_after

    return best_after(each.run_dir, point.asked + samples) if each.run_dir.exists() else None


def _go_on(
    parent: Path,
    started: dict[str, Any],
    point: ForkPoint,
    samples: int,
    each: Fork,
    options: dict[str, Any],
) -> Outcome:
    """Make a fork's log unless it is there, and search until it has its samples."""
    from fsdb.cli.display import display
    from fsdb.config import Stops
    from fsdb.search.forks import fork_settings, write_fork
    from fsdb.search.runs import resume_run

    stops = Stops(samples=point.asked + samples)
    settings, make_sampler = fork_sampler(started, options)
    if not each.run_dir.exists():
        settings |= fork_settings(each.policy, each.reset_policy, each.seed, stops.to_json())
        write_fork(parent, point.seq, each.run_dir, point.open_draws, settings)
    records = [parent, *records_of(options)]
    quiet = options["quiet"] or options["as_json"] or bool(options["seeds"])
    with display(stops, quiet=quiet) as shown:
        try:
            return asyncio.run(
                resume_run(
                    each.run_dir,
                    lambda before: stops,
                    lambda started: make_sampler(records, each.run_dir),
                    setting_of(options),
                    shown.watch(),
                )
            )
        except asyncio.CancelledError:
            raise click.Abort from None


def _print_outcome(
    parent: Path,
    point: ForkPoint,
    samples: int,
    outcomes: list[tuple[Fork, float | None]],
    options: dict[str, Any],
) -> None:
    from fsdb.report.forks import compare_arms
    from fsdb.report.runs import open_run

    arms: dict[str, dict[int, float]] = {}
    for each, found in outcomes:
        if found is not None:
            arms.setdefault(each.arm, {})[each.seed] = found
    compared = None
    if options["seeds"]:
        (name,) = arms.keys() - {CONTROL}
        with open_run(parent) as log:
            compared = compare_arms(log, arms[CONTROL], arms[name])
    if options["as_json"]:
        print_json(
            {
                "kind": "fork",
                "run": parent.resolve().name,
                "at": point.seq,
                "samples": samples,
                "best_score_at": point.best_score,
                "forks": [
                    {"run": each.run_dir.name, "arm": each.arm, "seed": each.seed, "best_score": found}
                    for each, found in outcomes
                ],
                "comparison": compared,
            }
        )
        return
    if compared is None:
        ((each, found),) = outcomes
        click.echo(
            f"{each.run_dir.name} went on from event {point.seq} of {parent.resolve().name}, where the best "
            f"was {rounded(point.best_score)}: after {samples:,} more samples it is {rounded(found)}."
        )
        click.echo("One fork is an anecdote: --seeds 30 makes two arms, and --plan says how many are needed.")
        return
    _print_compared(name, compared, samples)


def _print_compared(arm: str, compared: dict[str, Any], samples: int) -> None:
    print_heading(f"Best score after {samples:,} samples from there, {compared['pairs']} forks an arm")
    print_table(
        ("arm", "mean"),
        [(CONTROL, rounded(compared["control_mean"])), (arm, rounded(compared["policy_mean"]))],
    )
    if compared["low"] is None:
        click.echo("One pair of forks says nothing of how sure that is.")
        return
    click.echo(
        f"Difference {rounded(compared['difference'])}, 95 % from {rounded(compared['low'])} to "
        f"{rounded(compared['high'])} (bootstrap over {compared['pairs']} pairs of one seed); "
        f"{arm} was better in {compared['wins']}, as good in {compared['ties']}."
    )
    if compared["pairs"] < _FEW:
        click.echo(f"With fewer than {_FEW} pairs such an interval is too narrow.")
    p_value = compared["p_value"]
    click.echo(
        "No pair differs."
        if p_value is None
        else f"Wilcoxon's signed-rank test by random signs: p = {p_value:.4f}."
    )
    click.echo("Both arms drew with the same noise, which makes them alike at first and helps less and less.")


def _print_plan(planned: dict[str, Any]) -> None:
    sources = {
        "forks": "forks of this run at this event",
        "runs": "whole runs of this problem, which differ more than forks that share a past",
    }
    if planned["spread"]:
        click.echo(
            f"A run's best score varies with a standard deviation of {rounded(planned['deviation'])} "
            f"({planned['spread_runs']} {sources[planned['spread']]}, set alike)."
        )
    else:
        click.echo(
            "How much a run's best score varies is not known: no two runs here of this problem were set "
            "alike and came so far. Differences are in units of its standard deviation."
        )
    print_heading(
        f"Forks an arm for {planned['samples']:,} samples each (interval of 95 %, power of "
        f"{planned['power']:.0%})"
    )
    print_table(
        ("difference", "in deviations", "forks an arm", "samples in all", "time", "tokens", "US$"),
        [
            (
                rounded(row["difference"]),
                row["in_deviations"],
                row["forks"],
                row["samples"],
                None if row["seconds"] is None else seconds(row["seconds"]),
                None if row["tokens"] is None else round(row["tokens"]),
                rounded(row["cost_usd"]),
            )
            for row in planned["needed"]
        ],
    )
    click.echo(
        "Arms of independent forks; the shared noise needs fewer where it lasts. Costs are as in this run."
    )
