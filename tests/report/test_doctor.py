"""What is found of this machine is tried out, and nothing is left behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from fsdb.report.doctor import FAILED, OK, Finding, examine


def found_in(runs_dir: Path) -> dict[str, Finding]:
    return {finding.name: finding for finding in examine(runs_dir)}


def test_a_machine_on_which_runs_work_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-planted-0123456789")
    found = found_in(tmp_path / "runs")
    for name in ("Python", "packages", "processors", "runs directory", "locks", "model"):
        assert found[name].state == OK, found[name]
    assert "duckdb 2" in found["packages"].found
    assert any(name.startswith("sandbox: ") for name in found)
    assert found["sandbox"].found.startswith("level L")
    assert "ms" in found["disk"].found
    assert list(tmp_path.iterdir()) == []
    assert not any("planted" in f"{finding}" for finding in found.values())


def test_without_a_key_it_is_told_what_that_means(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    finding = found_in(tmp_path)["model"]
    assert "not set" in finding.found
    assert "--base-url" in finding.cure
    assert finding.state != FAILED


def test_a_directory_that_cannot_be_written_fails(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    finding = found_in(tmp_path / "file" / "runs")["runs directory"]
    assert finding.state == FAILED
    assert "--runs-dir" in finding.cure
