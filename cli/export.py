"""`fsdb export`: a run's log in other formats."""

from __future__ import annotations

from pathlib import Path

import click

from fsdb.cli.options import json_option, run_argument, runs_dir_option
from fsdb.cli.printing import count, print_json, safe
from fsdb.cli.reading import warn_of_damage

ENDINGS = {"parquet": "-parquet", "duckdb": ".duckdb", "jsonl": ".jsonl"}


@click.command(short_help="Write a run's log as Parquet tables, a DuckDB file, or training data.")
@run_argument
@runs_dir_option
@click.option(
    "--to",
    "form",
    type=click.Choice(tuple(ENDINGS)),
    default="parquet",
    show_default=True,
    help="What to write: a directory with a file for each table, one file with all, or training data.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="Where.  [default: the run's name with -parquet, .duckdb or .jsonl, in this directory]",
)
@click.option("--force", is_flag=True, help="Replace what is there.")
@click.option(
    "--min-gain",
    type=click.FloatRange(0),
    default=0.0,
    show_default=True,
    help="jsonl: score that a program gained over its best parent at least; it always gained something.",
)
@click.option(
    "--only-ok/--any-status",
    default=True,
    show_default="only ok",
    help="jsonl: leave out duplicates and programs that came too late for their island.",
)
@click.option(
    "--deduplicate/--no-deduplicate",
    default=True,
    show_default="deduplicate",
    help="jsonl: of programs with one source keep the first.",
)
@click.option("--best", type=click.IntRange(1), help="jsonl: programs to keep, the best.  [default: all]")
@click.option(
    "--as-chat", is_flag=True, help="jsonl: the messages for the same parents, also where others were sent."
)
@click.option(
    "--answer",
    type=click.Choice(("received", "program")),
    help="jsonl: the completion as received, or the program taken from it.  "
    "[default: received, as far as that answers these messages]",
)
@json_option
def export(
    run: str | None,
    runs_dir: Path,
    form: str,
    output: Path | None,
    force: bool,
    min_gain: float,
    only_ok: bool,
    deduplicate: bool,
    best: int | None,
    as_chat: bool,
    answer: str | None,
    as_json: bool,
) -> None:
    """Write the log of RUN in another format, as it stands now.

    parquet is a directory with a file for each event type and each table of the state; duckdb is one file
    with the same as tables and views, which opens with no fsdb installed. jsonl is training data for chat
    models: a line {"messages": […]} for each program that was better than the programs it was made from. Its
    prompts are made again from the log, and checked to be those that were sent.

    \b
    fsdb export --to duckdb && duckdb bin_packing-1.duckdb "from islands"
    fsdb export bin_packing-1 --to parquet -o tables
    fsdb export --to jsonl --min-gain 0.01 --best 1000
    """
    from fsdb.report import export as exporting
    from fsdb.report.runs import find_run, open_run
    from fsdb.report.training import Filter

    with open_run(find_run(runs_dir, run)) as log:
        target = output or Path(f"{log.name}{ENDINGS[form]}")
        warn_of_damage(log)
        if form == "jsonl":
            chosen = Filter(min_gain, only_ok, deduplicate, best)
            written = exporting.to_jsonl(log, target, chosen, as_chat=as_chat, answer=answer, force=force)
            said = count(written, "example")
            found: dict[str, object] = {"examples": written}
        else:
            write = exporting.to_parquet if form == "parquet" else exporting.to_duckdb
            tables = write(log, target, force=force)
            said, found = count(len(tables), "table"), {"tables": tables}
    if as_json:
        print_json({"run": log.name, "to": form, "path": str(target), "last_seq": log.last_seq, **found})
        return
    click.echo(f"{said} in {safe(str(target))}")
