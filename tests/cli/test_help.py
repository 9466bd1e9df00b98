"""Every command is documented, and `fsdb --help` imports nothing that it does not need."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from fsdb.cli.main import COMMANDS, cli
from fsdb.cli.reference import reference

DOCS = Path(__file__).parents[2] / "docs"
HEAVY = (
    *("duckdb", "pyarrow", "polars", "numpy", "openai", "rich", "msgspec", "fsdb.log", "fsdb.state"),
    *("altair", "jinja2", "prompt_toolkit", "pygments"),
)


def command(name: str) -> click.Command:
    found = cli.get_command(click.Context(cli), name)
    assert found is not None
    return found


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(name: str) -> None:
    found = command(name)
    assert found.name == name
    assert found.get_short_help_str(limit=200) == COMMANDS[name][1]
    assert f"\n    fsdb {name}" in (found.help or "") or f"\nfsdb {name}" in (found.help or "")
    assert "json" in {parameter.name for parameter in found.params} or any(
        "--json" in parameter.opts for parameter in found.params
    )


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_says_what_it_is_for_and_its_default(name: str) -> None:
    for option in command(name).params:
        if isinstance(option, click.Option):
            assert option.help, option.name
            assert option.help.endswith((".", "]", "?")) or "  [default:" in option.help, option.name
            assert (
                option.is_flag
                or option.show_default
                or "[default:" in option.help
                or "nstead of" in option.help
            )


@pytest.mark.parametrize("name", [*COMMANDS, ""])
def test_help_is_printed(name: str) -> None:
    result = CliRunner().invoke(cli, [*name.split(), "--help"])
    assert result.exit_code == 0
    assert "Usage: " in result.output


def test_the_reference_is_current() -> None:
    """If this fails: python -m fsdb.cli.reference > docs/cli.md"""
    assert (DOCS / "cli.md").read_text(encoding="utf-8") == reference()


def test_every_command_is_in_the_reference() -> None:
    text = reference()
    for name in COMMANDS:
        assert f"\n## fsdb {name}\n" in text
        for option in command(name).params:
            if isinstance(option, click.Option):
                assert max(option.opts, key=len) in text


def test_fsdb_help_imports_nothing_heavy() -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "fsdb", "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Usage: fsdb" in done.stdout
    lines = [line for line in done.stderr.splitlines() if line.startswith("import time:")]
    modules = {line.rpartition("|")[2].strip() for line in lines}
    assert "click" in modules
    assert {name for name in modules if name.startswith((*HEAVY, "asyncio"))} == set()


def test_help_of_no_command_imports_anything_heavy() -> None:
    script = (
        "import sys, click; from fsdb.cli.main import COMMANDS, cli\n"
        "for name in COMMANDS:\n"
        "    found = cli.get_command(click.Context(cli), name)\n"
        "    assert 'Usage' in found.get_help(click.Context(found))\n"
        "print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "fsdb.cli.sql" in done.stdout.split()
    assert {name for name in done.stdout.split() if name.startswith(HEAVY)} == set()


def test_an_unknown_command_is_told() -> None:
    result = CliRunner().invoke(cli, ["nothing"])
    assert result.exit_code == 2
    assert "nothing" in result.output
