"""Every status told apart, by real programs in the real sandbox; after each, a good program scores right."""

from __future__ import annotations

import pytest

from tests.evaluator.arena import GOOD, Arena, arena, program

NESTED = "def priority(x):\n    return " + "(" * 5000 + "x" + ")" * 5000 + "\n"
NESTED_LISTS = "def priority(x):\n    return len(" + "[" * 150 + "]" * 150 + ")\n"
CHAINED = "def priority(x):\n    return " + "+".join(["x"] * 16000) + "\n"
UNARY = "def priority(x):\n    return " + "-" * 30000 + "x\n"


def test_a_good_program_is_ok(shared: Arena) -> None:
    result = shared(GOOD)
    assert result.status == "ok"
    assert result.scores == (0.0, 1.0, 3.0)
    assert result.score == pytest.approx(4 / 3, abs=0)
    assert result.error is None
    assert result.output is None
    assert result.seconds is not None
    assert result.cpu_seconds is not None
    assert result.sandbox_level == shared.evaluator.level


@pytest.mark.parametrize(
    ("source", "part"),
    [
        pytest.param("def priority(x):\n    return x +\n", "line 2: return x +", id="incomplete"),
        pytest.param("def priority(x):\nreturn x\n", "expected an indented block", id="not-indented"),
        pytest.param("def priority(x):\n    return\0 x\n", "NUL", id="nul"),
        pytest.param("def priority(x):\n    return '\ud800'\n", "surrogate", id="surrogate"),
        pytest.param("def priority(x):\n    return x\n" + "#" * 65536, "at most 65536", id="too-long"),
        pytest.param(NESTED, "", id="nested-parentheses"),
        pytest.param(UNARY, "", id="nested-minus"),
        pytest.param(CHAINED, "nested too deeply", id="chained"),
        pytest.param(program("return x" + ".a" * 30000), "nested too deeply", id="attributes"),
        pytest.param(program("return x" + "()" * 30000), "nested too deeply", id="calls"),
        pytest.param(program("return " + "lambda:" * 9000 + "0"), "nested too deeply", id="lambdas"),
        pytest.param(program("return " + "f'{" * 300), "", id="f-strings"),
        pytest.param(program(*(" " * i + "if x:" for i in range(200))), "indentation", id="indented"),
        pytest.param("", "one function, priority", id="empty"),
        pytest.param("    return x\n", "", id="body-only"),
        pytest.param("x = 1\n", "one function, priority", id="no-function"),
        pytest.param("def other(x):\n    return x\n", "one function, priority", id="other-name"),
        pytest.param(GOOD + "import os\n", "one function, priority", id="more-than-a-function"),
        pytest.param("class priority:\n    pass\n", "not a plain function", id="class"),
        pytest.param("async def priority(x):\n    return x\n", "not a plain function", id="async"),
        pytest.param("def priority(x):\n    nonlocal x\n    return x\n", "nonlocal", id="symbol-table"),
        pytest.param("def priority(x):\n    break\n", "outside loop", id="compiler"),
        pytest.param("def priority(x):\n    return '''\n", "unterminated", id="open-string"),
        pytest.param("def priority(x):\n    return x\u2028 + 1\n", "line 2", id="line-separator"),
        pytest.param("def priority(x):\n\treturn x\n        return 1\n", "TabError", id="tabs"),
    ],
)
def test_syntax_error(shared: Arena, source: str, part: str) -> None:
    result = shared(source)
    assert (result.status, result.score) == ("syntax_error", None)
    assert result.scores == (None, None, None)
    assert result.error is not None
    assert part in result.error
    shared.check_good()


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(NESTED_LISTS, id="nested-lists"),
        pytest.param(
            "def priority(x):\n    größe = 'ﬁ\u2028\u2029'\n    return len(größe)\n", id="not-ascii"
        ),
        pytest.param("def priority(x):\r\n    return x\r\n", id="crlf"),
        pytest.param("def priority(x):\r    return x\r", id="cr"),
        pytest.param("def priority(x):\n    return x\f\n", id="form-feed"),
        pytest.param("def priority(x):\n  # two spaces\n  return x", id="no-last-newline"),
        pytest.param("@functools.cache\ndef priority(x):\n    return x\n", id="decorator-not-imported"),
        pytest.param("def priority(x, *, k: int = 3, **rest) -> float:\n    return x * k\n", id="arguments"),
    ],
)
def test_no_syntax_error(shared: Arena, source: str) -> None:
    assert shared(source).status in ("ok", "runtime_error")
    shared.check_good()


@pytest.mark.parametrize(
    "body",
    ["return priority_v0(x)", "f = priority_v1; return f(x)", "return globals()['priority_v12'](x)"],
)
def test_calls_ancestor(shared: Arena, body: str) -> None:
    result = shared.run(body)
    assert (result.status, result.scores) == ("calls_ancestor", (None, None, None))
    assert result.error is not None
    assert "priority_v" in result.error


def test_recursion_and_similar_names_are_no_ancestors(shared: Arena) -> None:
    result = shared.run(
        "def priority_vector(y): return [y]",
        "def priority_v2(y): return priority_vector(y)[0]",
        "return priority_v2(x) if x < 2 else priority(x - 1)",
    )
    assert (result.status, result.scores) == ("ok", (1.0, 1.0, 1.0))


class TestRuntimeError:
    def test_names_class_message_line_and_input(self, shared: Arena) -> None:
        result = shared.run("y = x - 2", "", "return 1 / y")
        assert result.status == "runtime_error"
        assert result.error == (
            "ZeroDivisionError: division by zero\n  line 4 in priority: return 1 / y\n  on input 2 of 3"
        )
        assert result.scores == (-1.0, None, None)
        assert result.score is None

    def test_names_the_input_by_its_name(self) -> None:
        with arena(input_names=("small", "middle", "large")) as it:
            error = it.run("return [1, 2][x - 1]").error
        assert error is not None
        assert error.endswith("on input large")

    def test_lines_are_the_programs_whatever_surrounds_it(self, shared: Arena) -> None:
        result = shared.run("return helper('a' if x else None)")
        assert result.error is not None
        assert "line 2 in priority: return helper('a' if x else None)" in result.error
        assert "x + 1" not in result.error

    def test_an_error_of_the_specification_says_so(self) -> None:
        text = "import funsearch\n@funsearch.evolve\ndef priority(x):\n    return x\n"
        text += "@funsearch.run\ndef evaluate(x):\n    secret = priority(x) / 0\n    return secret\n"
        with arena(text) as it:
            error = it.run("return x").error
        assert error == (
            "ZeroDivisionError: division by zero\n"
            "  raised by the specification, in evaluate\n"
            "  on input 1 of 3"
        )

    def test_at_loading_no_input_is_named(self, shared: Arena) -> None:
        result = shared("def priority(x, y=1 / 0):\n    return x\n")
        assert result.status == "runtime_error"
        assert result.error == "ZeroDivisionError: division by zero\n  line 1: def priority(x, y=1 / 0):"

    @pytest.mark.parametrize(
        ("body", "part"),
        [
            (("import sys", "sys.exit(0)"), "SystemExit: 0"),
            (("import os", "os._exit(0)"), "exit code 0"),
            (("raise KeyboardInterrupt",), "KeyboardInterrupt"),
            (("return priority(x)",), "RecursionError"),
            (("import scipy_is_not_here",), "ModuleNotFoundError"),
            (("class E(Exception):", "    def __str__(self): raise self", "raise E"), "cannot be read"),
            (("raise Exception('\\x1b[31m\\ud800\\u202e')",), "\\x1b[31m\\ud800\\u202e"),
            (("import os", "os.close(3)", "while True: pass"), "closed its report and went on"),
            (("import ctypes", "return ctypes.string_at(0)"), "SIGSEGV"),
            (("assert x == 7, 'x' * 10**7",), "xxx"),
        ],
    )
    def test_however_it_ends(self, shared: Arena, body: tuple[str, ...], part: str) -> None:
        result = shared.run(*body)
        assert (result.status, result.scores) == ("runtime_error", (None, None, None))
        assert result.error is not None
        assert part in result.error
        assert len(result.error) <= 2000
        shared.check_good()

    def test_recursion_without_a_limit(self, hasty: Arena) -> None:
        result = hasty.run("import sys", "sys.setrecursionlimit(10**9)", "return max([x], key=priority)")
        assert result.status in ("runtime_error", "memory")
        hasty.check_good()


@pytest.mark.parametrize(
    "body",
    [
        ("while True: pass",),
        ("import time", "time.sleep(100)"),
        ("return len(range(10**18)) and sum(range(10**18))",),
        ("return max(10**10**8 % 7, x)",),
        ("import re", "return re.match('(a+)+b', 'a' * 60) is None"),
        ("while True:", "    try:", "        while True: pass", "    except BaseException: pass"),
        ("while True: print('x' * 10000)",),
        ("import os", "while True: os.write(3, b'1.0\\n' * 100)"),
        ("import os", "while True: os.write(1, b'x' * 10000)"),
    ],
)
def test_timeout(hasty: Arena, body: tuple[str, ...]) -> None:
    result = hasty.run(*body)
    assert (result.status, result.score) == ("timeout", None)
    hasty.check_good()


def test_timeout_keeps_earlier_scores_and_names_the_input(hasty: Arena) -> None:
    result = hasty.run("print('at', x)", "while x == 2: pass", "return x")
    assert (result.status, result.scores) == ("timeout", (1.0, None, None))
    assert result.error == "no end after 0.7 s\n  on input 2 of 3"
    assert result.output == "at 1\nat 2\n"


@pytest.mark.parametrize(
    "body",
    [
        ("return len(bytearray(10**12))",),
        ("return np.zeros((10**6, 10**6)).sum()",),
        ("y = []", "while True: y.append('x' * 10**6)"),
        ("y = [0]", "while True: y = y + y"),
        ("y = {}", "while True: y[len(y)] = [len(y)]"),
        ("raise MemoryError('pretended')",),
    ],
)
def test_memory(shared: Arena, body: tuple[str, ...]) -> None:
    result = shared.run(*body)
    assert (result.status, result.scores) == ("memory", (None, None, None))
    shared.check_good()


def test_memory_within_the_limit_is_granted(shared: Arena) -> None:
    assert shared.run("return np.ones(60 * 2**17).sum()").status == "ok"
    assert shared.run("return np.ones(70 * 2**17).sum()").status == "memory"


@pytest.mark.parametrize(
    "expression",
    [
        "None",
        "True",
        "np.bool_(True)",
        "'1.0'",
        "b'1'",
        "1j",
        "np.complex128(1)",
        "float('nan')",
        "float('inf')",
        "-np.inf",
        "np.float32('nan')",
        "10**400",
        "[1.0]",
        "(1.0,)",
        "{'score': 1.0}",
        "np.array([1.0, 2.0])",
        "np.array([])",
        "np.array([None])",
        "np.array([True])",
        "np.array('1')",
        "np.timedelta64(1, 's')",
        "np.ma.masked",
        "(y for y in [1.0])",
        "print",
        "__import__('decimal').Decimal(1)",
        "__import__('fractions').Fraction(1)",
        "type('F', (float,), {'__float__': lambda self: 1e9})(1)",
        "type('I', (int,), {})(1)",
        "type('G', (np.float64,), {})(1)",
        "type('A', (np.ndarray,), {})((1,))",
        "type('N', (), {'__float__': lambda self: 1.0, '__eq__': lambda self, other: True})()",
    ],
)
def test_invalid_score(shared: Arena, expression: str) -> None:
    result = shared.run(f"return {expression} if x == 2 else x")
    assert (result.status, result.scores, result.score) == ("invalid_score", (1.0, None, None), None)
    assert result.error is not None
    assert result.error.endswith("on input 2 of 3")


@pytest.mark.parametrize(
    ("expression", "score"),
    [
        ("7", 7.0),
        ("-0.0", 0.0),
        ("2**70", 2.0**70),
        ("0.1", 0.1),
        ("5e-324", 5e-324),
        ("np.int8(-3)", -3.0),
        ("np.uint64(2**64 - 1)", 2.0**64),
        ("np.float16(0.5)", 0.5),
        ("np.float32(0.1)", 0.10000000149011612),
        ("np.longdouble(1.5)", 1.5),
        ("np.array(2.5)", 2.5),
        ("np.array([[3]])", 3.0),
    ],
)
def test_numbers_of_every_kind_are_scores(shared: Arena, expression: str, score: float) -> None:
    result = shared.run(f"return {expression}")
    assert (result.status, result.scores) == ("ok", (score,) * 3)


class TestReduction:
    @pytest.mark.parametrize(("how", "score"), [("mean", 2.0), ("last", 3.0), ("min", 1.0), ("sum", 6.0)])
    def test_each_way(self, how: str, score: float) -> None:
        with arena(reduce=how) as it:
            assert it.run("return x").score == score

    def test_finite_scores_with_an_infinite_sum(self) -> None:
        with arena(reduce="sum") as it:
            result = it.run("return 1e308")
        assert (result.status, result.scores, result.score) == ("invalid_score", (1e308,) * 3, None)
        assert result.error == "the sum of the scores is inf"


class TestOutput:
    def test_both_streams_escaped_and_cut(self, shared: Arena) -> None:
        result = shared.run(
            "import sys, os",
            "if x == 1:",
            "    print('out\\x1b\\t')",
            "    print('err', file=sys.stderr)",
            "    os.write(1, b'raw\\xff\\n')",
            "print('é' * 10**6)",
            "return x",
        )
        assert result.status == "ok"
        assert result.output is not None
        assert result.output.startswith("out\\x1b\\t\nerr\nraw\\xff\néé")
        assert len(result.output) <= 1000

    def test_is_kept_when_the_process_dies(self, shared: Arena) -> None:
        result = shared.run("print('before')", "import ctypes", "return ctypes.string_at(0)")
        assert (result.status, result.output) == ("runtime_error", "before\n")


class TestGarbageResults:
    """A program that writes to the report itself can forge a score of its own, and nothing else."""

    @pytest.mark.parametrize(
        "report",
        [
            b'{"status":"ok","error":null,"score":1}\n',
            b'{"status":"sandbox_error","error":"no"}\n',
            b'{"status":"timeout","error":"no"}\n',
            b'{"status":"ok","error":null}\n',
            b'1.0\n1.0\n1.0\n{"status":"ok","error":"odd"}\n',
            b'1.0\n1.0\n1.0\n1.0\n{"status":"ok","error":null}\n',
            b'NaN\n1.0\n1.0\n{"status":"ok","error":null}\n',
            b'1e999\n1.0\n1.0\n{"status":"ok","error":null}\n',
            b'"1"\n1.0\n1.0\n{"status":"ok","error":null}\n',
            b'1.0\n1.0\n1.0\n{"status":"ok","error":null}\ntrailing',
            b'1.0\n{"status":"ok","error":null}\n1.0\n1.0\n',
            b"[" * 5000 + b"\n",
            b'{"status":"ok","error":null}' * 2 + b"\n",
            b'{"status":"runtime_error","error":"\xff"}\n',
            b"\x00" * 100 + b"\n",
            b"1.0\n" * 100000,
        ],
    )
    def test_is_an_invalid_score(self, shared: Arena, report: bytes) -> None:
        result = shared.run(
            "import os",
            f"data = {report!r}" if len(report) < 10000 else "data = b'1.0\\n' * 100000",
            "while data: data = data[os.write(3, data):]",
            "os._exit(0)",
        )
        assert (result.status, result.scores) == ("invalid_score", (None, None, None))
        assert result.error is not None
        assert result.error.startswith("the result cannot be read: ")
        shared.check_good()


def test_each_input_is_run_in_order_and_the_first_failure_ends_it(shared: Arena) -> None:
    result = shared.run("print(x)", "if x == 2: raise ValueError('no')", "return x")
    assert (result.scores, result.output) == ((1.0, None, None), "1\n2\n")


def test_evaluations_share_nothing(shared: Arena) -> None:
    first = program("np.shared = 1", "__builtins__['len'] = None", "import math", "math.pi = 3", "return x")
    assert shared(first).status == "ok"
    result = shared.run("import math", "return len([math.pi]) + math.pi + hasattr(np, 'shared')")
    assert result.scores == (pytest.approx(4.14159265), pytest.approx(4.14159265), pytest.approx(4.14159265))


def test_chance_without_a_seed_is_the_same_each_time(shared: Arena) -> None:
    source = program("import random", "return random.random() + np.random.rand() + hash('a') % 1000")
    assert shared(source).scores == shared(source).scores
    with arena() as other:
        assert other(source).scores == shared(source).scores
