"""Specifications as FunSearch writes them, evaluated from end to end."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from fsdb.errors import UsageError
from fsdb.evaluator.evaluation import Limits
from fsdb.evaluator.modes import CALL_BY_CALL
from fsdb.evaluator.pool import Evaluator
from fsdb.problem.loading import bundled_problems, load_problem
from fsdb.problem.specification import Problem

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


@pytest.mark.parametrize("problem", bundled_problems(), ids=lambda problem: problem.name)
def test_the_seed_program_of_every_bundled_problem_scores_alike_in_its_mode_and_call_by_call(
    problem: Problem,
) -> None:
    """The first mode is the one in which a search scores programs, the second the one for held-out sets."""
    name, first = next(iter(problem.inputs.items()))

    async def score(scoring: str | None) -> tuple[float | None, ...]:
        evaluator = Evaluator(problem.specification, [first], "mean", Limits(), processes=1, scoring=scoring)
        async with evaluator:
            evaluation = await evaluator.evaluate(problem.specification.evolve.source)
        assert evaluation.status == "ok", f"{name}: {evaluation.error}"
        return evaluation.scores

    assert asyncio.run(score(None)) == asyncio.run(score(CALL_BY_CALL))
