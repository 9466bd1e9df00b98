"""`fsdb verify`: whether a run's log is what it should be."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fsdb.cli.options import json_option, run_argument, runs_dir_option
from fsdb.cli.printing import print_json, safe, safe_lines
from fsdb.cli.progress import shown_progress

if TYPE_CHECKING:
    from fsdb.replay.verify import Check


@click.command(short_help="Check a run's log: its files, its state, its draws.")
@run_argument
@runs_dir_option
@json_option
def verify(run: str | None, runs_dir: Path, as_json: bool) -> None:
    """Check the log of RUN and change nothing; may be used while the run goes on.

    Four things: every file is whole, and no event is missing; the state folded as the search does it is what
    the views say; every draw, reset and admission, made again from the log, is the one logged (see `fsdb
    replay`); and the audits, queries that must find nothing, find nothing.

    \b
    fsdb verify
    fsdb verify bin_packing-1 --json

    Exit code 0 if all is well, else 1.
    """
    from fsdb.replay.verify import verify as checks_of
    from fsdb.report.runs import find_run

    run_dir = find_run(runs_dir, run)
    checks = []
    with shown_progress("making draws again", quiet=as_json) as (progress, clear):
        for check in checks_of(run_dir, progress):
            checks.append(check)
            clear()
            if not as_json:
                _print_check(check)
    passed = all(check.passed for check in checks)
    if as_json:
        print_json({"run": run_dir.name, "passed": passed, "checks": [asdict(check) for check in checks]})
    else:
        failed = sum(not check.passed for check in checks)
        click.echo(
            f"{len(checks)} checks of {safe(run_dir.name)}: "
            + ("all passed" if passed else f"{failed} failed")
        )
    click.get_current_context().exit(0 if passed else 1)


def _print_check(check: Check) -> None:
    mark = click.style("ok    ", fg="green") if check.passed else click.style("FAILED", fg="red", bold=True)
    click.echo(f"{mark}  {safe(check.name)}: {safe(check.summary)}")
    for problem in check.problems:
        click.echo(f"          {safe(problem)}")
    if check.cure:
        click.echo(f"        {safe_lines(check.cure)}")
