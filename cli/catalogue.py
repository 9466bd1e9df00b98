"""`fsdb problems` and `fsdb policies`: what comes with fsdb."""

from __future__ import annotations

import shutil
import textwrap
from typing import TYPE_CHECKING, Any

import click

from fsdb.cli.options import json_option
from fsdb.cli.printing import on_terminal, print_heading, print_json, print_table, safe, score
from fsdb.errors import UsageError

if TYPE_CHECKING:
    from fsdb.problem.specification import Problem
    from fsdb.state.policies import Policy


@click.command(short_help="List the problems that come with fsdb.")
@json_option
def problems(as_json: bool) -> None:
    """List the problems that come with fsdb: what each is about, its inputs, and what to compare with.

    Your own is a Python file with @funsearch.run and @funsearch.evolve (docs/problems.md).

    \b
    fsdb problems
    fsdb run cap_set
    """
    from fsdb.problem.loading import bundled_problems

    found = bundled_problems()
    if as_json:
        print_json([_problem_object(problem) for problem in found])
        return
    for number, problem in enumerate(found):
        if number:
            click.echo()
        click.secho(problem.name, bold=True)
        _print_wrapped(_task_line(problem))
        evolves = " ".join(problem.specification.evolve.header.split()).rstrip(":")
        _print_wrapped(evolves, "evolves")
        _print_wrapped(
            f"{_listed(list(problem.inputs))}; a program's score is their {problem.reduce}", "inputs"
        )
        if problem.baselines:
            baselines = [
                f"{name} ({score(each)})" if not isinstance(each, str) else name
                for name, each in problem.baselines.items()
            ]
            _print_wrapped(", ".join(baselines), "baselines")
        if problem.held_out:
            sets = [f"{name} ({len(each)})" for name, each in problem.held_out.items()]
            _print_wrapped(", ".join(sets), "held out")


@click.command(short_help="List the selection and reset policies, with their parameters.")
@click.argument("name", required=False)
@json_option
def policies(name: str | None, as_json: bool) -> None:
    """List the policies that come with fsdb, with their parameters; with NAME print that one's SQL.

    A policy is one SQL file. `--policy NAME:PARAM=VALUE,…` sets parameters; your own file is named by its
    path, and may begin as a copy of one of these.

    \b
    fsdb policies
    fsdb policies funsearch > mine.sql
    fsdb run bin_packing --policy ./mine.sql:temperature_init=0.5
    """
    from fsdb import queries
    from fsdb.state.policies import RESET, SELECTION, load_policy

    found = [load_policy(each, kind) for kind in (SELECTION, RESET) for each in queries.names(kind.folder)]
    if name is not None:
        _print_policy(_named(found, name), as_json=as_json)
        return
    if as_json:
        print_json([_policy_object(policy) for policy in found])
        return
    for kind, title in ((SELECTION, "Selection"), (RESET, "Reset")):
        print_heading(f"{title} policies: {kind.option} NAME[:PARAM=VALUE,…]")
        click.echo("All have these parameters:")
        for param, (default, meaning) in kind.params.items():
            click.echo(f"  {param}={_setting(default)}  {meaning}")
        for policy in (each for each in found if each.kind is kind):
            click.echo()
            click.secho(policy.name, bold=True, nl=False)
            click.echo(f"  {policy.description.splitlines()[0]}")
            for param, default in policy.params.items():
                if (default, policy.meanings[param]) != kind.params.get(param):
                    click.echo(f"  {param}={_setting(default)}  {policy.meanings[param]}")


def _named(found: list[Policy], name: str) -> Policy:
    for policy in found:
        if policy.name == name:
            return policy
    raise UsageError(
        f"There is no policy {name!r}.", cure=f"There are {', '.join(policy.name for policy in found)}."
    )


def _print_policy(policy: Policy, *, as_json: bool) -> None:
    if as_json:
        print_json({**_policy_object(policy), "sql": policy.sql})
        return
    if not on_terminal():
        click.echo(policy.sql, nl=False)
        return
    from rich.console import Console
    from rich.syntax import Syntax

    Console(highlight=False).print(
        Syntax(policy.sql.rstrip("\n"), "sql", theme="ansi_dark", background_color="default", word_wrap=True)
    )
    print_heading("Parameters")
    print_table(
        ("parameter", "default", "meaning"),
        ((param, _setting(default), policy.meanings[param]) for param, default in policy.params.items()),
    )


def _policy_object(policy: Policy) -> dict[str, Any]:
    return {
        "name": policy.name,
        "option": policy.kind.option,
        "description": policy.description,
        "parameters": [
            {"name": param, "default": default, "meaning": policy.meanings[param]}
            for param, default in policy.params.items()
        ],
    }


def _problem_object(problem: Problem) -> dict[str, Any]:
    return {
        "name": problem.name,
        "task": problem.specification.task,
        "evolve": problem.specification.evolve.header,
        "inputs": list(problem.inputs),
        "reduce": problem.reduce,
        "baselines": problem.baselines,
        "held_out": {name: list(each) for name, each in problem.held_out.items()},
    }


def _print_wrapped(text: str, label: str = "") -> None:
    """Print a text, after a label where there is one: on a terminal in lines that fit it, each indented."""
    begin = f"  {label:11}" if label else "  "
    if not on_terminal():
        click.echo(begin + text)
        return
    width = max(40, shutil.get_terminal_size().columns)
    indent = " " * len(begin)
    click.echo(
        textwrap.fill(text, width, initial_indent=begin, subsequent_indent=indent, break_on_hyphens=False)
    )


def _task_line(problem: Problem) -> str:
    lines = problem.specification.task.strip().splitlines()
    return safe(lines[0]) if lines else ""


def _listed(names: list[str]) -> str:
    """Return how many there are, and their names where they are few."""
    return f"{len(names)} ({', '.join(names)})" if len(names) <= 6 else f"{len(names)}"


def _setting(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
