"""The evaluator that a problem asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from fsdb.evaluator.evaluation import Limits, Scorer
from fsdb.problem.specification import Problem
from fsdb.sandbox.levels import DEFAULT_LEVEL


def make_evaluator(
    problem: Problem,
    inputs: Mapping[str, Any],
    limits: Limits,
    processes: int,
    *,
    scoring: str | None = None,
    require_level: str = DEFAULT_LEVEL,
    allow_unsafe: bool = False,
    on_loss: Callable[[str], None] = lambda reason: None,
) -> Scorer:
    """Return what scores programs of a problem on inputs by name, `processes` at a time; not yet started.

    Arguments are those of fsdb.evaluator.pool.Evaluator; where the problem has an evaluator of its own, that
    one has the inputs, and `scoring` says nothing.
    """
    if problem.evaluator is not None:
        from fsdb.evaluator.scripts import ScriptEvaluator

        return ScriptEvaluator(
            problem.specification,
            problem.evaluator,
            limits,
            processes,
            require_level=require_level,
            allow_unsafe=allow_unsafe,
        )
    from fsdb.evaluator.pool import Evaluator

    return Evaluator(
        problem.specification,
        list(inputs.values()),
        problem.reduce,
        limits,
        processes,
        input_names=list(inputs),
        scoring=scoring,
        isolate_inputs=problem.isolate_inputs,
        data=problem.data,
        require_level=require_level,
        allow_unsafe=allow_unsafe,
        on_loss=on_loss,
    )
