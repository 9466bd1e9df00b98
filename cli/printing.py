"""What commands print: tables, fields, programs and JSON, harmless whatever stands in a text.

On a terminal there is colour and there are ruled tables; into a pipe goes plain aligned text. Text from a run
may be hostile: every character that does not print is escaped, and no markup in it is interpreted.
"""

from __future__ import annotations

import json
import math
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import click

WIDEST = 60
"""Characters of a value that a table shows; longer ones end in "…"."""

_GAP = "  "
_NUMBER = re.compile(r"-?[\d,]*\.?\d+(e[-+]?\d+)?( %)?")


def on_terminal() -> bool:
    """Return whether standard output is a terminal."""
    return sys.stdout.isatty()


def safe(text: str) -> str:
    """Return text in one line, with every character that does not print written as Python would write it."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def safe_lines(text: str) -> str:
    """Return text of several lines, escaped as `safe` does but for line ends and tabs."""
    return "".join(c if c in "\n\t" or c.isprintable() else repr(c)[1:-1] for c in text)


def shorten(text: str, widest: int = WIDEST) -> str:
    """Return text of at most `widest` characters."""
    return text if len(text) <= widest else text[: widest - 1] + "…"


def print_table(columns: Sequence[str], rows: Iterable[Sequence[Any]], *, comment: str = "") -> None:
    """Print rows as a table: numbers to the right, None left blank.

    With a `comment`, which then begins every line, the table is plain on a terminal too.
    """
    values = [list(row) for row in rows]
    cells = [[shorten(safe(cell(value))) for value in row] for row in values]
    right = [_is_numeric(row[index] for row in values) for index in range(len(columns))]
    if on_terminal() and not comment:
        _print_ruled(columns, cells, right)
        return
    heads = [shorten(safe(column)) for column in columns]
    widths = [max(map(len, column)) for column in zip(heads, *cells, strict=True)]
    for row in [heads, *cells]:
        aligned = (
            text.rjust(width) if is_right else text.ljust(width)
            for text, width, is_right in zip(row, widths, right, strict=True)
        )
        click.echo((comment + _GAP.join(aligned)).rstrip())


def print_fields(fields: Mapping[str, Any]) -> None:
    """Print names and values, a line each; those that are None are left out."""
    shown = {name: safe(cell(value)) for name, value in fields.items() if value is not None}
    width = max(map(len, shown), default=0)
    for name, value in shown.items():
        click.echo(click.style(name.ljust(width), dim=True) + _GAP + value)


def print_heading(text: str) -> None:
    """Print the heading of a section, after an empty line."""
    click.echo()
    click.secho(safe(text), bold=True)


def print_source(source: str) -> None:
    """Print a program: coloured on a terminal, else as it is, so that it can go into a file."""
    text = safe_lines(source).rstrip("\n")
    if not on_terminal():
        click.echo(text)
        return
    from rich.console import Console
    from rich.syntax import Syntax

    Console(highlight=False).print(
        Syntax(text, "python", theme="ansi_dark", background_color="default", word_wrap=True)
    )


def print_json(value: Any) -> None:
    """Print a value as JSON, in ASCII and so safe to show; NaN and infinities are null, times ISO 8601."""
    click.echo(json.dumps(plain(value), indent=2, allow_nan=False))


def warn(message: str, cure: str = "") -> None:
    """Say on standard error that something is not as it should be, and what to do about it."""
    click.secho("Warning: ", fg="yellow", bold=True, nl=False, err=True)
    click.echo(safe_lines(message), err=True)
    if cure:
        click.echo(f"  {safe_lines(cure)}", err=True)


def plain(value: Any) -> Any:
    """Return a value as JSON can hold it."""
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(inner) for inner in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Decimal):
        return _of_decimal(value)
    if isinstance(value, datetime):
        return value.isoformat() + ("Z" if value.tzinfo is None else "")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, bytes | bytearray):
        return value.hex()
    if value is None or isinstance(value, bool | int | str):
        return value
    return str(value)


def cell(value: Any) -> str:
    """Return a value as a table shows it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    if isinstance(value, list | tuple | dict):
        return json.dumps(plain(value), ensure_ascii=False)
    if isinstance(value, bytes | bytearray):
        return value.hex()
    return str(value)


def rounded(value: float | None) -> float | None:
    """Return a number with the seven digits of it that a person cares for."""
    return None if value is None else float(f"{value:.7g}")


def score(value: float | None) -> str:
    """Return a score as text, in at most seven digits; "none" where there is none."""
    return "none" if value is None else f"{value:.7g}"


def count(number: int, noun: str) -> str:
    """Return how many of something there are."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def share(part: int, whole: int) -> str:
    """Return a share in percent; "" of nothing."""
    return f"{100 * part / whole:.1f} %" if whole else ""


def seconds(value: float) -> str:
    """Return a span of time for people."""
    if value < 60:
        return f"{value:.1f} s"
    minutes, rest = divmod(round(value), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min"


def size(amount: int) -> str:
    """Return a number of bytes for people."""
    value = float(amount)
    for unit in ("bytes", "KiB", "MiB"):
        if value < 1024:
            return f"{value:.0f} {unit}" if unit == "bytes" else f"{value:.1f} {unit}"
        value /= 1024
    return f"{value:.1f} GiB"


def _of_decimal(value: Decimal) -> int | float | None:
    if not value.is_finite():
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _is_numeric(values: Iterable[Any]) -> bool:
    given = [value for value in values if value is not None and value != ""]
    return bool(given) and all(
        (isinstance(value, int | float | Decimal) and not isinstance(value, bool))
        or (isinstance(value, str) and _NUMBER.fullmatch(value))
        for value in given
    )


def _print_ruled(columns: Sequence[str], cells: list[list[str]], right: list[bool]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for column, is_right in zip(columns, right, strict=True):
        table.add_column(Text(safe(column)), justify="right" if is_right else "left", overflow="fold")
    for row in cells:
        table.add_row(*(Text(text) for text in row))
    Console(highlight=False).print(table)
