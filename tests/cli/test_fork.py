"""`fsdb fork` as a user types it: plans, two arms, errors, and a kill in the middle."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.conftest import Fsdb
from tests.search.conftest import SQUARES, of_type

RUN = ["--islands", 2, "--batch", 1, "--window", 4, "--random-programs", 2]


@pytest.fixture
def runs(fsdb: Fsdb, tmp_path: Path) -> Path:
    """A folder with the run `p`."""
    (tmp_path / "squares.py").write_text(SQUARES)
    folder = tmp_path / "runs"
    resets = ["--reset-policy", "survivors:every_programs=16"]
    done = fsdb(
        "run",
        tmp_path / "squares.py",
        "--name",
        "p",
        "--samples",
        40,
        *RUN,
        *resets,
        "-q",
        "--runs-dir",
        folder,
    )
    assert done.code == 0, done.err
    return folder


def test_two_arms_are_compared_and_the_same_command_adds_to_them(fsdb: Fsdb, runs: Path) -> None:
    asked = ["fork", "p", "--at", "reset:0", "--policy", "greedy", "--samples", 8, "--runs-dir", runs]
    one = json.loads(fsdb(*asked, "--seeds", 1, "--json").out)
    assert [each["arm"] for each in one["forks"]] == ["control", "greedy"]
    assert {each["seed"] for each in one["forks"]} == {1}
    assert one["comparison"]["low"] is None
    two = json.loads(fsdb(*asked, "--seeds", 2, "--json").out)
    assert two["forks"][:2] == one["forks"]
    compared = two["comparison"]
    assert compared["pairs"] == 2
    assert compared["low"] <= compared["difference"] <= compared["high"]
    assert 0 < (compared["p_value"] or 1) <= 1
    said = fsdb(*asked, "--seeds", 2)
    assert "4 of 4: greedy, seed 2" in said.out
    assert "too narrow" in said.out

    planned = json.loads(fsdb(*asked, "--plan", "--json").out)
    assert planned["spread"] in ("forks", None)
    assert [row["forks"] for row in planned["needed"]] == [16, 28, 63, 252]
    assert planned["needed"][0]["samples"] == 2 * 16 * 8
    assert fsdb(*asked, "--plan").code == 0
    for fork in two["forks"]:
        assert fsdb("verify", fork["run"], "--runs-dir", runs).code == 0
        assert fsdb("status", fork["run"], "--runs-dir", runs).code == 0
        assert fsdb("lineage", fork["run"], "--runs-dir", runs).code == 0


def test_what_cannot_be_forked_is_said(fsdb: Fsdb, runs: Path) -> None:
    cases = [
        (["--at", "later"], "names no point"),
        (["--at", "reset:99"], "no such reset"),
        (["--at", "best-99"], "no such new best"),
        (["--at", "100000"], "can be forked after its events"),
        (["--at", "1"], "can be forked after its events"),
        (["--at", "9", "--seeds", "2"], "both are the same"),
        (["--at", "9", "--seeds", "2", "--policy", "rank", "--name", "x"], "--name names one fork"),
        (["--at", "9", "--policy", "rank", "--samples", "4", "--name", "p"], "another run"),
    ]
    for arguments, said in cases:
        done = fsdb("fork", "p", *arguments, "--runs-dir", runs)
        assert done.code == 2, arguments
        assert said in done.err


@pytest.mark.slow
def test_a_fork_that_was_killed_goes_on_by_the_same_command(fsdb: Fsdb, runs: Path) -> None:
    asked = ["fork", "p", "--at", "reset:0", "--policy", "uniform", "--name", "f", "--samples", "60", "-q"]
    asked += ["--runs-dir", str(runs)]
    process = subprocess.Popen(
        [sys.executable, "-m", "fsdb", *asked], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    shared = None
    for _ in range(600):
        files = sorted((runs / "f" / "events").glob("0*.parquet")) if (runs / "f").exists() else []
        shared = shared or len(files) or None
        if shared and len(files) > shared + 2:
            break
        time.sleep(0.05)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    before = of_type(runs / "f", "completion_received").height
    assert before < 60 + 40
    assert fsdb(*asked).code == 0
    assert fsdb("verify", "f", "--runs-dir", runs).code == 0
    received = of_type(runs / "f", "completion_received")
    assert received.height == received.select("draw_id", "ordinal").n_unique()
    assert of_type(runs / "f", "run_stopped")["reason"].to_list()[-1] == "samples"
