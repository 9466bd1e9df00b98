"""`fsdb report`: runs as one page of HTML."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from fsdb.cli.options import json_option, runs_dir_option
from fsdb.cli.printing import on_terminal, print_json, safe, size
from fsdb.errors import UsageError


@click.command(short_help="Write what runs found, and how, as one page of HTML.")
@click.argument("runs", nargs=-1, metavar="[RUN]…")
@runs_dir_option
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("report.html"),
    show_default="report.html",
    help="Write into this file; one that is there is replaced.",
)
@json_option
def report(runs: tuple[str, ...], runs_dir: Path, output: Path, as_json: bool) -> None:
    """Write a page on each RUN: what was found and how, with the genealogy drawn, failures, cost and more.

    The page is one file that loads nothing, and so works with no network, and can be sent to somebody.
    Each section begins with a question and the sentence that answers it. Of several runs it compares them
    first. RUN may be a pattern in quotes. Needs: pip install 'fsdb[report]'.

    \b
    fsdb report
    fsdb report bin_packing-1 -o bin_packing.html
    fsdb report "cap_set-*" -o cap_sets.html
    """
    from fsdb.report import page
    from fsdb.report.runs import find_runs

    page.require()
    run_dirs = find_runs(runs_dir, ",".join(runs) or None)
    with _telling() as told:
        text = page.render(run_dirs, told)
    try:
        output.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageError(
            f"The file {output} cannot be written: {error.strerror}.", cure="Choose another with -o."
        ) from None
    if as_json:
        print_json(
            {"runs": [path.resolve().name for path in run_dirs], "path": str(output), "bytes": len(text)}
        )
        return
    click.echo(f"{safe(str(output))}: {size(len(text.encode()))}, open it in a browser")


@contextmanager
def _telling() -> Iterator[Callable[[str], None]]:
    """Yield what to call with what is being done: shown on a terminal while it is, in a pipe never."""
    if not on_terminal():
        yield lambda text: None
        return
    from rich.console import Console
    from rich.text import Text

    with Console().status("Reading") as status:
        yield lambda text: status.update(Text(safe(text)))
