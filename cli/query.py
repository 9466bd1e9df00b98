"""`fsdb query`: the questions that come with fsdb, asked of a run or of several."""

from __future__ import annotations

import difflib
import fnmatch
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fsdb.cli.options import json_option, runs_dir_option
from fsdb.cli.printing import print_fields, print_heading, print_json, print_table, rounded, safe
from fsdb.cli.tables import format_option, output_option, print_rows, write_parquet, write_rows
from fsdb.errors import UsageError

if TYPE_CHECKING:
    import pyarrow as pa

    from fsdb.queries.catalogue import Analysis

_SETTING = re.compile(r"([A-Za-z_]\w*)=(.*)", re.DOTALL)


@click.command(short_help="Ask a run, or several, one of the questions that come with fsdb.")
@click.argument("arguments", nargs=-1, metavar="[RUN…] [NAME [PARAM=VALUE…]]")
@runs_dir_option
@format_option
@output_option
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")
@json_option
@click.option("--describe", is_flag=True, help="Tell what NAME asks, its parameters and its columns.")
@click.option("--sql", "as_sql", is_flag=True, help="Print the SQL of NAME.")
@click.option(
    "--md",
    "as_reference",
    is_flag=True,
    help="Print the reference of all, answered by the runs of --runs-dir.",
)
def query(
    arguments: tuple[str, ...],
    runs_dir: Path,
    form: str,
    output: Path | None,
    as_csv: bool,
    as_json: bool,
    describe: bool,
    as_sql: bool,
    as_reference: bool,
) -> None:
    """Ask RUN the question NAME; without NAME, list the questions (docs/queries.md has them with answers).

    Parameters have defaults; program=best is the best one. A question across runs takes several runs, by name
    or by a pattern in quotes, and all of --runs-dir where none is given. In `fsdb sql` those of one run are
    tables: `from operators(by := 'stage') where trials > 100`.

    \b
    fsdb query
    fsdb query improvements
    fsdb query bin_packing-1 operators by=stage --json
    fsdb query ancestors program=1234 --format parquet -o ancestors.parquet
    fsdb query 'cap_set-*' success_rate threshold=512
    """
    from fsdb.queries.catalogue import analyses

    known = analyses()
    form = "json" if as_json else "csv" if as_csv else form
    if as_reference:
        from fsdb.cli.query_reference import reference

        click.echo(reference(runs_dir), nl=False)
        return
    settings = [argument for argument in arguments if _SETTING.fullmatch(argument)]
    words = [argument for argument in arguments if argument not in settings]
    if not words:
        _list(list(known.values()), as_json=form == "json")
        return
    *runs, name = words
    if name not in known:
        raise _unknown(name, list(known))
    analysis = known[name]
    if describe or as_sql:
        _describe(analysis, as_sql=as_sql, as_json=form == "json")
        return
    params = parameters(analysis, settings)
    table = (
        _across(analysis, runs, runs_dir, params)
        if analysis.group == "across"
        else _of_run(analysis, runs, runs_dir, params)
    )
    if form == "parquet":
        if output is None:
            raise UsageError("Parquet goes into a file.", cure="Name it: --format parquet -o FILE")
        write_parquet(table, output)
        return
    rows = rows_of(table)
    if form in ("table", "md"):
        rows = [[rounded(value) if isinstance(value, float) else value for value in row] for row in rows]
    if output is None:
        print_rows(table.column_names, rows, form)
    else:
        write_rows(table.column_names, rows, form, output)
        click.echo(f"{len(rows):,} rows in {safe(str(output))}")


def rows_of(table: pa.Table) -> list[list[Any]]:
    """Return a table's rows."""
    return [list(row.values()) for row in table.to_pylist()]


def parameters(analysis: Analysis, settings: Sequence[str]) -> dict[str, Any]:
    """Return an analysis's parameters as `name=value` texts set them; UsageError where one does not fit."""
    values = dict(analysis.defaults)
    declared = {parameter.name: parameter for parameter in analysis.parameters}
    for setting in settings:
        match = _SETTING.fullmatch(setting)
        assert match is not None
        if match[1] not in declared:
            has = ", ".join(f"{p.name}={p.shown_default}" for p in analysis.parameters)
            raise UsageError(
                f"The query {analysis.name} has no parameter {match[1]!r}.",
                cure=f"It has {has}." if has else "It has none.",
            )
        try:
            values[match[1]] = declared[match[1]].parse(match[2])
        except ValueError as error:
            raise UsageError(
                f"The query {analysis.name} cannot be asked with {setting}.", cure=f"{error}.".capitalize()
            ) from None
    return values


def _of_run(analysis: Analysis, runs: list[str], runs_dir: Path, params: dict[str, Any]) -> pa.Table:
    from fsdb.cli.reading import warn_of_damage
    from fsdb.report.runs import find_run, open_run

    if len(runs) > 1:
        raise UsageError(
            f"The query {analysis.name} is asked of one run, and there are {len(runs)}.",
            cure="Give [RUN] NAME; fsdb query lists those across runs.",
        )
    with open_run(find_run(runs_dir, runs[0] if runs else None)) as log:
        table = log.read(lambda con: con.sql(analysis.sql, params=params).to_arrow_table())
        warn_of_damage(log)
    return table


def _across(analysis: Analysis, runs: list[str], runs_dir: Path, params: dict[str, Any]) -> pa.Table:
    from fsdb.report import across

    with across.connect(find_runs(runs_dir, runs)) as con:
        return con.sql(analysis.sql, params=params).to_arrow_table()


def find_runs(runs_dir: Path, runs: Sequence[str]) -> list[Path]:
    """Return the directories of runs, by name, path or pattern; of all in `runs_dir` where none is named."""
    from fsdb.report.runs import find_run, run_dirs

    there = sorted(run_dirs(runs_dir), key=lambda path: path.name)
    found: dict[Path, None] = {}
    for run in runs or ["*"]:
        if not any(character in run for character in "*?["):
            found[find_run(runs_dir, run)] = None
            continue
        matching = [path for path in there if fnmatch.fnmatchcase(path.name, run)]
        if not matching:
            raise UsageError(
                f"No run in {runs_dir} is called {run!r}.", cure="fsdb runs lists those that there are."
            )
        found.update(dict.fromkeys(matching))
    return list(found)


def _unknown(name: str, names: list[str]) -> UsageError:
    nearest = difflib.get_close_matches(name, names, n=3, cutoff=0.4)
    if nearest:
        cure = f"Did you mean {' or '.join(nearest)}? fsdb query lists them all."
    else:
        cure = "fsdb query lists those that there are."
    return UsageError(f"There is no query {name!r}.", cure=cure)


def _list(found: list[Analysis], *, as_json: bool) -> None:
    from fsdb.queries.catalogue import GROUPS

    if as_json:
        print_json([_object(analysis) for analysis in found])
        return
    width = max(len(analysis.name) for analysis in found)
    for group, title in GROUPS.items():
        print_heading(title)
        for analysis in found:
            if analysis.group == group:
                click.echo(f"  {analysis.name.ljust(width)}  {analysis.question}")
    click.echo()
    click.echo("fsdb query [RUN] NAME asks one; fsdb query NAME --describe tells its parameters and columns.")


def _describe(analysis: Analysis, *, as_sql: bool, as_json: bool) -> None:
    if as_json:
        print_json({**_object(analysis), "sql": analysis.sql})
        return
    if as_sql:
        click.echo(analysis.sql, nl=False)
        return
    click.secho(analysis.question, bold=True)
    click.echo(f"{analysis.grain[:1].upper()}{analysis.grain[1:]}.")
    if analysis.notes:
        click.echo(analysis.notes)
    if analysis.parameters:
        print_heading("Parameters")
        print_table(
            ("parameter", "type", "default"),
            ((p.name, p.type, p.shown_default) for p in analysis.parameters),
        )
        click.echo()
        print_fields({parameter.name: parameter.meaning for parameter in analysis.parameters})
    print_heading("Columns")
    print_fields(analysis.columns)


def _object(analysis: Analysis) -> dict[str, Any]:
    return {
        "name": analysis.name,
        "group": analysis.group,
        "question": analysis.question,
        "grain": analysis.grain,
        "parameters": [
            {
                "name": parameter.name,
                "type": parameter.type,
                "default": parameter.shown_default or None,
                "choices": list(parameter.choices),
                "meaning": parameter.meaning,
            }
            for parameter in analysis.parameters
        ],
        "columns": dict(analysis.columns),
        "notes": analysis.notes,
    }
