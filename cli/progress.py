"""A bar on a terminal's standard error while something long goes on."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Progress = Callable[[int, int], None]
"""Told how much is done, and how much there is."""


@contextmanager
def shown_progress(what: str, *, quiet: bool) -> Iterator[tuple[Progress, Callable[[], None]]]:
    """Give what tells of progress on a terminal's standard error, and what takes it away again."""
    if quiet or not sys.stderr.isatty():
        yield lambda done, total: None, lambda: None
        return
    from rich import progress as rich_progress
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn(what),
        BarColumn(),
        TextColumn("{task.percentage:.0f} %"),
        TimeRemainingColumn(),
    )
    bar = rich_progress.Progress(*columns, console=Console(stderr=True), transient=True)
    task = bar.add_task("", total=None)

    def progress(done: int, total: int) -> None:
        bar.start()
        bar.update(task, completed=done, total=total)

    try:
        yield progress, bar.stop
    finally:
        bar.stop()
