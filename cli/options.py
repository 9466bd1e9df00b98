"""Options and arguments that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

runs_dir_option: Decorator = click.option(
    "--runs-dir",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("runs"),
    envvar="FSDB_RUNS_DIR",
    show_default="./runs",
    show_envvar=True,
    help="Where runs live.",
)

json_option: Decorator = click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")

run_argument: Decorator = click.argument("run", required=False)
