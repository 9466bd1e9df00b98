"""`fsdb compare`."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Fsdb


def test_runs_are_shown_side_by_side(fsdb: Fsdb, runs_dir: Path) -> None:
    said = fsdb("compare", "plain", "hostile", "--runs-dir", runs_dir)
    assert said.code == 0
    for heading in ("Settings that differ", "Results", "Best score after so many samples", "beat the better"):
        assert heading in said.out
    assert "\x1b" not in said.out
    assert [line.split()[0] for line in said.out.splitlines() if line.startswith(("plain", "hostile"))] == [
        "plain",
        "hostile",
        "plain",
        "hostile",
    ]


def test_json_has_it_all(fsdb: Fsdb, runs_dir: Path) -> None:
    found = json.loads(fsdb("compare", "*", "--json", "--runs-dir", runs_dir).out)
    assert found["comparable"] is True
    assert {run["run"] for run in found["runs"]} == {"plain", "hostile"}
    assert set(found["settings"]["sampler"].values()) == {"mutation", "openai"}


def test_one_run_is_too_few(fsdb: Fsdb, runs_dir: Path) -> None:
    said = fsdb("compare", "plain", "--runs-dir", runs_dir)
    assert (said.code, "only one run" in said.err) == (2, True)
