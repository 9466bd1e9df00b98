"""Specifications to propose programs for, and a plain way to run them: in this process, with small inputs."""

from __future__ import annotations

import sys
import types
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from fsdb.problem.loading import load_problem
from fsdb.problem.parsing import parse_specification
from fsdb.problem.specification import Specification
from fsdb.samplers.base import Completion, Parent, Prompt
from fsdb.samplers.mutation import MutationSampler

SMALL_INPUTS: dict[str, list[Any]] = {
    "cap_set": [3, 4],
    "bin_packing": [
        {
            "capacity": capacity,
            "items": [(7 * n * n + 11 * n) % 71 + 20 for n in range(40)],
            "lower_bound": 20,
            "mean_lower_bound": 20.0,
        }
        for capacity in (100, 150)
    ],
}


def bundled(name: str) -> Specification:
    return load_problem(name).specification


def specification(function: str, above: str = "") -> Specification:
    """A specification with this function to evolve, and whatever stands above it in the file."""
    run = "@funsearch.run\ndef evaluate(x):\n    return 0.0\n"
    text = f"import funsearch\n{above}\n\n{run}\n\n@funsearch.evolve\n{function}"
    return parse_specification(text, "test")


def module_of(of: Specification, source: str) -> dict[str, Any]:
    """The specification's module with `source` as the evolved function, executed here."""
    marks = types.ModuleType("funsearch")
    marks.run = marks.evolve = marks.verify = lambda function: function  # type: ignore[attr-defined]
    before = sys.modules.get("funsearch")
    sys.modules["funsearch"] = marks
    namespace: dict[str, Any] = {"__name__": "specification"}
    try:
        exec(compile(of.render(source), "specification", "exec"), namespace)
    finally:
        if before is None:
            del sys.modules["funsearch"]
        else:
            sys.modules["funsearch"] = before
    return namespace


def call(of: Specification, source: str, *arguments: Any, **keywords: Any) -> Any:
    """What the evolved function returns when it is `source`."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return module_of(of, source)[of.evolve.name](*arguments, **keywords)


def score(of: Specification, source: str, inputs: list[Any]) -> list[float]:
    """The score for each input; raises what the program raises."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        names = module_of(of, source)
        found = [names[of.run](each) for each in inputs]
        if of.verify is not None:
            found = [names[of.verify](each, made) for each, made in zip(inputs, found, strict=True)]
        return [float(score) for score in found]


def prompt(*sources: str, draw_id: int = 0, seed: int = 0, ordinals: tuple[int, ...] = (0,)) -> Prompt:
    parents = tuple(Parent(number, source, float(number)) for number, source in enumerate(sources))
    return Prompt(draw_id, "parents" if parents else "random", seed, parents, ordinals)


async def answers(sampler: MutationSampler, to: Prompt) -> list[Completion]:
    return [completion async for completion in sampler.sample(to)]


def texts(sampler: MutationSampler, to: Prompt) -> list[str]:
    """The programs that a sampler answers with."""
    completions = [sampler.propose(to, ordinal) for ordinal in to.ordinals]
    return [completion.text for completion in completions if completion.text is not None]


def population(
    of: Specification, size: int, seed: int = 0, runs: Callable[[str], bool] = lambda source: True
) -> list[str]:
    """Programs as a search makes them: random ones, and children of any two for which `runs` is true."""
    sampler = MutationSampler(of)
    programs: list[str] = []
    parents = [of.evolve.source]
    draw = 0
    while len(programs) < size:
        pair = (parents[draw * 7919 % len(parents)], parents[draw * 104729 % len(parents)])
        made = texts(sampler, prompt(*(pair if draw % 5 else ()), draw_id=draw, seed=seed, ordinals=(0, 1)))
        programs += made
        parents += filter(runs, made)
        draw += 1
    return programs[:size]
