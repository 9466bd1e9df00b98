"""ShinkaEvolve's convention: a script that leaves two files; with its helper module, and without."""

from __future__ import annotations

from tests.evaluator.scripts.conftest import LOADING, PROGRAM, Score

WITH_HELPER = """
import argparse
from shinka.core import run_shinka_eval


def valid(result):
    return result < 100, f"{result} is too large"


def summed_up(results):
    return {
        "combined_score": float(sum(results)),
        "public": {"results": results},
        "private": {"answer": 42},
        "text_feedback": "larger, please",
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--program_path", default="initial.py")
    parser.add_argument("--results_dir", default="results")
    given = parser.parse_args()
    run_shinka_eval(
        program_path=given.program_path,
        results_dir=given.results_dir,
        experiment_fn_name="experiment",
        num_runs=3,
        get_experiment_kwargs=lambda number: {"times": number},
        validate_fn=valid,
        aggregate_metrics_fn=summed_up,
    )
"""

EXPERIMENT = PROGRAM + "\n\ndef experiment(times):\n    return times * number()\n"

PLAIN = f"""{LOADING}
import argparse, json, os, sys

parser = argparse.ArgumentParser()
parser.add_argument("--program_path")
parser.add_argument("--results_dir")
given = parser.parse_args()
value = load(given.program_path).run()
os.makedirs(given.results_dir, exist_ok=True)
if value == 5:
    sys.exit(1)
with open(os.path.join(given.results_dir, "correct.json"), "w") as file:
    json.dump({{"correct": value < 100, "error": None if value < 100 else "too large"}}, file)
with open(os.path.join(given.results_dir, "metrics.json"), "w") as file:
    json.dump({{"combined_score": float("nan") if value == 7 else value}}, file)
"""


def returning(value: float) -> str:
    return f"def number():\n    return {value}\n"


def test_a_task_with_the_helper_module_runs_unchanged(score: Score) -> None:
    files = {"evaluate.py": WITH_HELPER, "initial.py": EXPERIMENT}
    seed, incorrect, broken = score(files, None, returning(60.0), "def number():\n    return 1 / 0\n")
    assert (seed.status, seed.score) == ("ok", 9.0), seed.error
    assert (seed.report.feedback or "").startswith("larger, please\n{")
    assert "answer" not in (seed.report.feedback or "")
    assert seed.report.private == {"answer": 42}
    assert seed.report.metrics["public"] == {"results": [0.0, 3.0, 6.0]}
    assert "answer" not in str(seed.report.metrics)
    assert (incorrect.status, incorrect.score, incorrect.scores) == ("incorrect", None, (None,))
    assert "120.0 is too large" in (incorrect.error or "")
    assert incorrect.report.metrics["combined_score"] == 180.0
    assert broken.status == "incorrect"
    assert "division by zero" in (broken.error or "")


def test_a_plain_script_runs_unchanged(score: Score) -> None:
    values = (None, returning(200.0), returning(7), returning(5))
    seed, incorrect, not_a_number, silent = score({"evaluate.py": PLAIN}, *values)
    assert (seed.status, seed.score) == ("ok", 3.0), seed.error
    assert (incorrect.status, incorrect.score, incorrect.error) == ("incorrect", None, "too large")
    assert not_a_number.status == "invalid_score"
    assert (silent.status, silent.error) == (
        "runtime_error",
        "the evaluator ended with exit code 1 without an answer",
    )
