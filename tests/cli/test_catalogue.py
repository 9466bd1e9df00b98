"""`fsdb problems`, `policies` and `doctor`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fsdb import queries
from fsdb.state.policies import load_policy
from tests.cli.conftest import Fsdb


def test_problems_tell_task_inputs_and_baselines(fsdb: Fsdb) -> None:
    said = fsdb("problems")
    assert said.code == 0
    assert "bin_packing\n  Pack items" in said.out
    assert "first fit, best fit" in said.out
    assert "largest possible (112)" in said.out
    assert "OR1 (20)" in said.out
    found = {each["name"]: each for each in json.loads(fsdb("problems", "--json").out)}
    assert found["cap_set"]["inputs"] == ["6"]
    assert found["bin_packing"]["evolve"].startswith("def priority(")


@pytest.mark.parametrize("columns", [40, 80, 120])
def test_problems_fit_a_terminal_and_are_whole_lines_in_a_pipe(
    fsdb: Fsdb, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    whole = fsdb("problems").out
    monkeypatch.setattr("fsdb.cli.catalogue.on_terminal", lambda: True)
    monkeypatch.setenv("COLUMNS", str(columns))
    fitted = fsdb("problems").out
    assert max(map(len, fitted.splitlines())) <= columns
    assert fitted.split() == whole.split()
    assert "best known (169.3333)" in whole
    begins = ("  evolves    ", "  inputs     ", "  baselines  ", "  held out   ")
    for line in whole.splitlines():
        assert line.startswith(begins) or line[:3].strip() or not line


def test_policies_tell_their_parameters(fsdb: Fsdb) -> None:
    said = fsdb("policies")
    for kind in ("policies", "resets"):
        for name in queries.names(kind):
            assert f"\n{name}  " in said.out
    assert "temperature_init=0.1  temperature of an empty island" in said.out
    found = {each["name"]: each for each in json.loads(fsdb("policies", "--json").out)}
    assert set(found) == {*queries.names("policies"), *queries.names("resets")}
    assert {"name": "size", "default": 3, "meaning": "programs in a tournament"} in found["tournament"][
        "parameters"
    ]
    assert found["survivors"]["option"] == "--reset-policy"


def test_a_policy_in_a_pipe_is_its_file_and_works_as_one(fsdb: Fsdb, tmp_path: Path) -> None:
    said = fsdb("policies", "funsearch")
    assert said.out == queries.text("policies/funsearch.sql")
    (tmp_path / "mine.sql").write_text(said.out)
    assert load_policy(str(tmp_path / "mine.sql")).params == load_policy("funsearch").params
    assert json.loads(fsdb("policies", "survivors", "--json").out)["sql"] == queries.text(
        "resets/survivors.sql"
    )


def test_a_policy_that_is_not_there_is_told(fsdb: Fsdb) -> None:
    said = fsdb("policies", "nothing")
    assert said.code == 2
    assert "funsearch" in said.err


def test_doctor_tells_whether_a_run_would_work(
    fsdb: Fsdb, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-planted-0123456789")
    found = json.loads(fsdb("doctor", "--json", "--runs-dir", tmp_path).out)
    said = fsdb("doctor", "--runs-dir", tmp_path)
    assert said.code == (0 if found["works"] else 1)
    for finding in found["findings"]:
        assert finding["name"] in said.out
    assert "OPENAI_API_KEY is set" in said.out
    assert "planted" not in said.out


def test_doctor_fails_where_runs_cannot_be_written(fsdb: Fsdb, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    said = fsdb("doctor", "--runs-dir", tmp_path / "file" / "runs")
    assert said.code == 1
    assert "FAILED  runs directory" in said.out
    assert "A run would not work here yet." in said.out
