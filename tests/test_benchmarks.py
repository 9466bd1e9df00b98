"""The log that benchmarks are run on is one that fsdb could have written."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from fsdb import queries
from fsdb.log import scan
from fsdb.report.runs import RunLog, open_run

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> RunLog:
    run_dir = tmp_path_factory.mktemp("made") / "run"
    command = [sys.executable, BENCHMARKS / "make_log.py", run_dir, "--programs", "3000", "--resets", "5"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "5 resets" in done.stdout
    return open_run(run_dir)


def test_its_files_are_whole(log: RunLog) -> None:
    state = scan(log.path, check=True)
    assert state.whole
    assert state.events > 6000


@pytest.mark.parametrize("name", queries.names("audits"))
def test_its_audits_find_nothing(name: str, log: RunLog) -> None:
    assert log.rows(queries.text(f"audits/{name}.sql")) == []


def test_it_has_what_a_run_has(log: RunLog) -> None:
    statuses = {row["status"] for row in log.rows("select distinct status from programs")}
    assert {"ok", "stale", "duplicate", "runtime_error", "timeout", "no_program"} <= statuses
    assert len(log.analysis("operators", by="model")) == 3
    assert len(log.analysis("improvements")) > 5
    assert {row["agrees"] for row in log.analysis("draw_entropy")} == {True}


def test_the_engine_can_be_measured(tmp_path: Path) -> None:
    """A short run of benchmarks/engine.py, with what it counts and without a word on how fast it was."""
    figures = tmp_path / "figures.json"
    options = ["--sizes", "300", "--samples", "64", "--clusters", "20", "--json", figures]
    done = subprocess.run(
        [sys.executable, BENCHMARKS / "engine.py", *options], capture_output=True, text=True, check=True
    )
    assert "programs/s" in done.stdout
    (row,) = json.loads(figures.read_text())["rows"]
    assert (row["programs_before"], row["programs"], row["growth_of_cost"]) == (300, 64, 1.0)
    assert row["peak_memory_mb"] < 1000
    assert row["bytes_per_program"] < 600
