"""Problems of other systems' conventions, written to a folder and scored as a run scores them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from fsdb.evaluator.evaluation import Evaluation, Limits
from fsdb.evaluator.scripts import ScriptEvaluator
from fsdb.problem.loading import load_problem
from fsdb.problem.specification import Problem

PROGRAM = '''"""Find a number."""
# EVOLVE-BLOCK-START
def number():
    return 3.0
# EVOLVE-BLOCK-END


def run():
    return number()
'''

LOADING = """
import importlib.util


def load(path):
    spec = importlib.util.spec_from_file_location("program", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
"""

Score = Callable[..., list[Evaluation]]


def problem_of(folder: Path, files: Mapping[str, str]) -> Problem:
    """Write a problem's files (by name; `initial_program.py` is PROGRAM where it is left out) and load it."""
    folder.mkdir(exist_ok=True)
    program = "initial.py" if "evaluate.py" in files else "initial_program.py"
    for name, text in {program: PROGRAM, **files}.items():
        (folder / name).write_text(text)
    return load_problem(str(folder))


@pytest.fixture
def score(tmp_path: Path) -> Score:
    """Score programs with a problem: `score(files, program, …, seconds=…)`; None is the initial program."""

    def run(
        files: Mapping[str, str], *programs: str | None, seconds: float = 20.0, memory: int = 2**30
    ) -> list[Evaluation]:
        problem = problem_of(tmp_path / "problem", files)
        assert problem.evaluator is not None
        limits = Limits(timeout_seconds=seconds, memory_bytes=memory)
        seed = problem.specification.evolve.source

        async def all_of_them() -> list[Evaluation]:
            evaluator = ScriptEvaluator(problem.specification, problem.evaluator, limits, 1)  # type: ignore[arg-type]
            async with evaluator:
                return [await evaluator.evaluate(program or seed) for program in programs or (None,)]

        return asyncio.run(all_of_them())

    return run
