"""Specifications as FunSearch writes them, evaluated from end to end."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from fsdb.errors import UsageError
from fsdb.evaluator.evaluation import Limits
from fsdb.evaluator.pool import Evaluator
from fsdb.problem.loading import load_problem

VALID = sorted((Path(__file__).parent.parent / "problem" / "specifications" / "valid").iterdir())


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.name)
def test_the_seed_program_of_every_valid_specification_scores(path: Path) -> None:
    try:
        problem = load_problem(str(path))
    except UsageError:  # FunSearch's own format has no inputs in the file
        problem = load_problem(str(path), inputs="[1]")

    async def score() -> str:
        evaluator = Evaluator(
            problem.specification, list(problem.inputs.values()), problem.reduce, Limits(), processes=1
        )
        async with evaluator:
            evaluation = await evaluator.evaluate(problem.specification.evolve.source)
        return f"{evaluation.status} {evaluation.error or ''}".strip()

    assert asyncio.run(score()) == "ok"
