"""`fsdb replay`: a run's draws made again from its log."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from fsdb.cli.options import json_option, run_argument, runs_dir_option
from fsdb.cli.printing import count, print_heading, print_json, safe, warn
from fsdb.cli.progress import shown_progress
from fsdb.cli.replay_answers import answers_object, print_answer

if TYPE_CHECKING:
    from fsdb.replay.exact import Difference, Exact

SHOWN = 5
"""Differences that are told one by one."""


@click.command(short_help="Make a run's draws again, or as another policy would have.")
@run_argument
@click.option(
    "--policy",
    "policies",
    multiple=True,
    metavar="POLICY[:PARAM=VALUE,…]",
    help="What would this selection policy have drawn? A name, or a path that ends in .sql; may be given "
    "several times.  [default: only make the run's own draws again]",
)
@runs_dir_option
@json_option
def replay(run: str | None, policies: tuple[str, ...], runs_dir: Path, as_json: bool) -> None:
    """Make every draw, reset and admission of RUN again, from SQL and its log alone, and compare bit by bit.

    Changes nothing, and may be used while the run goes on. What was chosen, every probability and every score
    must be the ones logged; the first difference is named, with its event.

    With --policy also what that policy would have drawn at each logged draw, with the same luck, and, where
    the log bears on it, what its draws beget. Neither is what a run under that policy would have found.
    docs/replay.md says which question needs which answer.

    \b
    fsdb replay
    fsdb replay bin_packing-1 --policy greedy --policy funsearch:temperature_init=0.02
    fsdb replay bin_packing-1 --policy ./mine.sql --json

    Exit code 0 if all is the same, else 1; answers about other policies are given only if it is.
    """
    from fsdb.errors import LogError
    from fsdb.log import scan
    from fsdb.replay.counterfactual import counterfactuals
    from fsdb.replay.exact import replay_exactly
    from fsdb.replay.history import History
    from fsdb.report.runs import find_run, open_run
    from fsdb.state.policies import load_policy

    run_dir = find_run(runs_dir, run)
    asked = [load_policy(spec) for spec in policies]
    damages = scan(run_dir, check=True).damages
    if damages:
        raise LogError(
            f"The log of {run_dir.name} is damaged: {damages[0]}; what was drawn cannot be told from it.",
            cure=damages[0].cure,
        )
    with open_run(run_dir, unbroken=True) as log, History(log) as history:
        with shown_progress("making draws again", quiet=as_json) as (progress, clear):
            exact = replay_exactly(history, progress)
            clear()
        if not as_json:
            print_exact(run_dir.name, exact)
        answers = []
        if exact.same and asked:
            with shown_progress("asking other policies", quiet=as_json) as (progress, clear):
                answers = counterfactuals(history, asked, progress)
                clear()
    if as_json:
        print_json(answers_object(run_dir.name, exact, policies, answers))
    else:
        for spec, answer in zip(policies, answers, strict=False):
            print_answer(spec, answer)
    if asked and not exact.same:
        warn("No other policy was asked: that needs a log whose own draws can be made again.")
    click.get_current_context().exit(0 if exact.same else 1)


def print_exact(name: str, exact: Exact) -> None:
    """Print what came of an exact replay."""
    print_heading(f"Exact replay of {name}: its own policy and noise, compared bit by bit")
    faults = exact.faults(exact.differences)
    click.secho(
        "same" if exact.same else "DIFFERENT", fg="green" if exact.same else "red", bold=True, nl=False
    )
    click.echo(
        f"  {count(exact.draws, 'draw')} as of {count(exact.states, 'state')}, "
        f"{count(exact.resets, 'reset')}, "
        f"{count(exact.programs, 'admission')}, {count(exact.scores, 'combination')} of scores"
    )
    if exact.random_draws:
        click.echo(
            f"      {count(exact.random_draws, 'draw')} of random programs, which nothing is drawn for"
        )
    if exact.slowly:
        click.echo("      asked state by state: DuckDB cannot ask this policy's SQL of many states at once")
    if exact.same and exact.differences:
        click.echo(
            f"      but for last bits of {count(len(exact.differences), 'number')}, as another machine's "
            f"arithmetic gives them: {safe(exact.elsewhere or '')} wrote the log"
        )
        _print_differences(exact.differences)
    _print_differences(faults)
    if faults:
        click.echo("  Either the log was changed, or a policy uses what is not in it, such as random().")


def _print_differences(differences: list[Difference]) -> None:
    for difference in differences[:SHOWN]:
        click.echo(f"      {safe(str(difference))}")
    if len(differences) > SHOWN:
        click.echo(f"      and {len(differences) - SHOWN:,} more")
