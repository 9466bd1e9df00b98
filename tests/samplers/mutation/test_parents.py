"""Odd parents are worked with, broken and hostile ones are passed over."""

from __future__ import annotations

import ast
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fsdb.problem.specification import Specification
from fsdb.samplers.mutation import MutationSampler
from tests.samplers.mutation import problems
from tests.samplers.mutation.parents import BROKEN, ODD


@pytest.fixture(scope="module")
def sampler() -> MutationSampler:
    return MutationSampler(problems.bundled("bin_packing"))


def answer(sampler: MutationSampler, *sources: str, draws: int = 8) -> list[tuple[str, str]]:
    """Programs and the operators that made them; every one is a program with the right header."""
    answers = []
    for draw in range(draws):
        completion = sampler.propose(problems.prompt(*sources, draw_id=draw), 0)
        assert completion.text is not None
        assert completion.params is not None
        function = ast.parse(completion.text).body[0]
        assert isinstance(function, ast.FunctionDef)
        assert [argument.arg for argument in function.args.args] == ["item", "bins"]
        assert "priority_v" not in completion.text
        answers.append((completion.text, json.loads(completion.params)["operator"]))
    return answers


@pytest.mark.parametrize("source", BROKEN.values(), ids=BROKEN)
def test_a_broken_parent_alone_gives_a_fresh_program(sampler: MutationSampler, source: str) -> None:
    assert {operator for _, operator in answer(sampler, source)} == {"random"}


@pytest.mark.parametrize("source", BROKEN.values(), ids=BROKEN)
def test_a_broken_parent_leaves_the_other_one(sampler: MutationSampler, source: str) -> None:
    good = sampler.propose(problems.prompt(), 0).text
    assert good is not None
    alone = answer(sampler, good)
    assert answer(sampler, source, good) == alone
    assert answer(sampler, good, source) == alone


@pytest.mark.parametrize("source", ODD.values(), ids=ODD)
def test_an_odd_parent_is_worked_with(sampler: MutationSampler, source: str) -> None:
    made = answer(sampler, source, draws=20)
    assert sum(operator != "random" for _, operator in made) >= 15
    assert all(text != source for text, _ in made)
    assert len({text for text, _ in made}) >= 10


def test_children_of_odd_parents_run(sampler: MutationSampler) -> None:
    specification = problems.bundled("bin_packing")
    rates = {}
    for name, source in ODD.items():
        made = answer(sampler, source, draws=20)
        rates[name] = sum(_runs(specification, text) for text, _ in made) / len(made)
    assert min(rates.values()) >= 0.4, rates
    assert sum(rates.values()) / len(rates) >= 0.8


def _runs(specification: Specification, program: str) -> bool:
    try:
        problems.call(specification, program, 4.0, np.array([9.0, 4.0, 7.0]))
    except Exception:
        return False
    return True


def test_a_large_parent_may_stay_large(sampler: MutationSampler) -> None:
    lines = "".join(f"    x{n} = bins * {n} + item\n" for n in range(40))
    total = " + ".join(f"x{n}" for n in range(40))
    source = f"def priority(item, bins):\n{lines}    return {total}\n"
    made = answer(sampler, source, draws=10)
    assert sum(operator != "random" for _, operator in made) >= 8
    assert all(len(text) < 2 * len(source) for text, _ in made)


@given(st.text(max_size=300))
@settings(max_examples=150, deadline=None)
def test_any_text_at_all(text: str) -> None:
    sampler = _shared()
    for source in (text, "def priority(item, bins):\n    " + text):
        answer(sampler, source, draws=1)


_TOKENS = [
    "bins",
    "item",
    "np.max(",
    "(",
    ")",
    "[",
    "]",
    ":",
    "-",
    "+",
    "*",
    "**",
    "/",
    "//",
    "%",
    "<",
    "==",
    "and",
    "or",
    "not",
    "if",
    "else",
    "for",
    "in",
    "x",
    "i",
    ",",
    "0",
    "1",
    "2.5",
    "-3",
    "range(",
    "len(",
    "lambda",
    "=",
    "np.where(",
    "sum(",
    "abs(",
    "~",
    "&",
    ".sum()",
    "[0]",
    "[::-1]",
    "None",
    "True",
    "'a'",
    "\n",
    "return",
]


@given(st.lists(st.sampled_from(_TOKENS), max_size=14))
@settings(max_examples=300, deadline=None)
def test_any_tokens_at_all(tokens: list[str]) -> None:
    source = "def priority(item, bins):\n    return " + " ".join(tokens) + "\n"
    answer(_shared(), source, draws=1)


_cache: list[MutationSampler] = []


def _shared() -> MutationSampler:
    if not _cache:
        _cache.append(MutationSampler(problems.bundled("bin_packing")))
    return _cache[0]
