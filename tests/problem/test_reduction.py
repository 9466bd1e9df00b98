import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fsdb.problem.reduction import REDUCTIONS, reduce_scores

finite = st.floats(allow_nan=False, allow_infinity=False)
scores = st.lists(finite, min_size=1, max_size=20)


@pytest.mark.parametrize(
    ("how", "expected"), [("mean", 2.0), ("last", 1.5), ("min", 0.5), ("sum", 6.0)], ids=REDUCTIONS
)
def test_each_reduction(how, expected):
    assert reduce_scores([4.0, 0.5, 1.5], how) == expected
    assert type(reduce_scores([4, 0, 1], how)) is float


@pytest.mark.parametrize("how", REDUCTIONS)
@settings(deadline=None)
@given(score=finite)
def test_one_score_is_its_own_reduction(how, score):
    assert reduce_scores([score], how) == score


@settings(deadline=None)
@given(values=scores)
def test_the_mean_lies_between_the_extremes(values):
    assert min(values) <= reduce_scores(values, "mean") <= max(values)


@pytest.mark.parametrize("how", ["mean", "min", "sum"])
@settings(deadline=None)
@given(data=st.data(), values=scores)
def test_order_does_not_matter(how, data, values):
    shuffled = data.draw(st.permutations(values))
    assert reduce_scores(values, how) == reduce_scores(shuffled, how)


def test_sums_are_exact_before_they_are_rounded():
    assert reduce_scores([1e16, 1.0, -1e16], "sum") == 1.0
    assert reduce_scores([0.1] * 10, "mean") == 0.1


def test_sums_beyond_the_largest_double():
    assert reduce_scores([1e308, 1e308], "sum") == math.inf
    assert reduce_scores([-1e308, -1e308], "sum") == -math.inf
    assert reduce_scores([1e308, 1e308], "mean") == 1e308
    assert reduce_scores([1e308, 1e308, -1e308], "sum") == 1e308


@pytest.mark.parametrize("how", REDUCTIONS)
def test_no_scores_is_an_error(how):
    with pytest.raises(ValueError, match="no score"):
        reduce_scores([], how)


def test_unknown_reduction_is_an_error():
    with pytest.raises(ValueError, match="'median'; it is one of mean, last, min, sum"):
        reduce_scores([1.0], "median")
