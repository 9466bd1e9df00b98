"""Interrupted and killed runs: nothing acknowledged is lost, nothing is done twice, and they go on alike."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest

from fsdb.config import Stops
from fsdb.errors import LogError
from fsdb.log import LogWriter
from fsdb.replay.verify import verify
from fsdb.search.runs import Watch
from tests.search.conftest import Start, content, events, of_type, resume


def interrupt_after(commits: int) -> Watch:
    """Return a watch that sends this process a Ctrl-C after so many commits."""
    seen = []

    def committed(ledger):
        seen.append(ledger)
        if len(seen) == commits:
            os.kill(os.getpid(), signal.SIGINT)

    return Watch(committed=committed)


def assert_whole(run_dir: Path, samples: int) -> None:
    """Every sample was asked, received and judged exactly once, and the log has no gap."""
    log = events(run_dir)
    assert log["seq"].to_list() == list(range(log.height))
    drawn = of_type(run_dir, "prompt_drawn")
    assert drawn["draw_id"].to_list() == list(range(drawn.height))
    assert drawn["completions"].sum() == samples
    received = of_type(run_dir, "completion_received")
    assert received.height == received.select("draw_id", "ordinal").n_unique() == samples
    judged = of_type(run_dir, "program_evaluated")
    assert sorted(judged["completion_id"].drop_nulls()) == list(range(samples))
    assert judged["program_id"].to_list() == list(range(judged.height))


def test_an_exploring_run_goes_on_exploring(start: Start, tmp_path: Path) -> None:
    start("whole", samples=60, explore=0.6, random_programs=0)
    start("part", samples=60, explore=0.6, random_programs=0, watch=interrupt_after(2))
    resume(tmp_path / "part")
    drawn = of_type(tmp_path / "whole", "prompt_drawn")
    assert set(drawn["explore"]) == {0.6}
    assert set(drawn["component"]) == {"policy", "cool", "uniform", "greedy"}
    for kind, frame in content(tmp_path / "whole").items():
        assert content(tmp_path / "part")[kind].equals(frame), kind
    assert [check for check in verify(tmp_path / "part") if not check.passed] == []


@pytest.mark.parametrize("commits", [1, 4, 9])
def test_an_interrupted_run_goes_on_as_if_nothing_had_happened(
    start: Start, tmp_path: Path, commits: int
) -> None:
    whole = start("whole", samples=160)
    part = start("part", samples=160, watch=interrupt_after(commits))
    assert part.reason == "interrupted"
    assert part.progress["samples"] < 160
    assert of_type(tmp_path / "part", "run_stopped")["reason"].to_list() == ["interrupted"]
    rest = resume(tmp_path / "part")
    assert rest.reason == "samples"
    assert_whole(tmp_path / "part", 160)
    expected, found = content(tmp_path / "whole"), content(tmp_path / "part")
    for kind in expected:
        assert found[kind].equals(expected[kind]), kind
    assert rest.progress["best_score"] == whole.progress["best_score"]


def test_a_free_run_that_was_interrupted_completes(start: Start, tmp_path: Path) -> None:
    part = start("run", samples=160, in_order=False, watch=interrupt_after(3))
    assert part.reason == "interrupted"
    assert resume(tmp_path / "run").reason == "samples"
    assert_whole(tmp_path / "run", 160)


def test_a_finished_run_can_be_given_more(start: Start, tmp_path: Path) -> None:
    start("run", samples=60)
    assert resume(tmp_path / "run").progress["samples"] == 60
    assert resume(tmp_path / "run", samples=100).progress["samples"] == 100
    assert_whole(tmp_path / "run", 100)
    assert of_type(tmp_path / "run", "run_resumed")["stops"].to_list()[-1] == Stops(samples=100).to_json()


def test_a_second_writer_is_refused(start: Start, tmp_path: Path) -> None:
    start("run", samples=20)
    with LogWriter.open(tmp_path / "run"), pytest.raises(LogError, match=str(os.getpid())):
        resume(tmp_path / "run")


@pytest.mark.slow
def test_twenty_kills_lose_nothing(start: Start, tmp_path: Path, problem_file: Path) -> None:
    """SIGKILL a run at 20 random moments; reopened each time, it ends as one that was never killed."""
    samples = 1200
    chance = random.Random(20)
    fsdb = [sys.executable, "-m", "fsdb"]
    options = ["--runs-dir", str(tmp_path), "--quiet", "--processes", "2"]
    first = [*fsdb, "run", str(problem_file), "--name", "run", "--samples", str(samples), "--seed", "5"]
    first += ["--reset-policy", "survivors:every_programs=150", "--islands", "4", "--timeout", "5"]
    command = [*first, *options]
    kills = 0
    acknowledged: dict[int, tuple[str, str]] = {}
    while kills < 20:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        _wait_for_progress(tmp_path / "run", process, acknowledged)
        time.sleep(chance.uniform(0.0, 0.25))
        process.send_signal(signal.SIGKILL)
        process.wait()
        kills += 1
        log = events(tmp_path / "run")
        assert log["seq"].to_list() == list(range(log.height))
        present = {
            seq: (str(at), type) for seq, at, type in log.select("seq", "recorded_at", "type").iter_rows()
        }
        assert acknowledged.items() <= present.items()
        acknowledged = present
        command = [*fsdb, "resume", "run", *options]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    assert_whole(tmp_path / "run", samples)
    assert all(check.passed for check in verify(tmp_path / "run"))
    start("whole", samples=samples, seed=5, reset_policy="survivors:every_programs=150")
    expected, found = content(tmp_path / "whole"), content(tmp_path / "run")
    for kind in expected:
        assert found[kind].equals(expected[kind]), kind


def _wait_for_progress(run_dir: Path, process: subprocess.Popen, before: dict) -> None:
    """Wait until the run has written events beyond those known before, or has ended."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        names = [path.stem for path in (run_dir / "events").glob("*.parquet")]
        if max((int(name.split("-")[1]) for name in names), default=-1) > len(before) + 20:
            return
        time.sleep(0.01)
    assert process.poll() is None or process.returncode == 0, process.stderr.read().decode()


def test_after_a_kill_only_what_was_under_way_is_done_again(
    start: Start, tmp_path: Path, problem_file: Path
) -> None:
    """Completions in the log before a kill are there once after it, with the same text."""
    command = [
        *(sys.executable, "-m", "fsdb", "run", str(problem_file), "--name", "run", "--samples", "400"),
        *("--runs-dir", str(tmp_path), "--quiet", "--free"),
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    _wait_for_progress(tmp_path / "run", process, {})
    process.send_signal(signal.SIGKILL)
    process.wait()
    before = of_type(tmp_path / "run", "completion_received").drop("seq")
    assert resume(tmp_path / "run").reason == "samples"
    after = of_type(tmp_path / "run", "completion_received").drop("seq")
    assert after.filter(pl.col("completion_id") < before.height).equals(before)
    assert_whole(tmp_path / "run", 400)
