"""Simplification shortens programs and changes nothing that they do."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np
import pytest

from fsdb.problem.specification import Specification
from fsdb.samplers.mutation.language import Language
from fsdb.samplers.mutation.material import material_of
from fsdb.samplers.mutation.reading import read
from fsdb.samplers.mutation.scope import settle
from fsdb.samplers.mutation.simplifying import tidied
from fsdb.samplers.mutation.statements import Block, render
from tests.samplers.mutation import problems

SCALARS = problems.specification(
    "def f(x: float, n: int, b: bool, xs: list[int]) -> float:\n    return x\n", "import numpy as np"
)
ARRAYS = problems.bundled("bin_packing")


def settled(of: Specification, source: str) -> tuple[Block, Language]:
    language = material_of(of).language
    block = settle(read(source, language), language)
    assert block is not None
    return block, language


def shortened(expression: str) -> str:
    block, _ = settled(SCALARS, f"def f(x, n, b, xs):\n    return {expression}\n")
    return "\n".join(render(tidied(block), "")).removeprefix("return ")


@pytest.mark.parametrize(
    ("expression", "shorter"),
    [
        ("x * 1", "x"),
        ("1 * x", "x"),
        ("x - 0", "x"),
        ("x - -2.0", "x + 2.0"),
        ("x + -n", "x - n"),
        ("-(-x)", "x"),
        ("x + (2 * 3 - 1)", "x + 5"),
        ("x * (n + 0)", "x * n"),
        ("x * (n - n + 2)", "x * 2"),
        ("x ** 1", "x"),
        ("abs(abs(x))", "abs(x)"),
        ("max(x, x)", "x"),
        ("x if True else 2.0", "x"),
        ("x if n > 2 else x", "x"),
        ("x if n < n else 3.0", "3.0"),
        ("x if not not b else 2.0", "x if b else 2.0"),
        ("x if 2 < 1 else 3.0", "3.0"),
    ],
)
def test_a_shorter_form(expression: str, shorter: str) -> None:
    assert shortened(expression) == shorter


@pytest.mark.parametrize(
    "expression",
    [
        "x + 0",  # -0.0 + 0 is 0.0
        "x * 0",  # not for infinity
        "x * 1.0",  # makes a whole number a real one
        "x / 1",
        "x == x",  # not for NaN
        "x - x",
        "x * (b * 1)",  # makes a truth value a number
        "x + 1 / 0",  # raises when it runs
        "x + 1 if xs[9] > 2 else x + 1",  # so may the condition
        "x + np.abs(3)",  # numpy's numbers divide by zero
    ],
)
def test_what_would_not_do_the_same_stays(expression: str) -> None:
    before = shortened(expression)
    assert before in (expression, f"float({expression})")


def test_statements_without_effect_go() -> None:
    source = """\
def f(x, n, b, xs):
    unused = x * 2
    unused += 3
    kept = x
    kept = kept
    if n > 3:
        pass
    if b:
        kept += 1
        return kept
        kept += 2
    if True:
        kept += 4
    result = kept * 2
    return result
"""
    block, _ = settled(SCALARS, source)
    assert render(tidied(block), "    ") == [
        "    kept = x",
        "    if b:",
        "        kept += 1",
        "        return kept",
        "    kept += 4",
        "    return kept * 2",
    ]


def test_a_dead_store_that_may_raise_stays() -> None:
    block, _ = settled(SCALARS, "def f(x, n, b, xs):\n    unused = xs[9]\n    gone = n + 1\n    return x\n")
    assert render(tidied(block), "") == ["unused = xs[9]", "return x"]


def _outcome(of: Specification, body: list[str], *arguments: Any) -> object:
    """What a program gives, to the last bit, or the kind of its error."""
    source = of.evolve.header + "\n" + "\n".join(body) + "\n"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            result = problems.call(of, source, *arguments)
    except Exception as error:
        return type(error)
    if isinstance(result, np.ndarray):
        return (result.dtype, result.shape, result.tobytes())
    # A float of Python and one of numpy print alike up to the name.
    return (
        (math.copysign(1, result), repr(float(result))) if isinstance(result, float | int) else repr(result)
    )


CALLS: dict[str, list[tuple[Any, ...]]] = {
    "bin_packing": [
        (30.0, np.array([100.0, 30.0, 45.0, 62.0])),
        (5.0, np.array([100.0])),
        (0.0, np.array([0.0, -0.0, 7.5])),
    ],
    "cap_set": [((0, 1, 2), 3), ((2, 2, 0, 1), 4), ((0,), 1)],
}


@pytest.mark.parametrize("name", CALLS)
def test_simplified_programs_do_the_same(name: str) -> None:
    """Programs are spoiled with operations of no effect and then simplified again."""
    of = problems.bundled(name)
    shorter = 0
    for source in problems.population(of, 120, seed=11):
        spoiled = _spoiled(source.split('"""')[-1])
        block, _ = settled(of, of.evolve.header + "\n" + spoiled)
        before, after = render(block, "    "), render(tidied(block), "    ")
        shorter += len("".join(after)) < len("".join(before))
        for arguments in CALLS[name]:
            copies = [tuple(np.copy(a) if isinstance(a, np.ndarray) else a for a in arguments) for _ in "12"]
            assert _outcome(of, before, *copies[0]) == _outcome(of, after, *copies[1]), "\n".join(before)
    assert shorter >= 100


def _spoiled(body: str) -> str:
    """Return a body with a dead store in front and operations of no effect on what it returns."""
    lines = body.strip("\n").split("\n")
    last = lines[-1].strip().removeprefix("return ")
    return (
        "\n".join(["    idle = 1 + 2", "    idle += 4", *lines[:-1], f"    return -(-({last}) * 1) - 0"])
        + "\n"
    )
