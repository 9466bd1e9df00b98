"""What a program finds in its process at each level. What it may try there stands in tests/hostile."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from fsdb.sandbox.levels import level_of
from fsdb.sandbox.lockdown import LAYERS
from tests.evaluator.arena import Arena, arena

SECRET = "sk-planted-in-the-environment-of-the-engine"


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(LAYERS, id="L3"),
        pytest.param(("rlimits", "user", "landlock", "seccomp"), id="L2"),
        pytest.param(("rlimits", "seccomp"), id="L1"),
    ],
)
def contained(request: pytest.FixtureRequest) -> Iterator[Arena]:
    os.environ["OPENAI_API_KEY"] = SECRET
    try:
        with arena(layers=request.param) as it:
            if it.evaluator.level < level_of(request.param):
                pytest.skip(f"this machine's sandbox reaches only {it.evaluator.level}")
            yield it
            assert it.evaluator.restarts == 0
    finally:
        del os.environ["OPENAI_API_KEY"]


class TestSecrets:
    def test_the_environment_holds_nothing_of_the_engine(self, contained: Arena) -> None:
        assert os.environ["OPENAI_API_KEY"] == SECRET
        result = contained.run(
            "import os", "print(sorted(os.environ))", "return 'OPENAI_API_KEY' in os.environ and 1 or 0"
        )
        assert result.scores == (0.0, 0.0, 0.0)
        assert result.output is not None
        assert set(eval(result.output.splitlines()[0])) <= {
            *("PATH", "LANG", "LC_ALL", "TZ", "HOME", "LD_LIBRARY_PATH"),
            *("PYTHONHASHSEED", "PYTHONUTF8", "PYTHON_JIT"),
            *(name for name in os.environ if name.endswith("_THREADS")),
            *("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"),
            *("VECLIB_MAXIMUM_THREADS", "NUMEXPR_NUM_THREADS", "RAYON_NUM_THREADS"),
        }

    def test_no_object_in_the_process_holds_the_secret(self, contained: Arena) -> None:
        result = contained.run(
            "import gc",
            "found = [o for o in gc.get_objects() if type(o) is dict for v in o.values()"
            " if type(v) is str and 'sk-' + 'planted' in v]",
            "return len(found)",
        )
        assert result.scores == (0.0, 0.0, 0.0)

    def test_only_four_descriptors_are_open(self, contained: Arena) -> None:
        result = contained.run(
            "import os",
            "def works(n):",
            "    try: return os.write(n, b'')  == 0",
            "    except OSError: return False",
            "return sum(n for n in range(200) if works(n))",
        )
        # 0 is the null device, 1 and 2 take output, 3 the report.
        assert result.scores == (6.0, 6.0, 6.0)

    def test_standard_input_is_empty(self, contained: Arena) -> None:
        error = contained.run("return input()").error
        assert error is not None
        assert error.startswith("EOFError")


def test_root_is_left_behind(contained: Arena) -> None:
    if "user" not in contained.evaluator.layers:
        pytest.skip("the layer is left out here")
    result = contained.run("import ctypes", "return ctypes.CDLL(None).getuid()")
    assert result.scores != (0.0, 0.0, 0.0)


def test_modules_of_the_specification_and_usual_ones_can_be_imported(contained: Arena) -> None:
    result = contained.run(
        "import math, random, itertools, functools, collections, heapq, bisect, statistics, fractions",
        "import decimal, json, re, string, copy, typing, dataclasses, datetime",
        "import numpy.linalg, numpy.fft, numpy.polynomial",
        "from numpy.random import default_rng",
        "datetime.datetime.strptime('2020', '%Y')",
        "return int(np.linalg.eigvalsh(np.eye(30)).sum()) + default_rng(1).integers(1)",
    )
    assert (result.status, result.scores, result.error) == ("ok", (30.0, 30.0, 30.0), None)


def test_a_program_cannot_pretend_to_be_slower_to_die(hasty: Arena) -> None:
    """Signals that a program might ignore are not what ends it."""
    result = hasty.run("import signal", "signal.signal(signal.SIGTERM, signal.SIG_IGN)", "while True: pass")
    assert result.status in ("timeout", "runtime_error")
    hasty.check_good()


def test_a_specification_may_import_what_programs_may_not(tmp_path: Path) -> None:
    text = "import funsearch, wave\n@funsearch.evolve\ndef priority(x):\n    return x\n"
    text += "@funsearch.run\ndef evaluate(x):\n    import colorsys\n    return priority(x)\n"
    with arena(text) as it:
        assert it.run("import wave, colorsys", "return len(wave.__name__)").status == "ok"
        assert it.run("import mailbox", "return 1").status == (
            "ok" if it.evaluator.level == "L0" else "runtime_error"
        )
