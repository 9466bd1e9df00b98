"""Runs are found by what a user calls them, and their logs can be read whatever happens to the files."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from fsdb.errors import LogError, UsageError
from fsdb.log import LogWriter, read_files
from fsdb.report.runs import find_run, list_runs, open_run, state_of, writer_of
from tests.report.logs import hand_made, merge_all, stopped, write


def a_run(folder: Path, name: str, *, programs: int = 1, end: bool = True) -> Path:
    log = hand_made(folder)
    for number in range(programs):
        log.evaluated([-float(number), -1.0])
    if end:
        stopped(log)
    return write(log, folder / "runs" / name, commit_events=3)


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    """A directory of two runs and of something else; the one called alpha is the newer one."""
    a_run(tmp_path, "beta")
    a_run(tmp_path, "alpha")
    (tmp_path / "runs" / "notes").mkdir()
    return tmp_path / "runs"


def test_a_run_is_found_by_name_by_path_or_as_the_newest(runs: Path) -> None:
    assert find_run(runs, "beta") == runs / "beta"
    assert find_run(runs / "nowhere", str(runs / "beta")) == runs / "beta"
    assert find_run(runs, None) == runs / "alpha"


def test_the_newest_is_the_one_that_started_last_whatever_was_written_last(runs: Path) -> None:
    with LogWriter.open(runs / "beta", merge=False) as writer:
        writer.append(
            "run_resumed",
            {
                "fsdb_version": "",
                "python_version": "",
                "duckdb_version": "",
                "platform": "",
                "open_draws": 0,
                "stops": "{}",
                "sampler_params": "{}",
            },
        )
        writer.commit()
    merge_all(runs / "beta")
    assert find_run(runs, None) == runs / "alpha"
    assert [run.name for run in list_runs(runs)] == ["alpha", "beta"]


def test_a_run_that_is_not_there_is_told_with_the_nearest_names(runs: Path) -> None:
    with pytest.raises(UsageError, match="no run 'alfa'") as caught:
        find_run(runs, "alfa")
    assert "alpha" in caught.value.cure
    with pytest.raises(UsageError, match="no run 'zzz'") as caught:
        find_run(runs, "zzz")
    assert "fsdb runs" in caught.value.cure


def test_a_directory_that_is_no_run_is_told(runs: Path) -> None:
    with pytest.raises(UsageError, match="not that of a run"):
        find_run(runs, str(runs / "notes"))


def test_without_any_run_the_cure_is_to_start_one(tmp_path: Path) -> None:
    for directory in (tmp_path / "absent", tmp_path):
        with pytest.raises(UsageError, match="no runs") as caught:
            find_run(directory, None)
        assert "fsdb run bin_packing" in caught.value.cure
        assert list_runs(directory) == []


def test_a_runs_directory_that_cannot_be_listed_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot be listed"):
        find_run(tmp_path / "file", None)


def test_a_log_is_read_as_it_stood_when_it_was_opened(tmp_path: Path) -> None:
    run_dir = a_run(tmp_path, "run", programs=8, end=False)
    with open_run(run_dir) as log:
        (before,) = log.rows("select count(*) as n, max(seq) as last from events")
        assert (before["n"], before["last"]) == (9, log.last_seq)
        with LogWriter.open(run_dir, merge=False) as writer:
            writer.append("program_evaluated", log_fields(log, 7) | {"program_id": 8})
            writer.commit()
        assert log.rows("select count(*) as n, max(seq) as last from events") == [before]
        assert log.rows("select programs from islands") == [{"programs": 8}]
    with open_run(run_dir) as log:
        assert log.rows("select count(*) as n from events") == [{"n": 10}]


def log_fields(log, program_id):
    rows = log.rows("select * from program_evaluated where program_id = $id", {"id": program_id})
    return {name: value for name, value in rows[0].items() if name not in ("run_id", "seq", "recorded_at")}


def test_a_merge_between_two_questions_does_no_harm(tmp_path: Path) -> None:
    run_dir = a_run(tmp_path, "run", programs=20)
    assert len(read_files(run_dir)) > 3
    with open_run(run_dir) as log:
        before = log.rows("from clusters order by all")
        merge_all(run_dir)
        assert len(read_files(run_dir)) == 1
        assert log.rows("from clusters order by all") == before
        assert log.on_disk()[0] == 1


def test_a_file_that_is_gone_for_good_is_an_error_and_no_traceback(tmp_path: Path) -> None:
    run_dir = a_run(tmp_path, "run", programs=20)
    with open_run(run_dir) as log:
        shutil.rmtree(run_dir / "events")
        with pytest.raises(LogError):
            log.rows("from programs")


def test_of_a_damaged_log_the_rest_is_read_and_the_damage_told(tmp_path: Path) -> None:
    run_dir = a_run(tmp_path, "run", programs=8)
    cut = read_files(run_dir)[1].path
    cut.write_bytes(cut.read_bytes()[:100])
    with open_run(run_dir) as log:
        assert [damage.file for damage in log.damages] == [cut.name]
        assert log.rows("select count(*) as n from events") == [{"n": 7}]
    with open_run(run_dir, unbroken=True) as log:
        assert log.last_seq == 2
    (summary,) = list_runs(tmp_path / "runs")
    assert cut.name in (summary.trouble or "")
    assert summary.events == 7


def test_a_log_that_lost_its_first_event_says_so(tmp_path: Path) -> None:
    run_dir = a_run(tmp_path, "run", programs=8)
    read_files(run_dir)[0].path.unlink()
    with open_run(run_dir) as log, pytest.raises(LogError, match="lost its first event") as caught:
        log.started()
    assert caught.value.cure
    (summary,) = list_runs(tmp_path / "runs")
    assert summary.problem is None
    assert summary.events == 7


def test_one_unreadable_run_spoils_no_list(runs: Path) -> None:
    bad = runs / "gamma" / "events"
    bad.mkdir(parents=True)
    (bad / "000000000000-000000000009.parquet").write_bytes(b"")
    found = {run.name: run for run in list_runs(runs)}
    assert found["gamma"].state == "unreadable"
    assert "is empty" in (found["gamma"].trouble or "")
    assert found["alpha"].state == "stopped"


def test_the_state_of_a_run_tells_who_is_at_work(tmp_path: Path) -> None:
    stopped_run = a_run(tmp_path, "stopped")
    assert writer_of(stopped_run) is None
    assert state_of(stopped_run, "run_stopped") == "stopped"
    with LogWriter.open(stopped_run, merge=False):
        assert writer_of(stopped_run) == f"process {os.getpid()} on {os.uname().nodename}"
        assert list_runs(tmp_path / "runs")[0].state == "running"
        assert list_runs(tmp_path / "runs")[0].reason is None
    (found,) = list_runs(tmp_path / "runs")
    assert (found.state, found.reason) == ("stopped", "samples")


def test_a_writer_that_was_killed_is_not_at_work(tmp_path: Path) -> None:
    run_dir = a_run(tmp_path, "run", end=False)
    script = (
        "import sys, time; from pathlib import Path; from fsdb.log import LogWriter\n"
        "writer = LogWriter.open(Path(sys.argv[1]), merge=False); print('open', flush=True); time.sleep(600)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(run_dir)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        assert writer_of(run_dir) == f"process {process.pid} on {os.uname().nodename}"
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert (run_dir / "lock").read_text()  # its name is still there
    assert writer_of(run_dir) is None
    assert list_runs(tmp_path / "runs")[0].state == "killed"


def test_who_asks_gives_way_to_the_search_of_another_process(tmp_path: Path) -> None:
    run_dir = a_run(tmp_path, "run")
    ask = (
        "import os, sys; from pathlib import Path; from fsdb.report.runs import open_run\n"
        "log = open_run(Path(sys.argv[1])); log.rows('from islands')\n"
        "print(os.getpriority(os.PRIO_PROCESS, 0))"
    )

    def niceness() -> int:
        done = subprocess.run(
            [sys.executable, "-c", ask, run_dir], capture_output=True, text=True, check=True
        )
        return int(done.stdout)

    own = os.getpriority(os.PRIO_PROCESS, 0)
    assert niceness() == own
    with LogWriter.open(run_dir, merge=False):
        assert niceness() == max(own, 10)


def test_looking_does_not_keep_a_writer_out(tmp_path: Path) -> None:
    run_dir = a_run(tmp_path, "run")
    for _ in range(3):
        assert writer_of(run_dir) is None
        with LogWriter.open(run_dir, merge=False):
            assert writer_of(run_dir) is not None


def test_reading_goes_on_while_a_writer_writes_and_merges(tmp_path: Path) -> None:
    """Files vanish under the reader all the time; every answer is that of one moment."""
    run_dir = a_run(tmp_path, "run", end=False)
    script = (
        "import sys; from pathlib import Path; from fsdb.log import LogWriter, MergePolicy, read_events\n"
        "run = Path(sys.argv[1])\n"
        "row = [r for t in read_events(run) for r in t.to_pylist()][-1]['program_evaluated']\n"
        "with LogWriter.open(run, merge=MergePolicy(files=3, small_events=12, large_events=60)) as writer:\n"
        "    for number in range(1, 150):\n"
        "        writer.append('program_evaluated', row | {'program_id': number})\n"
        "        writer.commit()\n"
    )
    with subprocess.Popen([sys.executable, "-c", script, str(run_dir)]) as process:
        asked = 0
        while process.poll() is None:
            with open_run(run_dir) as log:
                for _ in range(5):
                    (row,) = log.rows("select count(*) as n, max(seq) as last from events")
                    assert row["n"] == row["last"] + 1 == log.last_seq + 1
                    asked += 1
            time.sleep(0.01)
        assert process.returncode == 0
    assert asked > 5
    with open_run(run_dir) as log:
        assert log.last_seq == 150
