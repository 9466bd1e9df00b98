"""How many proposals parse, run, differ from their parents and keep within bounds."""

from __future__ import annotations

import ast

import pytest

from fsdb.samplers.mutation import MutationSampler
from fsdb.samplers.mutation.limits import DEEPEST, MOST_LINES, MOST_NODES
from tests.samplers.mutation import problems

NAMES = ("bin_packing", "cap_set")


@pytest.fixture(scope="module", params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def programs(name: str) -> list[str]:
    return problems.population(problems.bundled(name), 500)


def test_at_least_95_percent_parse(programs: list[str]) -> None:
    parsed = 0
    for program in programs:
        try:
            ast.parse(program)
        except SyntaxError:
            continue
        parsed += 1
    assert parsed >= 0.95 * len(programs)


def test_at_least_60_percent_run(name: str) -> None:
    specification = problems.bundled(name)
    ran = []

    def runs(program: str) -> bool:
        try:
            problems.score(specification, program, problems.SMALL_INPUTS[name])
        except Exception:
            ran.append(False)
        else:
            ran.append(True)
        return ran[-1]

    problems.population(specification, 250, runs=runs)
    assert sum(ran) >= 0.6 * len(ran)


def test_random_programs_run_and_differ(name: str) -> None:
    specification = problems.bundled(name)
    sampler = MutationSampler(specification)
    fresh = [text for draw in range(100) for text in problems.texts(sampler, problems.prompt(draw_id=draw))]
    ran = 0
    for program in fresh:
        try:
            problems.score(specification, program, problems.SMALL_INPUTS[name])
        except Exception:
            continue
        ran += 1
    assert len(fresh) == 100
    assert ran >= 60
    assert len(set(fresh)) >= 80


def test_no_child_is_written_like_a_parent(name: str, programs: list[str]) -> None:
    sampler = MutationSampler(problems.bundled(name))
    unchanged = 0
    for draw, (first, second) in enumerate(zip(programs[:150], programs[150:300], strict=True)):
        children = problems.texts(sampler, problems.prompt(first, second, draw_id=draw, ordinals=(0, 1)))
        unchanged += sum(child in (first, second) for child in children)
    assert unchanged <= 3  # one percent


def test_every_program_has_the_seed_programs_header_and_docstring(name: str, programs: list[str]) -> None:
    seed = problems.bundled(name).evolve
    start = seed.source[: seed.source.index('"""', seed.source.index('"""') + 3) + 3]
    assert start.startswith(seed.header)
    assert all(program.startswith(start + "\n") for program in programs)
    assert all(program.endswith("\n") and not program.endswith("\n\n") for program in programs)


def test_programs_stay_within_bounds(programs: list[str]) -> None:
    for program in programs:
        function = ast.parse(program).body[0]
        assert isinstance(function, ast.FunctionDef)
        body = function.body[1:]
        lines = sum(1 for line in program.split('"""')[-1].split("\n") if line)
        assert lines <= MOST_LINES
        # A node here is about two of Python's, with its contexts and operators.
        assert sum(1 for statement in body for _ in ast.walk(statement)) <= 3.5 * MOST_NODES
        assert max(map(_depth, body)) <= 3 * DEEPEST


def _depth(node: ast.AST) -> int:
    return 1 + max(map(_depth, ast.iter_child_nodes(node)), default=0)


def test_no_program_mentions_itself_or_an_ancestor(name: str, programs: list[str]) -> None:
    for program in programs:
        names = [node.id for node in ast.walk(ast.parse(program)) if isinstance(node, ast.Name)]
        assert not any(each.startswith("priority") for each in names)


def test_no_array_of_the_caller_is_changed() -> None:
    import numpy as np

    specification = problems.bundled("bin_packing")
    for program in problems.population(specification, 300, seed=3):
        bins = np.array([100.0, 60.0, 45.0, 100.0])
        try:
            problems.call(specification, program, 40.0, bins)
        except Exception:
            continue
        assert bins.tolist() == [100.0, 60.0, 45.0, 100.0]
