"""`fsdb evaluate`: one program, the real sandbox."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Fsdb
from tests.report.logs import CUBES, cubes


@pytest.fixture
def program(tmp_path: Path) -> Path:
    path = tmp_path / "program.py"
    path.write_text("def cube(x):\n    print('called', '\\x1b[31m')\n    return x**3 - 1\n")
    return path


def test_a_program_is_scored_input_by_input(fsdb: Fsdb, program: Path, tmp_path: Path) -> None:
    said = fsdb("evaluate", cubes(tmp_path), program)
    rows = [line.split() for line in said.out.splitlines()]
    assert said.code == 0
    assert ["status", "ok"] in rows
    assert ["score", "-1"] in rows
    assert ["few", "-1.0"] in rows
    assert ["many", "-1.0"] in rows
    assert "its last 10 lines of 12" in said.out
    assert "called \\x1b[31m" in said.out
    assert "\x1b" not in said.out


def test_for_machines_with_held_out_sets(fsdb: Fsdb, program: Path, tmp_path: Path) -> None:
    found = json.loads(fsdb("evaluate", cubes(tmp_path), program, "--held-out", "all", "--json").out)
    assert found["problem"] == "cubes"
    assert [each["inputs"] for each in found["sets"]] == ["training", "near", "far"]
    assert found["sets"][2]["scores"] == {"twelve": -1.0, "twenty": -1.0}
    assert all(each["sandbox_level"].startswith("L") for each in found["sets"])


def test_inputs_and_reduction_can_be_others(fsdb: Fsdb, program: Path, tmp_path: Path) -> None:
    said = fsdb("evaluate", cubes(tmp_path), program, "--inputs", "[1, 2, 3]", "--reduce", "sum", "--json")
    assert json.loads(said.out)["sets"][0]["score"] == -3.0


@pytest.mark.parametrize(
    ("source", "status", "told"),
    [
        ("def cube(x):\n    return 1 / 0\n", "runtime_error", "ZeroDivisionError"),
        ("def cube(x)\n    return x\n", "syntax_error", "SyntaxError"),
        ("def cube(x):\n    while True:\n        pass\n", "timeout", ""),
        ("def cube(x):\n    return cube_v0(x)\n", "calls_ancestor", "cube_v0"),
        ("def cube(x):\n    return open('/etc/passwd')\n", "runtime_error", ""),
    ],
)
def test_a_failure_is_told_and_is_the_exit_code(
    source: str, status: str, told: str, fsdb: Fsdb, tmp_path: Path
) -> None:
    (tmp_path / "program.py").write_text(source)
    said = fsdb("evaluate", cubes(tmp_path), tmp_path / "program.py", "--timeout", 1)
    assert said.code == 1
    assert f"status   {status}\n" in said.out
    assert told in said.out


def test_a_whole_specification_and_a_pipe_will_do(tmp_path: Path) -> None:
    for text in (CUBES, "```python\ndef cube(x):\n    return x\n```\n"):
        done = subprocess.run(
            [sys.executable, "-m", "fsdb", "evaluate", str(cubes(tmp_path)), "-"],
            input=text,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert "status   ok" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nothing", "program.py"], "no problem 'nothing'"),
        (["cubes.py", "absent.py"], "no file absent.py"),
        (["cubes.py", "empty.py"], "no function cube in empty.py"),
        (["cubes.py", "program.py", "--held-out", "middle"], "no held-out set"),
        (["cubes.py", "program.py", "--inputs", "[}"], "--inputs"),
    ],
)
def test_what_is_off_is_told(
    arguments: list[str], told: str, fsdb: Fsdb, program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(program.parent)
    cubes(program.parent)
    Path("empty.py").write_text("")
    said = fsdb("evaluate", *arguments)
    assert said.code == 2
    assert told in said.err
