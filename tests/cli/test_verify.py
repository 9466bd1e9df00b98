"""`fsdb verify` as a user meets it; what it checks is tested in tests/report."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from fsdb.log import read_files
from tests.cli.conftest import Fsdb
from tests.report.logs import hand_made, write


def test_a_good_log_passes_check_by_check(fsdb: Fsdb, real: Path) -> None:
    said = fsdb("verify", real)
    lines = said.out.splitlines()
    assert said.code == 0
    assert said.err == ""
    assert [line.split(":")[0].split()[1] for line in lines[:4]] == ["files", "state", "draws", "resets"]
    assert all(line.startswith("ok ") for line in lines[:-1])
    assert lines[-1] == f"{len(lines) - 1} checks of cubes-1: all passed"


def test_a_damaged_log_fails_with_the_file_and_the_cure(fsdb: Fsdb, runs_dir: Path, tmp_path: Path) -> None:
    run_dir = tmp_path / "plain"
    shutil.copytree(runs_dir / "plain", run_dir)
    damaged = read_files(run_dir)[-1].path
    data = bytearray(damaged.read_bytes())
    data[len(data) // 3] ^= 4
    damaged.write_bytes(data)
    said = fsdb("verify", run_dir)
    assert said.code == 1
    assert said.out.startswith("FAILED  files: ")
    assert damaged.name in said.out
    assert "Restore it from a copy" in said.out
    assert "1 failed" in said.out.splitlines()[-1] or "failed" in said.out.splitlines()[-1]
    found = json.loads(fsdb("verify", run_dir, "--json").out)
    assert found["passed"] is False
    assert found["checks"][0]["name"] == "files"
    assert not found["checks"][0]["passed"]


def test_for_machines(fsdb: Fsdb, tmp_path: Path) -> None:
    log = hand_made(tmp_path)
    log.evaluated([-1.0, -1.0])
    found = json.loads(fsdb("verify", write(log, tmp_path / "run"), "--json").out)
    assert (found["run"], found["passed"]) == ("run", True)
    assert len(found["checks"]) > 15
    assert all(check["summary"] for check in found["checks"])
