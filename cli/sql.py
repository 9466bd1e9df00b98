"""`fsdb sql`: the logs of runs asked anything."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fsdb.cli.options import json_option, runs_dir_option
from fsdb.cli.printing import on_terminal, safe, safe_lines, warn
from fsdb.cli.tables import format_option, output_option, print_rows, write_rows
from fsdb.errors import UsageError

if TYPE_CHECKING:
    from fsdb.report.sql import Answer

_RUNS = re.compile(r"[\w.,*?/~+@:\[\]-]*[\w*?/\]]")
"""What names runs, and is no query: there is no space or parenthesis in it."""


@click.command(short_help="Ask the logs of runs anything in SQL.")
@click.argument("arguments", nargs=-1, metavar="[RUN[,RUN…]] [QUERY]")
@runs_dir_option
@format_option
@output_option
@click.option("--limit", type=click.IntRange(0), help="Rows at most.  [default: all]")
@json_option
def sql(
    arguments: tuple[str, ...],
    runs_dir: Path,
    form: str,
    output: Path | None,
    limit: int | None,
    as_json: bool,
) -> None:
    """Ask the log of RUN one QUERY, in DuckDB's SQL; - reads it from standard input.

    There are the events (one view for each type), and the state: programs, clusters, islands, edges, draws,
    resets, best_so_far and more. Each has a macro beside it that gives it as of an event:
    `from islands_as_of(1200)`. A query can only read, works while the run goes on, and sees nothing
    but the log.

    Several runs, with commas between them or by a pattern in quotes, are asked at once: each view has the
    rows of all, and a first column run. Without QUERY, on a terminal, there is a prompt for many.

    \b
    fsdb sql "show tables"
    fsdb sql "describe programs"
    fsdb sql "from islands order by best_score desc"
    fsdb sql bin_packing-1 "select status, count(*) from programs group by all"
    fsdb sql "cap_set-*" "select run, best_score, samples from progress"
    fsdb sql "from programs" --format parquet -o programs.parquet
    """
    from fsdb.report.runs import find_runs
    from fsdb.report.sql import ask, export

    named, query = _runs_and_query(arguments)
    form = "json" if as_json else form
    run_dirs = find_runs(runs_dir, named)
    if query is None:
        _prompt(run_dirs, form, limit)
        return
    if query == "-":
        query = sys.stdin.read()
    if form == "parquet":
        if output is None:
            raise UsageError("Parquet goes into a file.", cure="Name it: --format parquet -o FILE")
        rows = export(run_dirs, query, output, limit=limit)
        click.echo(f"{rows:,} rows in {safe(str(output))}")
        return
    answer = ask(run_dirs, query, limit=limit)
    if answer.damages:
        warn(f"The log is damaged: {answer.damages[0]}. What can be read was asked.", answer.damages[0].cure)
    if output is None:
        print_answer(answer, form)
    else:
        write_rows(answer.columns, answer.rows, form, output)
        click.echo(f"{len(answer.rows):,} rows in {safe(str(output))}")


def print_answer(answer: Answer, form: str) -> None:
    """Print the rows of a query, or its plan."""
    if answer.is_plan and form == "table":
        click.echo(safe_lines(answer.rows[0][1]))
    else:
        print_rows(answer.columns, answer.rows, form)


def _runs_and_query(arguments: tuple[str, ...]) -> tuple[str | None, str | None]:
    """Split `[RUN[,RUN…]] [QUERY]`."""
    if len(arguments) > 2:
        raise UsageError(
            f"There are {len(arguments)} arguments.",
            cure="Give [RUN] QUERY, each in quotes if it has spaces.",
        )
    if len(arguments) == 2:
        return arguments[0], arguments[1]
    if arguments and (arguments[0] == "-" or not _RUNS.fullmatch(arguments[0])):
        return None, arguments[0]
    return (arguments[0] if arguments else None), None


def _prompt(run_dirs: list[Path], form: str, limit: int | None) -> None:
    if not (sys.stdin.isatty() and on_terminal()):
        raise UsageError(
            "There is no query.",
            cure='Give one, as in fsdb sql "show tables"; - reads it from standard input.',
        )
    from fsdb.cli.sql_prompt import Prompt

    Prompt(run_dirs, form if form != "parquet" else "table", limit).run()
