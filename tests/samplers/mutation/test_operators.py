"""Each operator by itself: it applies, keeps the program in order, and is named in the log."""

from __future__ import annotations

import ast
import json

import pytest

from fsdb.samplers.mutation import MutationSampler
from fsdb.samplers.mutation.chance import generator
from fsdb.samplers.mutation.draft import Draft, Program
from fsdb.samplers.mutation.material import Material, material_of
from fsdb.samplers.mutation.proposing import OPERATORS
from fsdb.samplers.mutation.reading import read
from fsdb.samplers.mutation.scope import settle
from fsdb.samplers.mutation.statements import render
from tests.samplers.mutation import problems

PARENTS = {
    "bin_packing": (
        """\
def priority(item, bins):
    gap = bins - item
    score = -gap * 1.5
    score[gap < 3] += 10
    if item > 50:
        score = score - np.maximum(gap, 20) * 0.3
    for k in range(3):
        score = score + np.abs(gap - k * 10) / (k + 1)
    return score
""",
        """\
def priority(item, bins):
    ratio = item / bins
    return np.where(ratio > 0.5, ratio * 4, np.sqrt(bins))
""",
    ),
    "cap_set": (
        """\
def priority(el, n):
    score = 0.0
    for i, x in enumerate(el):
        if x == el[i - 1]:
            score += 2 * x
        score -= i % 3
    score += el.count(2)
    return score if el[0] > 1 else score + 1
""",
        """\
def priority(el, n):
    total = sum(x * y for x, y in zip(el, el[1:]))
    total += 3 * (el[0] == el[-1])
    return float(total % 3)
""",
    ),
}


@pytest.fixture(scope="module", params=PARENTS)
def case(request: pytest.FixtureRequest) -> tuple[Material, Program, Program]:
    material = material_of(problems.bundled(str(request.param)))
    programs = []
    for source in PARENTS[str(request.param)]:
        block = settle(read(source, material.language), material.language)
        assert block is not None
        programs.append(Program(block))
    return material, programs[0], programs[1]


@pytest.mark.parametrize("name", OPERATORS)
def test_operator(name: str, case: tuple[Material, Program, Program]) -> None:
    material, program, mate = case
    before = program.text
    made = set()
    for draw in range(60):
        block = OPERATORS[name][1](Draft(generator(0, draw, 0), material, program, (mate,)))
        settled = settle(block, material.language) if block is not None else None
        if settled is not None:
            text = "\n".join(render(settled, "    "))
            ast.parse("def f():\n" + text)
            made.add(text)
    made.discard("\n".join(render(program.block, "    ")))
    assert len(made) >= 2
    assert program.text == before


def test_crossover_takes_from_both(case: tuple[Material, Program, Program]) -> None:
    material, program, mate = case
    foreign = ("item / bins", "np.sqrt(bins)", "zip(el, el[1:])", "el[0] == el[-1]")
    taken = 0
    for draw in range(60):
        block = OPERATORS["crossover"][1](Draft(generator(1, draw, 0), material, program, (mate,)))
        text = Program(block).text if block else ""
        taken += any(part in text and part in mate.text for part in foreign) and "score = " in text
    assert taken >= 15


def test_crossover_does_not_apply_to_twins(case: tuple[Material, Program, Program]) -> None:
    material, program, _ = case
    twin = Program(program.block)
    assert OPERATORS["crossover"][1](Draft(generator(0, 0, 0), material, program, (twin,))) is None


def test_the_log_names_the_operators() -> None:
    sampler = MutationSampler(problems.bundled("cap_set"))
    first, second = PARENTS["cap_set"]
    seen = set()
    for draw in range(600):
        params = sampler.propose(problems.prompt(first, second, draw_id=draw), 0).params
        assert params is not None
        fields = json.loads(params)
        assert list(fields) in (["operator"], ["operator", "then"])
        assert params == json.dumps(fields, separators=(",", ":"))
        seen.add(fields["operator"])
    assert seen >= set(OPERATORS)
    params = sampler.propose(problems.prompt(), 0).params
    assert params == '{"operator":"random"}'


def test_the_interface_of_a_sampler() -> None:
    sampler = MutationSampler(problems.bundled("cap_set"), concurrency=3)
    assert (sampler.name, sampler.model, sampler.concurrency) == ("mutation", None, 3)
    assert sampler.describe(problems.prompt()) is None
    assert sampler.extract(" any text\n") == " any text\n"
    assert json.loads(json.dumps(sampler.params())) == sampler.params()
    assert set(sampler.params()["operators"]) == set(OPERATORS)  # type: ignore[call-overload]
