"""`fsdb verify`: whether a run's log is what it should be."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fsdb.cli.options import json_option, run_argument, runs_dir_option
from fsdb.cli.printing import print_json, safe, safe_lines

if TYPE_CHECKING:
    from fsdb.report.redraw import Progress
    from fsdb.report.verify import Check


@click.command(short_help="Check a run's log: its files, its state, its draws.")
@run_argument
@runs_dir_option
@json_option
def verify(run: str | None, runs_dir: Path, as_json: bool) -> None:
    """Check the log of RUN and change nothing; may be used while the run goes on.

    Four things: every file is whole, and no event is missing; the state folded event by event, as the search
    does it, is what the views say; every draw and reset, made again from the log, is the one logged; and
    the audits, queries that must find nothing, find nothing.

    \b
    fsdb verify
    fsdb verify bin_packing-1 --json

    Exit code 0 if all is well, else 1.
    """
    from fsdb.report.runs import find_run
    from fsdb.report.verify import verify as checks_of

    run_dir = find_run(runs_dir, run)
    checks = []
    with _shown_progress(quiet=as_json) as (progress, clear):
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


@contextmanager
def _shown_progress(*, quiet: bool) -> Iterator[tuple[Progress, Any]]:
    """Give what tells of progress on a terminal's standard error, and what takes it away again."""
    if quiet or not sys.stderr.isatty():
        yield lambda done, total: None, lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("making draws again"),
        BarColumn(),
        TextColumn("{task.percentage:.0f} %"),
        TimeRemainingColumn(),
    )
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    task = bar.add_task("", total=None)

    def progress(done: int, total: int) -> None:
        bar.start()
        bar.update(task, completed=done, total=total)

    try:
        yield progress, bar.stop
    finally:
        bar.stop()
