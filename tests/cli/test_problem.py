"""`fsdb init` and `fsdb check`: what they write works, and what they find is so."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from fsdb.cli.main import cli, main
from fsdb.errors import UsageError
from fsdb.problem.starters import write_starter

CONVENTIONS = ["funsearch", "openevolve", "shinka"]

NOISY = """
import funsearch, os
INPUTS = [1]

@funsearch.run
def evaluate(n):
    return float(value(n)) + os.urandom(2)[0]

@funsearch.evolve
def value(n):
    return 0.0 * n
"""


def checked(*arguments: str) -> tuple[int, dict]:
    done = CliRunner().invoke(cli, ["check", *arguments, "--json"])
    return done.exit_code, json.loads(done.stdout)


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_what_init_writes_passes_its_test_and_the_check(
    convention: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(cli, ["init", "mine", "--from", convention, "--json"])
    assert done.exit_code == 0, done.output
    written = json.loads(done.stdout)
    test = subprocess.run([sys.executable, written["files"][-1]], capture_output=True, text=True)
    assert test.returncode == 0, test.stderr
    assert test.stdout.count("ok  test_") >= 2
    code, found = checked(written["problem"], "--mutants", "6")
    assert code == 0
    assert found["works"]
    assert found["status"] == "ok"
    assert len(set(found["scores_again"])) == 1
    assert found["sandbox_profile"] == ("function" if convention == "funsearch" else "script")
    assert found["mutants"] >= 4
    assert found["seconds"] > 0


def test_init_overwrites_nothing_and_refuses_names_that_are_none(tmp_path: Path) -> None:
    write_starter("mine", "shinka", tmp_path)
    for name, wrong in (("mine", "already"), ("../mine", "no name"), ("a b", "no name"), ("_x", "no name")):
        with pytest.raises(UsageError, match=wrong):
            write_starter(name, "shinka", tmp_path)


def test_check_tells_of_chance_and_of_a_seed_program_that_fails(tmp_path: Path) -> None:
    problem = tmp_path / "noisy.py"
    problem.write_text(NOISY)
    code, found = checked(str(problem))
    states = {finding["name"]: finding["state"] for finding in found["findings"]}
    # Scored again call by call, it has another score: no run would start.
    assert (code, states["seed program"]) == (1, "failed")
    problem.write_text(NOISY.replace("0.0 * n", "1 / 0"))
    code, found = checked(str(problem))
    assert (code, found["status"], found["works"]) == (1, "runtime_error", False)


def test_check_of_what_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("def (:\n")
    with pytest.raises(SystemExit) as ended:
        main(["check", str(tmp_path / "broken.py")])
    assert ended.value.code == 2
