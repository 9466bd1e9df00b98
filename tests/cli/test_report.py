"""`fsdb report`."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Fsdb


def test_a_page_is_written(fsdb: Fsdb, runs_dir: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.html"
    said = fsdb("report", "plain", "-o", out, "--runs-dir", runs_dir)
    assert said.code == 0
    assert said.out.startswith(f"{out}: ")
    assert out.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    found = json.loads(fsdb("report", "plain", "-o", out, "--json", "--runs-dir", runs_dir).out)
    assert found["runs"] == ["plain"]


def test_a_file_that_cannot_be_written_is_told(fsdb: Fsdb, runs_dir: Path, tmp_path: Path) -> None:
    said = fsdb("report", "plain", "-o", tmp_path / "no" / "x.html", "--runs-dir", runs_dir)
    assert (said.code, "cannot be written" in said.err) == (2, True)
