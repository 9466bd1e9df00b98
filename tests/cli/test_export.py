"""`fsdb export`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Fsdb


def test_each_form_goes_where_it_is_told(fsdb: Fsdb, runs_dir: Path, tmp_path: Path) -> None:
    for form, said in (("parquet", "26 tables"), ("duckdb", "27 tables"), ("jsonl", "1 example")):
        target = tmp_path / f"out.{form}"
        extra = ["--as-chat"] if form == "jsonl" else []
        done = fsdb("export", "plain", "--to", form, "-o", target, *extra, "--runs-dir", runs_dir)
        assert (done.code, done.out) == (0, f"{said} in {target}\n")
        assert target.exists()
        again = fsdb("export", "plain", "--to", form, "-o", target, *extra, "--runs-dir", runs_dir)
        assert (again.code, "--force" in again.err) == (2, True)


def test_the_name_is_the_runs(
    fsdb: Fsdb, runs_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = json.loads(fsdb("export", "plain", "--to", "duckdb", "--json", "--runs-dir", runs_dir).out)
    assert (found["path"], found["run"]) == ("plain.duckdb", "plain")
    assert (tmp_path / "plain.duckdb").exists()


def test_what_cannot_be_made_is_told(fsdb: Fsdb, runs_dir: Path, tmp_path: Path) -> None:
    said = fsdb("export", "plain", "--to", "jsonl", "-o", tmp_path / "x", "--runs-dir", runs_dir)
    assert said.code == 2
    assert "--as-chat" in said.err
    assert not (tmp_path / "x").exists()
