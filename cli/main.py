"""The `fsdb` command: a group whose commands are imported only when they are used."""

from __future__ import annotations

import importlib
import os
import sys
from typing import Any

import click

import fsdb
from fsdb.errors import FsdbError

COMMANDS = {
    "run": ("fsdb.cli.run", "Search for programs that score high on a problem."),
    "resume": ("fsdb.cli.run", "Go on with a run where its log ends."),
    "fork": ("fsdb.cli.fork", "Go on with a run from one of its events, under another policy."),
    "runs": ("fsdb.cli.reading", "List the runs."),
    "status": ("fsdb.cli.reading", "Show how a run stands: its counts, islands and failures."),
    "best": ("fsdb.cli.reading", "Show a run's best program."),
    "show": ("fsdb.cli.reading", "Show one program of a run, with its scores and parents."),
    "prompt": ("fsdb.cli.prompt", "Show exactly what a model was sent, or would be sent next."),
    "lineage": ("fsdb.cli.lineage", "Show what a program descends from."),
    "diff": ("fsdb.cli.lineage", "Show what differs between two programs of a run."),
    "query": ("fsdb.cli.query", "Ask a run, or several, one of the questions that come with fsdb."),
    "sql": ("fsdb.cli.sql", "Ask the logs of runs anything in SQL."),
    "compare": ("fsdb.cli.compare", "Show runs side by side: settings that differ, and what came of them."),
    "report": ("fsdb.cli.report", "Write what runs found, and how, as one page of HTML."),
    "export": ("fsdb.cli.export", "Write a run's log as Parquet tables, a DuckDB file, or training data."),
    "replay": ("fsdb.cli.replay", "Make a run's draws again, or as another policy would have."),
    "evaluate": ("fsdb.cli.evaluate", "Score one program, in the same sandbox as a search."),
    "verify": ("fsdb.cli.verify", "Check a run's log: its files, its state, its draws."),
    "init": ("fsdb.cli.problem", "Write a starter problem to begin with."),
    "check": ("fsdb.cli.problem", "Find out whether a problem is fit to be searched."),
    "problems": ("fsdb.cli.catalogue", "List the problems that come with fsdb."),
    "policies": ("fsdb.cli.catalogue", "List the selection and reset policies, with their parameters."),
    "doctor": ("fsdb.cli.doctor", "Tell what works here or with a model, what does not, and what to do."),
}
"""Command name to the module that defines it, and its line in `fsdb --help`."""


class LazyGroup(click.Group):
    """A group that knows its commands' names and help lines without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order in which a user meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command; None where there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        command = getattr(importlib.import_module(COMMANDS[cmd_name][0]), cmd_name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands' help lines from COMMANDS."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(fsdb.__version__, prog_name="fsdb")
def cli() -> None:
    """FunSearch as a database: search for programs, and ask the search anything in SQL.

    \b
    Start with:   fsdb run bin_packing
    Then try:     fsdb status      fsdb best      fsdb sql "from islands order by best_score desc"

    RUN is a run's name, a path to it, or left out for the newest. Runs live in ./runs, or where --runs-dir
    or FSDB_RUNS_DIR says.
    """


def main(arguments: list[str] | None = None) -> Any:
    """Run the command line; errors that a user can cause are two lines on stderr and an exit code."""
    try:
        status = cli.main(args=arguments, prog_name="fsdb", standalone_mode=False)
    except FsdbError as error:
        _complain(error)
        sys.exit(error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except BrokenPipeError:
        # Whoever read our output went away (`fsdb sql … | head`): no error of ours.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
    except Exception as error:
        if not is_interrupt(error):
            raise
        sys.exit(130)
    sys.exit(status if isinstance(status, int) else 0)


def is_interrupt(error: Exception) -> bool:
    """Return whether an error is what DuckDB makes of Ctrl-C, where it gets the signal before Python does."""
    text = str(error)
    return (
        type(error).__name__ == "InterruptException"
        or text == "Query interrupted"
        or (type(error).__module__ == "_duckdb" and "KeyboardInterrupt" in text)
    )


def _complain(error: FsdbError) -> None:
    click.secho("Error: ", fg="red", bold=True, nl=False, err=True)
    first_word = error.message.partition(" ")[0]
    # A sentence begins with a capital, unless it begins with a name or a path.
    message = error.message[:1].upper() + error.message[1:] if first_word.isalpha() else error.message
    click.echo(message, err=True)
    if error.cure:
        click.echo(f"  {error.cure}", err=True)


if __name__ == "__main__":
    main()
