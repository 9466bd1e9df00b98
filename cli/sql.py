"""`fsdb sql`: a run's log asked anything."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fsdb.cli.options import json_option, runs_dir_option
from fsdb.cli.printing import safe, safe_lines, warn
from fsdb.cli.reading import run_and
from fsdb.cli.tables import format_option, output_option, print_rows, write_rows
from fsdb.errors import UsageError

if TYPE_CHECKING:
    from fsdb.report.sql import Answer


@click.command(short_help="Ask a run's log anything in SQL.")
@click.argument("arguments", nargs=-1, required=True, metavar="[RUN] QUERY")
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

    \b
    fsdb sql "show tables"
    fsdb sql "describe programs"
    fsdb sql "from islands order by best_score desc"
    fsdb sql bin_packing-1 "select status, count(*) from programs group by all"
    fsdb sql "from programs" --format parquet -o programs.parquet
    """
    from fsdb.report.runs import find_run
    from fsdb.report.sql import ask, export

    run, query = run_and("QUERY", arguments)
    if query == "-":
        query = sys.stdin.read()
    form = "json" if as_json else form
    run_dir = find_run(runs_dir, run)
    if form == "parquet":
        if output is None:
            raise UsageError("Parquet goes into a file.", cure="Name it: --format parquet -o FILE")
        rows = export(run_dir, query, output, limit=limit)
        click.echo(f"{rows:,} rows in {safe(str(output))}")
        return
    answer = ask(run_dir, query, limit=limit)
    if answer.damages:
        warn(f"The log is damaged: {answer.damages[0]}. What can be read was asked.", answer.damages[0].cure)
    if output is None:
        _print(answer, form)
    else:
        write_rows(answer.columns, answer.rows, form, output)
        click.echo(f"{len(answer.rows):,} rows in {safe(str(output))}")


def _print(answer: Answer, form: str) -> None:
    if answer.is_plan and form == "table":
        click.echo(safe_lines(answer.rows[0][1]))
    else:
        print_rows(answer.columns, answer.rows, form)
