"""The reference of the command line, made from the commands: python -m fsdb.cli.reference > docs/cli.md"""

from __future__ import annotations

import inspect
from typing import Any

import click

from fsdb.cli.main import COMMANDS, cli

_HEAD = """\
# The command line

Made from the commands themselves by `python -m fsdb.cli.reference > docs/cli.md`; do not edit it.

RUN is a run's name, a path to it, or left out for the newest. Runs live in `./runs`, or where `--runs-dir` or
`FSDB_RUNS_DIR` says. Errors are two lines on standard error, the cause and the cure. Exit codes: 0 done, 1 it
did not work or a check failed, 2 the command or its input is off, 3 the log cannot be read or written, 130
interrupted.
"""


def reference() -> str:
    """Return the reference of all commands as Markdown."""
    context = click.Context(cli, info_name="fsdb")
    parts = [_HEAD, *(f"- [`fsdb {name}`](#fsdb-{name}): {line}" for name, (_, line) in COMMANDS.items())]
    for name in COMMANDS:
        command = cli.get_command(context, name)
        assert command is not None
        parts.append(_section(command, click.Context(command, info_name=name, parent=context)))
    return "\n".join(parts) + "\n"


def _section(command: click.Command, context: click.Context) -> str:
    usage = " ".join(["fsdb", context.info_name or "", *command.collect_usage_pieces(context)])
    lines = ["", f"## fsdb {context.info_name}", "", f"    {usage}", "", _text(command.help or ""), ""]
    lines += [_option(option) for option in command.params if isinstance(option, click.Option)]
    return "\n".join(lines)


def _option(option: click.Option) -> str:
    """Return an option's line. Made here, because what click writes differs from version to version."""
    names = " / ".join(", ".join(each) for each in (option.opts, option.secondary_opts) if each)
    value = "" if option.is_flag else f" {option.metavar or _type(option.type)}"
    notes = []
    if isinstance(option.show_default, str):
        notes.append(f"default: {option.show_default}")
    elif option.show_default:
        notes.append(f"default: {option.default}")
    if option.show_envvar:
        notes.append(f"environment: {option.envvar}")
    text = " ".join((option.help or "").split())
    return f"- `{names}{value}`: {text}" + "".join(f" [{note}]" for note in notes)


def _type(kind: click.ParamType[Any]) -> str:
    if isinstance(kind, click.Choice):
        return "|".join(map(str, kind.choices))
    if isinstance(kind, click.Path):
        return "PATH"
    return "NUMBER" if isinstance(kind, click.types.IntParamType | click.types.FloatParamType) else "TEXT"


def _text(text: str) -> str:
    """Return a help text as Markdown: what click keeps line by line (after \\b) as a block of code."""
    paragraphs = []
    for paragraph in inspect.cleandoc(text).split("\n\n"):
        lines = paragraph.split("\n")
        if lines[0].strip() == "\b":
            lines = [f"    {line}" for line in lines[1:]]
        paragraphs.append("\n".join(lines))
    return "\n\n".join(paragraphs)


if __name__ == "__main__":
    print(reference(), end="")
