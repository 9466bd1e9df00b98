"""Scoring outside of a search: a program on sets of inputs, and a run's best beside its baselines."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fsdb.errors import UsageError
from fsdb.evaluator.evaluation import Evaluation, Limits
from fsdb.evaluator.making import make_evaluator
from fsdb.evaluator.modes import CALL_BY_CALL
from fsdb.problem.specification import Problem
from fsdb.sandbox.levels import DEFAULT_LEVEL

TRAINING = "training"
"""What the inputs that the search sees are called beside the held-out sets."""

FOUND = "best found"
SEED = "seed program"
KNOWN = "known"


@dataclass(frozen=True)
class Comparison:
    """The score of one program on one set of inputs.

    `program` is FOUND, SEED or a baseline's name; `inputs` is TRAINING or a held-out set's name. `status` is
    as of an evaluation, or KNOWN for a baseline that is a figure; `score` is None unless it is ok or known.
    """

    program: str
    inputs: str
    score: float | None
    status: str


def input_sets(problem: Problem, held_out: str | None = None) -> dict[str, dict[str, Any]]:
    """Return the inputs to score on by set: the training inputs, and the held-out set of that name, or `all`.

    Raises UsageError where the problem has no such set.
    """
    sets = {TRAINING: problem.inputs}
    if held_out == "all":
        return sets | problem.held_out
    if held_out is not None:
        if held_out not in problem.held_out:
            there = ", ".join(problem.held_out)
            raise UsageError(
                f"The problem {problem.name} has no held-out set {held_out!r}.",
                cure=f"It has {there}; or say all." if there else "It has none; add HELD_OUT to its file.",
            )
        sets[held_out] = problem.held_out[held_out]
    return sets


async def score_programs(
    problem: Problem,
    programs: Mapping[str, str],
    sets: Mapping[str, Mapping[str, Any]],
    limits: Limits,
    processes: int,
    *,
    scoring: str | None = None,
    require_level: str = DEFAULT_LEVEL,
    allow_unsafe: bool = False,
) -> dict[tuple[str, str], Evaluation]:
    """Return the evaluation of each program (source by label) on each set of inputs, by (set, label).

    `scoring` is one of fsdb.evaluator.modes.MODES; left out it is the specification's own for the training
    inputs, and call-by-call for held-out sets, whose inputs are to enter no process that a program runs in.
    Raises FsdbError where the sandbox is weaker than `require_level`, unless `allow_unsafe`.
    """
    found: dict[tuple[str, str], Evaluation] = {}
    for name, inputs in sets.items():
        evaluator = make_evaluator(
            problem,
            inputs,
            limits,
            min(processes, len(programs)),
            scoring=scoring if scoring is not None or name == TRAINING else CALL_BY_CALL,
            require_level=require_level,
            allow_unsafe=allow_unsafe,
        )
        async with evaluator:
            evaluations = await asyncio.gather(*(evaluator.evaluate(source) for source in programs.values()))
        found |= {(name, label): each for label, each in zip(programs, evaluations, strict=True)}
    return found


async def compare(
    problem: Problem,
    source: str,
    limits: Limits,
    processes: int,
    *,
    require_level: str = DEFAULT_LEVEL,
    allow_unsafe: bool = False,
) -> list[Comparison]:
    """Return how a program does on the training inputs and each held-out set, beside seed and baselines.

    All are scored call by call. Rows come set by set, in each the program, the seed program, then the
    baselines in the problem's order. Baselines that are figures are known for the training inputs alone.
    Errors as of `score_programs`.
    """
    functions = {name: each for name, each in problem.baselines.items() if isinstance(each, str)}
    programs = {FOUND: source, SEED: problem.specification.evolve.source, **functions}
    sets = input_sets(problem, "all")
    found = await score_programs(
        problem,
        programs,
        sets,
        limits,
        processes,
        scoring=CALL_BY_CALL,
        require_level=require_level,
        allow_unsafe=allow_unsafe,
    )
    rows = []
    for inputs in sets:
        for program in (FOUND, SEED, *problem.baselines):
            known = problem.baselines.get(program)
            if (inputs, program) in found:
                evaluation = found[inputs, program]
                rows.append(Comparison(program, inputs, evaluation.score, evaluation.status))
            elif inputs == TRAINING and isinstance(known, int | float):
                rows.append(Comparison(program, inputs, float(known), KNOWN))
    return rows
