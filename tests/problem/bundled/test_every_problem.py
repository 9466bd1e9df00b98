import math

import pytest

from fsdb.problem.loading import bundled_problems
from fsdb.problem.reduction import REDUCTIONS
from fsdb.sandbox.values import pack, unpack

PROBLEMS = {problem.name: problem for problem in bundled_problems()}


@pytest.fixture(params=PROBLEMS)
def problem(request):
    return PROBLEMS[request.param]


@pytest.fixture
def scores(problem, execute):
    """Return the scores of a program on a set of inputs, as the sandbox makes them but in this process."""

    def scores(source, inputs):
        specification = problem.specification
        namespace = execute(specification.render(source))
        found = []
        for value in inputs.values():
            result = namespace[specification.run](value)
            if specification.verify is not None:
                result = namespace[specification.verify](value, unpack(pack(result)))
            found.append(float(result))
        return found

    return scores


def test_the_seed_program_scores_alike_each_time(problem, scores):
    found = scores(problem.specification.evolve.source, problem.inputs)
    assert all(map(math.isfinite, found))
    assert scores(problem.specification.evolve.source, problem.inputs) == found


def test_no_program_beats_what_is_best_known(problem, scores):
    assert problem.reduce == REDUCTIONS[0] == "mean"
    known = [each for each in problem.baselines.values() if not isinstance(each, str)]
    programs = [each for each in problem.baselines.values() if isinstance(each, str)]
    for source in [problem.specification.evolve.source, *programs]:
        found = scores(source, problem.inputs)
        assert all(sum(found) / len(found) < best for best in known)


def test_there_is_something_to_compare_with_and_it_is_told_where_the_problem_comes_from(problem):
    assert problem.baselines
    assert "doi:" in problem.specification.text
