"""Rows in the formats that commands print and write: table, csv, json, md, parquet."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fsdb.cli.options import Decorator
from fsdb.cli.printing import cell, on_terminal, plain, print_json, print_table, safe, safe_lines
from fsdb.errors import UsageError

if TYPE_CHECKING:
    import pyarrow as pa

FORMATS = ("table", "csv", "json", "md", "parquet")

format_option: Decorator = click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="table",
    show_default=True,
    help="What to print: a table shortens long values, the others do not. parquet needs --output.",
)

output_option: Decorator = click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write into this file.  [default: standard output]",
)


def print_rows(columns: Sequence[str], rows: Sequence[Sequence[Any]], form: str) -> None:
    """Print rows on standard output, in any format but parquet."""
    if form == "json":
        print_json(as_objects(columns, rows))
    elif form == "table":
        print_table(columns, rows)
    else:
        text = as_text(columns, rows, form)
        click.echo(safe_lines(text) if on_terminal() else text, nl=False)


def write_rows(columns: Sequence[str], rows: Sequence[Sequence[Any]], form: str, output: Path) -> None:
    """Write rows into a file, whole, in any format but parquet: no value is shortened there."""
    if form == "json":
        text = json.dumps(plain(as_objects(columns, rows)), indent=2) + "\n"
    else:
        text = as_text(columns, rows, form)
    try:
        output.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise UsageError(
            f"The file {output} cannot be written: {error.strerror}.", cure="Choose another file."
        ) from None


def write_parquet(table: pa.Table, output: Path) -> int:
    """Write an Arrow table into a Parquet file, and return its number of rows."""
    from fsdb.report.sql import write_table

    rows = write_table(table, output)
    click.echo(f"{rows:,} rows in {safe(str(output))}")
    return rows


def as_objects(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
    """Return rows by column; of columns with one name the last counts."""
    return [dict(zip(columns, row, strict=True)) for row in rows]


def as_text(columns: Sequence[str], rows: Sequence[Sequence[Any]], form: str) -> str:
    """Return rows as CSV, or as a Markdown table."""
    if form == "csv":
        sink = io.StringIO()
        writer = csv.writer(sink, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([cell(value) for value in row] for row in rows)
        return sink.getvalue()
    lines: list[Sequence[str]] = [columns, ["---"] * len(columns)]
    lines += [[cell(value) for value in row] for row in rows]
    return "".join("| " + " | ".join(_markdown(text) for text in line) + " |\n" for line in lines)


def _markdown(text: str) -> str:
    return safe(text).replace("|", "\\|")
