"""What the README shows is what its commands print."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from fsdb.cli.main import cli

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(kind: str) -> list[str]:
    """Return the code blocks of the README marked `<!-- kind -->`."""
    return re.findall(rf"<!-- {kind} -->\n```\w+\n(.*?)```", README, re.DOTALL)


def without_clocks(text: str) -> str:
    """Return output without what differs from one run to the next: durations, times, rates and sizes."""
    text = re.sub(r"\d+(\.\d+)? (s|min|KiB|MiB)\b", "… \\2", text)
    text = re.sub(r"\d+ programs/s", "… programs/s", text)
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


@pytest.mark.slow
@pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="another Python writes programs differently")
def test_the_tour_prints_what_it_says(tmp_path: Path) -> None:
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "COLUMNS": "100"}
    (tour,) = blocks("console")
    steps = re.split(r"^\$ ", tour, flags=re.MULTILINE)[1:]
    assert len(steps) >= 4
    for step in steps:
        command, _, expected = step.partition("\n")
        done = subprocess.run(
            ["bash", "-c", command], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
        )
        assert without_clocks(done.stdout) == without_clocks(expected), command
    (program,) = blocks("python")
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "ok" in done.stdout


def test_every_link_in_the_docs_leads_somewhere() -> None:
    pages = [ROOT / "README.md", ROOT / "schema" / "PROTOCOL.md", *(ROOT / "docs").rglob("*.md")]
    for page in pages:
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8")):
            if not target.startswith("http"):
                assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_what_docs_replay_shows_is_what_is_printed() -> None:
    page = (ROOT / "docs" / "replay.md").read_text(encoding="utf-8")
    shown = re.findall(r"<!-- console -->\n```console\n\$ (.*?)\n(.*?)```", page, re.DOTALL)
    assert len(shown) == 2
    for command, expected in shown:
        done = CliRunner().invoke(cli, command.split()[1:])
        assert done.exit_code == 0
        assert done.stdout.strip("\n") == expected.strip("\n")
