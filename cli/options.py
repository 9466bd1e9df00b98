"""Options and arguments that several commands share."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from fsdb.problem.specification import Problem

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

runs_dir_option: Decorator = click.option(
    "--runs-dir",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("runs"),
    envvar="FSDB_RUNS_DIR",
    show_default="./runs",
    show_envvar=True,
    help="Where runs live.",
)

json_option: Decorator = click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")

processes_option: Decorator = click.option(
    "--processes",
    type=click.IntRange(1),
    default=os.cpu_count() or 1,
    show_default="one for each core",
    help="Programs that are evaluated at a time.",
)


def together(*options: Decorator) -> Decorator:
    """Return several options as one decorator; help lists them in this order."""

    def decorate(function: Any) -> Any:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


sandbox_options = together(
    click.option(
        "--sandbox-level",
        type=click.Choice(["L3", "L2", "L1"]),
        default="L2",
        show_default=True,
        help="The weakest isolation of programs that will do (`fsdb doctor` tells what holds here).",
    ),
    click.option(
        "--unsafe",
        is_flag=True,
        help="Evaluate programs even with no isolation but limits.  [default: refuse]",
    ),
)


def scoring_option(default: str) -> Decorator:
    """Return the option for the way in which programs are scored; `default` says in words what it is."""
    return click.option(
        "--scoring",
        type=click.Choice(["in-process", "call-by-call", "artefact"]),
        help="What programs share a process with: the specification (in-process), nothing (call-by-call), or"
        f" what builds an artefact that `verify` scores elsewhere.  [default: {default}]",
    )


run_argument: Decorator = click.argument("run", required=False)


evaluator_option: Decorator = click.option(
    "--evaluator",
    metavar="FILE",
    help="A program that scores PROBLEM, another program, in OpenEvolve's or ShinkaEvolve's convention.  "
    "[default: PROBLEM is a specification, which scores itself]",
)

timeout_option: Decorator = click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    help="Seconds that an evaluation may take.  [default: 30; with an --evaluator what the config.yaml beside"
    " it says, else 300]",
)


def evaluation_seconds(given: float | None, problem: Problem) -> float:
    """Return the seconds that an evaluation may take: as given, else the problem's default."""
    if given is not None:
        return given
    if problem.evaluator is None:
        return 30.0
    return problem.evaluator.timeout_seconds or 300.0
