"""FunSearch as a database: program search whose every event is a row, and whose state is SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from fsdb.report.opening import Run

__version__ = "0.1.0"


def open(run: str | Path | None = None, *, runs_dir: str | Path = "runs") -> Run:
    """Open a run's log for reading: a run's name in `runs_dir`, its directory, or None for the newest.

    Works while the search goes on, and never changes it; beside one, `os.nice(10)` before the first question
    leaves it its time. See docs/python.md.
    """
    from fsdb.report import opening  # imports DuckDB; `fsdb --help` must not

    return opening.open(run, runs_dir=runs_dir)
