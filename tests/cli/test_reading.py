"""`fsdb runs`, `status`, `best` and `show`, for people and for machines."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from fsdb.log import LogWriter, read_files
from tests.cli.conftest import Fsdb
from tests.report.logs import HOSTILE, cubes, hand_made, write


def lines(text: str) -> list[list[str]]:
    return [line.split() for line in text.splitlines()]


def test_runs_are_listed_the_newest_first(fsdb: Fsdb, runs_dir: Path) -> None:
    said = fsdb("runs", "--runs-dir", runs_dir)
    assert said.code == 0
    head, first, second = said.out.splitlines()
    assert head.split() == [
        "run",
        "problem",
        "by",
        "samples",
        "programs",
        "valid",
        "best",
        "score",
        "state",
        "started",
        "(UTC)",
    ]
    assert first.split()[0] == "hostile"
    assert second.split()[:8] == ["plain", "cubes", "mutation", "2", "2", "50.0", "%", "-1.5"]
    assert "stopped: samples" in second
    assert " killed " in first


def test_runs_for_machines(fsdb: Fsdb, runs_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FSDB_RUNS_DIR", str(runs_dir))
    found = json.loads(fsdb("runs", "--json").out)
    assert [run["name"] for run in found] == ["hostile", "plain"]
    assert found[1]["best_score"] == -1.5
    assert found[1]["state"] == "stopped"
    assert found[1]["reason"] == "samples"
    assert found[1]["started_at"].endswith("Z")
    assert Path(found[1]["path"]) == runs_dir / "plain"


def test_without_runs_it_is_said_how_to_start_one(fsdb: Fsdb, tmp_path: Path) -> None:
    assert "fsdb run bin_packing" in fsdb("runs", "--runs-dir", tmp_path).out
    assert json.loads(fsdb("runs", "--runs-dir", tmp_path, "--json").out) == []
    for command in (["status"], ["best"], ["show", "0"], ["sql", "select 1"], ["verify"]):
        said = fsdb(*command, "--runs-dir", tmp_path)
        assert said.code == 2
        assert "no runs" in said.err
        assert "fsdb run bin_packing" in said.err
        assert "Traceback" not in said.err


def test_status_tells_counts_islands_and_failures(fsdb: Fsdb, runs_dir: Path) -> None:
    said = fsdb("status", "plain", "--runs-dir", runs_dir)
    assert said.code == 0
    assert said.err == ""
    rows = lines(said.out)
    assert rows[0] == ["plain:", "stopped:", "samples"]
    assert ["best", "score", "-1.5", "(program", "2)"] in rows
    assert ["valid", "1", "(50.0", "%)"] in rows
    assert ["0", "0", "2", "2", "-1.5", "2"] in rows
    assert ["timeout", "1", "50.0", "%", "took", "5", "s", "1", "3"] in rows
    assert str(runs_dir / "plain") in said.out


def test_status_of_the_newest_run_for_machines(fsdb: Fsdb, runs_dir: Path) -> None:
    found = json.loads(fsdb("status", "--json", "--runs-dir", runs_dir).out)
    assert (found["run"], found["state"], found["programs"], found["open_draws"]) == (
        "hostile",
        "killed",
        3,
        1,
    )
    assert [island["programs"] for island in found["islands"]] == [2]
    assert found["failures"][0]["status"] == "runtime_error"
    assert found["warnings"] == found["damages"] == []
    assert found["concentration"]["collapsed"] is False


def test_status_of_a_running_run_names_its_writer(fsdb: Fsdb, runs_dir: Path) -> None:
    with LogWriter.open(runs_dir / "plain", merge=False):
        said = fsdb("status", runs_dir / "plain")
    assert said.out.startswith("plain: running (process ")


def test_status_warns_of_draws_that_have_collapsed(fsdb: Fsdb, tmp_path: Path) -> None:
    log = hand_made(tmp_path)
    log.evaluated([-9.0, -9.0])
    best = log.evaluated([-1.0, -1.0])
    parent = {"program_id": best, "cluster_id": best, "cluster_propensity": 1.0, "program_propensity": 1.0}
    for _ in range(25):
        log.drawn(0, [{"position": place, "slot": place, **parent} for place in (0, 1)], temperature=0.1)
    run_dir = write(log, tmp_path / "run")
    said = fsdb("status", run_dir)
    assert "Draws have collapsed" in said.err
    assert "funsearch:normalise=range" in said.err
    assert json.loads(fsdb("status", run_dir, "--json").out)["warnings"]


def test_status_of_a_real_run(fsdb: Fsdb, real: Path) -> None:
    said = fsdb("status", real)
    assert "cubes-1: stopped: samples" in said.out
    assert "120 of" in said.out
    assert "temperature_init=0.1" in said.out


def test_best_in_a_pipe_is_a_program_that_can_be_scored_again(fsdb: Fsdb, real: Path, tmp_path: Path) -> None:
    said = fsdb("best", real)
    found = json.loads(fsdb("best", real, "--json").out)
    facts = [line for line in said.out.splitlines() if line.startswith("# ")]
    assert facts[0] == f"# program {found['program_id']} of cubes-1: score {found['score']:.7g}"
    (tmp_path / "best.py").write_text(said.out)
    again = fsdb("evaluate", cubes(tmp_path), tmp_path / "best.py", "--json")
    assert again.code == 0
    scored = json.loads(again.out)
    assert scored["source"] == found["source"]
    assert scored["sets"][0]["score"] == found["score"]
    assert scored["sets"][0]["scores"] == found["scores"]


def test_best_compares_with_seed_and_baselines(fsdb: Fsdb, real: Path) -> None:
    said = fsdb("best", real, "--compare")
    rows = [row[1:] for row in lines(said.out) if row[0] == "#"]
    assert ["score", "on", "training", "near", "far"] in rows
    assert any(row[:2] == ["best", "found"] for row in rows)
    assert ["perfect", "0.0"] in rows
    found = json.loads(fsdb("best", real, "--compare", "--json").out)
    assert found["comparison"][0] == {
        "program": "best found",
        "inputs": "training",
        "score": found["score"],
        "status": "ok",
    }


def test_show_tells_all_that_the_log_says(fsdb: Fsdb, runs_dir: Path) -> None:
    said = fsdb("show", "plain", 2, "--completion", "--runs-dir", runs_dir)
    rows = lines(said.out)
    assert rows[0] == ["program", "2", "of", "plain:", "ok"]
    assert ["few", "-1.0"] in rows
    assert ["many", "-2.0"] in rows
    assert ["0", "-9.0", "seed", "0.5", "1.0"] in rows
    assert ["children", "1,", "0", "of", "them", "valid"] in rows
    assert "def cube(x):\n    return x\n" in said.out
    assert said.out.endswith("Completion, as received\nreturn 1\n")


def test_show_a_failure_and_a_seed(fsdb: Fsdb, runs_dir: Path) -> None:
    failure = fsdb("show", "plain", 3, "--runs-dir", runs_dir).out
    assert failure.startswith("program 3 of plain: timeout\n")
    assert "took 5 s" in failure
    seed = fsdb("show", "plain", 0, "--completion", "--runs-dir", runs_dir).out
    assert "by           seed" in seed
    assert "(there is none)" in seed


def test_show_for_machines(fsdb: Fsdb, runs_dir: Path) -> None:
    found = json.loads(fsdb("show", "plain", "best", "--json", "--runs-dir", runs_dir).out)
    assert (found["program_id"], found["children"], found["generations"]) == (2, 1, 1)
    assert found["completion"]["text"] == "return 1"
    assert found["draw"]["parents"][0]["program_id"] == 0
    assert found["recorded_at"].endswith("Z")


def test_show_tells_what_is_wrong_with_its_arguments(fsdb: Fsdb, runs_dir: Path) -> None:
    said = fsdb("show", "plain", 99, "--runs-dir", runs_dir)
    assert (said.code, said.out) == (2, "")
    assert "There is no program 99 in plain: it has 0 to 3." in said.err
    assert fsdb("show", "plain", "x", "--runs-dir", runs_dir).code == 2
    assert fsdb("show", "a", "b", "c", "--runs-dir", runs_dir).code == 2
    assert fsdb("show", "plane", "0", "--runs-dir", runs_dir).err.count("plain") == 1


def test_of_a_damaged_log_the_rest_is_shown_with_a_warning(
    fsdb: Fsdb, runs_dir: Path, tmp_path: Path
) -> None:
    run_dir = tmp_path / "plain"
    shutil.copytree(runs_dir / "plain", run_dir)
    damaged = read_files(run_dir)[-1].path
    damaged.write_bytes(damaged.read_bytes()[:-9])
    for command in (
        ["status", run_dir],
        ["best", run_dir],
        ["show", run_dir, 0],
        ["sql", run_dir, "from islands"],
    ):
        said = fsdb(*command)
        assert said.code == 0
        assert damaged.name in said.err
        assert "Restore it from a copy" in said.err
        assert said.out
    said = fsdb("runs", "--runs-dir", tmp_path)
    assert damaged.name in said.err


def test_a_log_that_cannot_be_read_is_an_error(fsdb: Fsdb, tmp_path: Path) -> None:
    bad = tmp_path / "bad" / "events" / "000000000000-000000000009.parquet"
    bad.parent.mkdir(parents=True)
    bad.write_bytes(b"")
    for command in (["status"], ["best"], ["show", 0], ["sql", "select 1"]):
        said = fsdb(*command, "--runs-dir", tmp_path)
        assert said.code == 3
        assert f"{bad.name} is empty" in said.err
    assert json.loads(fsdb("runs", "--runs-dir", tmp_path, "--json").out)[0]["state"] == "unreadable"


FORBIDDEN = ("\x1b]0", "\x1b[2J", "\x07", "\x9b", "\u202e", "\u2066", "\u2028")


@pytest.mark.parametrize(
    "command",
    [
        ["runs"],
        ["status"],
        ["best"],
        ["show", "best"],
        ["show", "2", "--completion"],
        ["sql", "select source, error, output from programs"],
        ["sql", "select source from programs", "--format", "md"],
        ["status", "--json"],
        ["show", "2", "--json"],
        ["sql", "from programs", "--json"],
    ],
)
def test_hostile_text_reaches_no_output(command: list[str], fsdb: Fsdb, runs_dir: Path) -> None:
    said = fsdb(*command, "--runs-dir", runs_dir)
    assert said.code == 0
    assert "\x1b" not in said.out + said.err
    for text in FORBIDDEN:
        assert text not in said.out + said.err


def test_what_is_escaped_means_the_same(fsdb: Fsdb, runs_dir: Path) -> None:
    """The program as printed returns what the program in the log returns."""
    printed, original = {}, {}
    exec(fsdb("best", "hostile", "--runs-dir", runs_dir).out, printed)
    exec(HOSTILE, original)
    assert [printed["cube"](x) for x in (0, 2)] == [original["cube"](x) for x in (0, 2)]
