"""OpenEvolve's convention, to the letter, by evaluators of all the kinds that people write."""

from __future__ import annotations

import pytest

from tests.evaluator.scripts.conftest import LOADING, Score

NINE = "def number():\n    return 9.0\n"


def returning(expression: str, before: str = "") -> dict[str, str]:
    """Return a problem whose evaluator returns an expression over the program's `value`."""
    return {
        "evaluator.py": f"{LOADING}\n{before}\n\ndef evaluate(program_path):\n"
        f"    value = load(program_path).run()\n    return {expression}\n"
    }


def test_metrics_and_artifacts_of_a_result_are_kept(score: Score) -> None:
    before = "import numpy as np\nfrom openevolve.evaluation_result import EvaluationResult"
    result = (
        "EvaluationResult(metrics={'combined_score': np.float64(value), 'count': np.int32(4),"
        " 'ok': np.bool_(1), 'note': 'text', 'odd': float('nan')},"
        " artifacts={'log': 'all well', 'raw': b'bytes'})"
    )
    (seed,) = score(returning(result, before))
    assert (seed.status, seed.score, seed.scoring, seed.profile) == ("ok", 3.0, "script", "script")
    assert seed.report.metrics == {
        "combined_score": 3.0,
        "count": 4.0,
        "ok": True,
        "note": "text",
        "odd": "nan",
    }
    assert seed.report.artifacts == {"log": "all well", "raw": "bytes"}


def test_programs_score_by_what_evolves_in_them(score: Score) -> None:
    seed, better, broken = score(returning("{'combined_score': value}"), None, NINE, "def number(:\n")
    assert (seed.score, better.score) == (3.0, 9.0)
    assert broken.status == "runtime_error"
    assert "SyntaxError" in (broken.error or "")


@pytest.mark.parametrize(
    ("returned", "status", "number"),
    [
        ("{'a': value, 'b': 5, 'error': 100.0, 'flag': True, 'note': 'x'}", "ok", 4.0),
        ("{'combined_score': value, 'error': 'a little'}", "ok", 3.0),
        ("{'error': 'it went wrong'}", "runtime_error", None),
        ("{'error': 0.0}", "runtime_error", None),
        ("{'combined_score': float('nan')}", "invalid_score", None),
        ("{'combined_score': float('inf'), 'a': 1.0}", "invalid_score", None),
        ("{'combined_score': 'high'}", "invalid_score", None),
        ("{}", "invalid_score", None),
        ("value", "runtime_error", None),
        ("1 / 0", "runtime_error", None),
        ("__import__('sys').exit(3)", "runtime_error", None),
        ("__import__('os')._exit(3)", "runtime_error", None),
        ("__import__('os').abort()", "runtime_error", None),
    ],
)
def test_a_score_is_the_combined_one_else_the_mean_of_numbers(
    score: Score, returned: str, status: str, number: float | None
) -> None:
    (seed,) = score(returning(returned))
    assert (seed.status, seed.score) == (status, number)
    assert (seed.error is None) is (status == "ok")
    if "wrong" in returned:
        assert "it went wrong" in (seed.error or "")


STAGES = f"""{LOADING}

def evaluate(program_path):
    raise AssertionError("stages are run instead")


def evaluate_stage1(program_path):
    value = load(program_path).run()
    return {{"first": value / 10, "combined_score": value / 10}}


def evaluate_stage2(program_path):
    return {{"second": 1.0, "combined_score": load(program_path).run() / 10 - 0.1}}


def evaluate_stage3(program_path):
    return {{"third": 1.0, "combined_score": 10.0}}
"""


def test_stages_are_run_while_each_reaches_its_threshold(score: Score) -> None:
    programs = [f"def number():\n    return {value}\n" for value in (3.0, 6.0, 9.0)]
    low, middle, high = score({"evaluator.py": STAGES}, *programs)
    assert (low.score, set(low.report.metrics)) == (0.3, {"first", "combined_score"})
    assert (middle.score, set(middle.report.metrics)) == (0.5, {"first", "second", "combined_score"})
    assert (high.score, set(high.report.metrics)) == (10.0, {"first", "second", "third", "combined_score"})


def test_thresholds_and_time_come_from_the_configuration_beside(score: Score) -> None:
    configuration = (
        "evaluator:\n  timeout: 7\n  cascade_thresholds: [0.1]\nprompt:\n  system_message: Find it.\n"
    )
    (low,) = score({"evaluator.py": STAGES, "config.yaml": configuration})
    assert set(low.report.metrics) == {"first", "second", "combined_score"}
    (direct,) = score({"evaluator.py": STAGES, "config.yaml": "evaluator: {cascade_evaluation: false}"})
    assert "stages are run instead" in (direct.error or "")


def test_evaluators_may_run_the_program_in_a_process_read_files_and_use_threads(score: Score) -> None:
    evaluator = """
import concurrent.futures, json, multiprocessing, os, subprocess, sys, tempfile
import beside

def square(x):
    return x * x

def evaluate(program_path):
    with tempfile.NamedTemporaryFile("w", suffix=".py", delete=False) as file:
        file.write(f"import runpy; print(runpy.run_path({program_path!r})['run']())")
    done = subprocess.run([sys.executable, file.name], capture_output=True, text=True, timeout=10, check=True)
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        squares = sum(pool.map(square, range(3)))
    with concurrent.futures.ProcessPoolExecutor(2) as pool:
        squares += sum(pool.map(square, range(3)))
    with open("data.json") as data:
        offset = json.load(data)["offset"]
    print("much ado\\n" * 100_000)
    return {"combined_score": float(done.stdout) + squares + offset + beside.MORE}
"""
    files = {"evaluator.py": evaluator, "data.json": '{"offset": 100}', "beside.py": "MORE = 1000\n"}
    (seed,) = score(files)
    assert (seed.status, seed.score) == ("ok", 1113.0), seed.error
    assert seed.output is not None
    assert len(seed.output) < 13_000
