"""A program is found in whatever file a user gives."""

from __future__ import annotations

from pathlib import Path

import pytest

from fsdb.errors import UsageError
from fsdb.problem.specification import Specification
from fsdb.report.program_file import program_in, read_program
from tests.report.logs import CUBES, HOSTILE, SEED_PROGRAM, problem

PROGRAM = "def cube(x):\n    # a comment\n    return (\n        x ** 3\n    )\n"


@pytest.fixture
def specification(tmp_path: Path) -> Specification:
    return problem(tmp_path).specification


@pytest.mark.parametrize("lead", ["", "\n\n", "# program 3 of run: score 1\n# found by mutation\n"])
@pytest.mark.parametrize("program", [PROGRAM, SEED_PROGRAM, HOSTILE, "def cube (\n    x,\n):\n\treturn x\n"])
def test_a_function_alone_is_taken_as_it_is(lead: str, program: str, specification: Specification) -> None:
    assert program_in(lead + program, specification) == program


def test_a_whole_specification_gives_its_function(specification: Specification) -> None:
    assert program_in(CUBES, specification) == SEED_PROGRAM


def test_a_models_answer_gives_its_function(specification: Specification) -> None:
    found = program_in(f"Sure, here it is:\n\n```python\n{PROGRAM}```\nIt is exact.", specification)
    assert "x ** 3" in found
    assert found.startswith("def cube(x")


def test_helpers_beside_the_function_come_along(specification: Specification) -> None:
    found = program_in(
        "def third(x):\n    return x**3\n\n\ndef cube(x):\n    return third(x)\n", specification
    )
    scope: dict[str, object] = {}
    exec(found, scope)
    assert scope["cube"](3) == 27  # type: ignore[operator]


def test_a_function_that_does_not_parse_is_left_to_the_evaluation(specification: Specification) -> None:
    broken = "def cube(x)\n    return x\n"
    assert program_in(broken, specification) == broken


@pytest.mark.parametrize("text", ["", "import os\nprint('x')\n", "nothing of the kind"])
def test_a_text_without_the_function_is_told(text: str, specification: Specification) -> None:
    with pytest.raises(UsageError, match=r"no function cube in mine\.py") as caught:
        program_in(text, specification, "mine.py")
    assert "def cube(x: float) -> float" in caught.value.cure


def test_a_file_that_is_not_there_is_told(specification: Specification, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"absent\.py"):
        read_program(str(tmp_path / "absent.py"), specification)
    (tmp_path / "program.py").write_text(PROGRAM)
    assert read_program(str(tmp_path / "program.py"), specification) == PROGRAM
