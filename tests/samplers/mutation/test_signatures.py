"""Specifications of every kind: types from annotations, from defaults, from use, or guessed."""

from __future__ import annotations

import ast
from typing import Any

import pytest

from tests.samplers.mutation import problems

# name: (function, what stands above it, arguments to call it with, what its result is to be)
SPECIFICATIONS: dict[str, tuple[str, str, tuple[Any, ...], Any]] = {
    "no annotations": ("def f(x, y):\n    return x + y\n", "", (2.0, 3), (int, float)),
    "no annotations, a sequence": (
        "def f(xs):\n    return sum(xs) / len(xs)\n",
        "",
        ([1.0, 2.0],),
        (int, float),
    ),
    "no annotations, an index": ("def f(xs, i):\n    return xs[i]\n", "", ([1.0, 2.0, 4.0], 1), (int, float)),
    "list of floats": (
        "def f(xs: list[float]) -> float:\n    return max(xs)\n",
        "",
        ([1.0, 2.5],),
        (int, float),
    ),
    "List from typing": ("def f(xs: 'List[int]') -> int:\n    return len(xs)\n", "", ([1, 2, 3],), int),
    "integers": ("def f(a: int, b: int) -> int:\n    return a * b\n", "", (3, 4), int),
    "truth value": ("def f(a: int, b: float) -> bool:\n    return a > b\n", "", (3, 4.5), bool),
    "text": (
        "def f(word: str, n: int) -> float:\n    return float(len(word) + n)\n",
        "",
        ("abcba", 2),
        (int, float),
    ),
    "returns a text": (
        "def f(a: str, b: str) -> str:\n    return a if len(a) > 2 else b\n",
        "",
        ("abc", "xy"),
        str,
    ),
    "returns a list": ("def f(xs: list[int]) -> list[int]:\n    return sorted(xs)\n", "", ([3, 1, 2],), list),
    "returns a tuple": (
        "def f(x: int) -> tuple[int, int]:\n    return (x, x + 1)\n",
        "",
        (4,),
        (tuple, list),
    ),
    "many arguments": (
        "def f(a: int, b: float, c: float, d: int, e: bool, g: float, h: float):\n    return a + b\n",
        "",
        (1, 2.0, 3.0, 4, True, 6.0, 7.0),
        (int, float),
    ),
    "defaults": ("def f(x, k=3, s=0.5, name='a'):\n    return x * k * s\n", "", (2.0,), (int, float)),
    "keyword only": (
        "def f(x: float, /, *, k: int = 2) -> float:\n    return x * k\n",
        "",
        (2.0,),
        (int, float),
    ),
    "stars": ("def f(*xs: float, **options) -> float:\n    return sum(xs)\n", "", (1.0, 2.0), (int, float)),
    "one line": ("def f(x: float) -> float: return x\n", "", (2.0,), (int, float)),
    "one line with a docstring": ('def f(x: float) -> float: "Doc."; return x\n', "", (2.0,), (int, float)),
    "two spaces": (
        'def f(x: float) -> float:\n  """Doc.\n\n  More.\n  """\n  return x\n',
        "",
        (2.0,),
        (int, float),
    ),
    "tabs": ('def f(x: float) -> float:\n\t"""Doc."""\n\treturn x\n', "", (2.0,), (int, float)),
    "long header": (
        "def f(\n    x: float,  # size\n    y: float = 2.0,\n):  # the result\n    # why\n    return x - y\n",
        "",
        (2.0,),
        (int, float),
    ),
    "math": (
        "def f(x: float) -> float:\n    return math.sqrt(abs(x))\n",
        "import math",
        (2.0,),
        (int, float),
    ),
    "from math": (
        "def f(x: float) -> float:\n    return exp(-abs(x))\n",
        "from math import exp, sqrt",
        (2.0,),
        (int, float),
    ),
    "helpers and constants": (
        "def f(x: float) -> float:\n    return scale(x) + WEIGHTS[0]\n",
        "WEIGHTS = (1.0, 2.0, 3.0)\nLIMIT = 7\n\ndef scale(x: float) -> float:\n    return x / LIMIT\n",
        (2.0,),
        (int, float),
    ),
    "an object": (
        "def f(node: Node) -> float:\n    return node.weight * 2\n",
        "class Node:\n    weight = 3.0\n",
        (type("N", (), {"weight": 2.0})(),),
        (int, float),
    ),
    "a dictionary": ("def f(d: dict) -> float:\n    return d['a'] + 1.0\n", "", ({"a": 2.0},), (int, float)),
    "constant": ("def f() -> float:\n    return 1.5\n", "", (), (int, float)),
    "two arrays": (
        "def f(a: np.ndarray, b: np.ndarray) -> np.ndarray:\n    return a * b\n",
        "import numpy as np",
        ("array", "array"),
        "array",
    ),
    "an array to a number": (
        "def f(a: numpy.ndarray) -> float:\n    return float(a.sum())\n",
        "import numpy",
        ("array",),
        "number",
    ),
    "an array from a length": (
        "def f(n: int) -> np.ndarray:\n    return np.arange(n) * 1.0\n",
        "import numpy as np",
        (5,),
        "array",
    ),
    "a matrix": (
        "def f(m: np.ndarray) -> np.ndarray:\n    return 1.0 / (1.0 + m)\n",
        "import numpy as np",
        ("matrix",),
        "array",
    ),
    "an index of an array": (
        "def f(at: int, a: np.ndarray, far: np.ndarray) -> int:\n    return int(a[far[at][a].argmin()])\n",
        "import numpy as np",
        (1, "indices", "matrix"),
        "number",
    ),
}


@pytest.fixture(scope="module", params=SPECIFICATIONS)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def _argument(value: Any) -> Any:
    import numpy as np

    named = {
        "array": np.array([1.0, 3.0, 2.0]),
        "indices": np.array([0, 2]),
        "matrix": np.arange(9.0).reshape(3, 3),
    }
    return named[value] if isinstance(value, str) and value in named else value


def _is_result(value: Any, wanted: Any) -> bool:
    import numpy as np

    if wanted == "array":
        return isinstance(value, np.ndarray)
    if wanted == "number":
        return np.ndim(value) == 0
    return isinstance(value, wanted) or (wanted == (int, float) and isinstance(value, np.number | np.bool_))


def test_proposals_parse_run_and_give_what_is_asked_for(name: str) -> None:
    function, above, arguments, wanted = SPECIFICATIONS[name]
    specification = problems.specification(function, above)
    given = [_argument(value) for value in arguments]
    assert _is_result(problems.call(specification, specification.evolve.source, *given), wanted)
    right = []

    def is_right(program: str) -> bool:
        assert isinstance(ast.parse(program).body[0], ast.FunctionDef)
        assert program.startswith(specification.evolve.header)
        try:
            right.append(_is_result(problems.call(specification, program, *given), wanted))
        except Exception:
            right.append(False)
        return right[-1]

    problems.population(specification, 120, runs=is_right)
    assert sum(right) >= 0.6 * len(right)


def test_programs_vary(name: str) -> None:
    function, above, _, _ = SPECIFICATIONS[name]
    programs = problems.population(problems.specification(function, above), 120)
    assert len(set(programs)) >= (15 if name in ("constant", "returns a text") else 60)


def test_docstring_and_indentation_are_kept() -> None:
    function = SPECIFICATIONS["two spaces"][0]
    for program in problems.population(problems.specification(function), 30):
        assert program.startswith('def f(x: float) -> float:\n  """Doc.\n\n  More.\n  """\n  ')


def _used(function: str, above: str, name: str) -> bool:
    return any(
        name in program.split("\n", 1)[1]
        for program in problems.population(problems.specification(function, above), 200)
    )


def test_what_the_file_has_is_used() -> None:
    function, above, _, _ = SPECIFICATIONS["helpers and constants"]
    function = function.replace("scale(x) + WEIGHTS[0]", "x")
    for name in ("scale(", "WEIGHTS", "LIMIT"):
        assert _used(function, above, name)
    assert _used("def f(x: float) -> float:\n    return x\n", "import math as m", "m.")
    assert not _used("def f(x: float) -> float:\n    return x\n", "", "math")


def test_no_helper_that_calls_the_evolved_function_is_called() -> None:
    above = (
        "def outer(x: float) -> float:\n    return inner(x)\n\n"
        "def inner(x: float) -> float:\n    return f(x)\n\n"
        "def safe(x: float) -> float:\n    return x / 2\n"
    )
    function = "def f(x: float) -> float:\n    return x\n"
    assert _used(function, above, "safe(")
    assert not _used(function, above, "outer")
    assert not _used(function, above, "inner")
    assert not _used(function, above, "evaluate")


def test_arrays_of_different_kinds_are_not_mixed() -> None:
    import numpy as np

    specification = problems.specification(
        "def f(a: np.ndarray, b: np.ndarray) -> np.ndarray:\n    return a + b.max()\n", "import numpy as np"
    )
    ran = 0
    programs = problems.population(specification, 150)
    for program in programs:
        try:
            result = problems.call(specification, program, np.array([1.0, 2.0, 3.0]), np.array([4.0, 5.0]))
        except Exception:
            continue
        ran += isinstance(result, np.ndarray) and result.shape == (3,)
    assert ran >= 0.8 * len(programs)
