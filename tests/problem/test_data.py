from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from fsdb.errors import UsageError
from fsdb.problem.data import data_from_event, data_to_event, read_data
from fsdb.problem.loading import load_problem, problem_from_event, problem_to_event

SPECIFICATION = """
@funsearch.evolve
def f(x):
    return x


@funsearch.run
def g(x):
    return f(x)
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "table.csv"
    path.write_text("1,2\n")
    return path


def test_files_are_read_whole_and_known_by_their_hash(file: Path, tmp_path: Path) -> None:
    data = read_data({"table": "table.csv"}, "DATA", tmp_path)
    assert data["table"].path == str(file)
    assert data["table"].content == b"1,2\n"
    assert data["table"].sha256 == hashlib.sha256(b"1,2\n").hexdigest()


def test_a_problem_and_its_log_know_them(file: Path, tmp_path: Path) -> None:
    specification = tmp_path / "mine.py"
    constants = "INPUTS = [1]\nDATA = {'table': 'table.csv'}\nISOLATE_INPUTS = True"
    specification.write_text(constants + SPECIFICATION)
    problem = load_problem(str(specification))
    assert problem.isolate_inputs
    fields = problem_to_event(problem)
    assert json.loads(fields["data"]) == {
        "table": {"path": str(file), "sha256": problem.data["table"].sha256}
    }
    assert problem_from_event(fields) == problem


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("table.csv", "is no dict of paths by name"),
        ({"table": 1}, "is no dict of paths by name"),
        ({"table": "nowhere.csv"}, "No such file"),
        ({"table": "table.pickle"}, r"is of no kind that is read"),
    ],
)
def test_what_cannot_be_read_is_refused(file: Path, tmp_path: Path, value: Any, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        read_data(value, "mine.py: DATA", tmp_path)


def test_a_run_goes_on_only_with_the_same_file(file: Path, tmp_path: Path) -> None:
    event = data_to_event(read_data({"table": "table.csv"}, "DATA", tmp_path))
    assert data_from_event(event, "run")["table"].content == b"1,2\n"
    file.write_text("1,3\n")
    with pytest.raises(UsageError, match="is not the file that the run was started with"):
        data_from_event(event, "run")
    file.unlink()
    with pytest.raises(UsageError, match="No such file"):
        data_from_event(event, "run")


@pytest.mark.parametrize("value", ["1", "'yes'", "None"])
def test_isolation_is_true_or_false(tmp_path: Path, value: str) -> None:
    specification = tmp_path / "mine.py"
    specification.write_text(f"INPUTS = [1]\nISOLATE_INPUTS = {value}" + SPECIFICATION)
    with pytest.raises(UsageError, match="ISOLATE_INPUTS"):
        load_problem(str(specification))
