import json
import re
import subprocess
import sys
from pathlib import Path

from fsdb.problem.loading import bundled_problems, load_problem

GUIDE_FILE = Path(__file__).parents[2] / "docs" / "problems.md"
GUIDE = GUIDE_FILE.read_text(encoding="utf-8")


def python_blocks():
    return re.findall(r"```python\n(.*?)```", GUIDE, flags=re.DOTALL)


def test_the_first_example_is_a_problem_that_runs(tmp_path, execute):
    path = tmp_path / "my_problem.py"
    path.write_text(python_blocks()[0])
    problem = load_problem(str(path))
    namespace = execute(problem.specification.text)
    scores = [namespace[problem.specification.run](value) for value in problem.inputs.values()]
    assert scores == [2.0, 4.0, 10.0, 20.0]
    assert problem.specification.task.startswith("Find a function")


def test_the_constants_of_the_second_example_are_read(tmp_path):
    path = tmp_path / "my_problem.py"
    specification, constants = python_blocks()
    path.write_text(specification.replace("INPUTS = [1, 2, 5, 10]\n", constants))
    (tmp_path / "training.json").write_text("[1]")
    (tmp_path / "other.json").write_text('{"far": 1000}')
    problem = load_problem(str(path))
    assert problem.reduce == "min"
    assert problem.baselines == {"doubling": "def grow(x):\n    return 2 * x\n", "best known": 999}
    assert problem.held_out == {"large": {"100": 100, "200": 200}, "other": {"far": 1000}}


def test_the_guide_tells_of_every_bundled_problem_and_held_out_set():
    for problem in bundled_problems():
        assert f"### `{problem.name}`" in GUIDE
        for name in problem.held_out:
            assert f"| {name} |" in GUIDE


def test_the_table_of_what_is_reached_is_what_was_measured():
    benchmark = GUIDE_FILE.parents[1] / "benchmarks" / "problems.py"
    command = [sys.executable, str(benchmark), "--table", str(GUIDE_FILE.with_suffix(".json"))]
    made = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert f"<!-- table: problems.json -->\n{made}<!-- end -->" in GUIDE
    measured = json.loads(GUIDE_FILE.with_suffix(".json").read_text())
    assert set(measured["problems"]) <= {problem.name for problem in bundled_problems()}
    assert all(len(each["bests"]) >= 5 for each in measured["problems"].values())
