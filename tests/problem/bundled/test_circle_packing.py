import itertools
import math
from fractions import Fraction

import numpy as np
import pytest

from fsdb.problem.loading import load_problem


@pytest.fixture
def circle_packing(execute):
    return execute(load_problem("circle_packing").specification.text)


def by_chance(seed):
    return lambda n: np.random.default_rng([seed, n]).random((n, 2))


PLACES = {
    "seed": None,
    "one point": lambda n: np.full((n, 2), 0.5),
    "on a side": lambda n: [(i / n, 0.0) for i in range(n)],
    "outside": lambda n: [(-i, 2.0 + i) for i in range(n)],
    "far and near": lambda n: [(0.5 + 1e-9 * i, 0.5 + (1e-300 if i % 2 else 0)) for i in range(n)],
    "infinite": lambda n: np.full((n, 2), np.inf),
    "whole numbers": lambda n: np.arange(2 * n).reshape(n, 2) % 2,
    **{f"random {seed}": by_chance(seed) for seed in range(5)},
}


def is_packing(built, n):
    """The definition, in fractions."""
    circles = [tuple(map(Fraction, circle)) for circle in built.tolist()]
    return (
        len(circles) == n
        and all(r >= 0 and r <= x <= 1 - r and r <= y <= 1 - r for x, y, r in circles)
        and all(
            (one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2 >= (one[2] + other[2]) ** 2
            for one, other in itertools.combinations(circles, 2)
        )
    )


@pytest.mark.parametrize("n", [1, 2, 3, 7, 26, 32])
@pytest.mark.parametrize("name", PLACES)
def test_any_placement_makes_a_packing(circle_packing, name, n):
    if name == "seed" and n < 3:
        pytest.skip("the seed program has a row above another")
    circle_packing["place"] = PLACES[name] or circle_packing["place"]
    built = circle_packing["evaluate"](n)
    assert is_packing(built, n)
    assert circle_packing["verify"](n, built) == math.fsum(built[:, 2])


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 6])
@pytest.mark.parametrize("name", [name for name in PLACES if name != "seed"])
def test_the_radii_have_the_largest_sum_that_there_is(circle_packing, name, n):
    """No sum is larger than half the cost of an assignment, so one that equals the cheapest is largest."""
    circle_packing["place"] = PLACES[name]
    x_y_radius = circle_packing["evaluate"](n)
    centres = x_y_radius[:, :2].tolist()
    cost = [[math.dist(one, other) for other in centres] for one in centres]
    for i, (x, y) in enumerate(centres):
        cost[i][i] = 2 * min(x, 1 - x, y, 1 - y)
    bound = min(sum(cost[i][j] for i, j in enumerate(p)) for p in itertools.permutations(range(n))) / 2
    assert x_y_radius[:, 2].sum() == pytest.approx(bound, rel=1e-9, abs=1e-11)


def test_circles_of_a_grid_touch(circle_packing, execute):
    problem = load_problem("circle_packing")
    namespace = execute(problem.specification.render(problem.baselines["grid"]))
    built = namespace["evaluate"](25)
    assert built[:, 2] == pytest.approx(np.full(25, 0.1), abs=1e-12)
    assert namespace["verify"](25, built) == pytest.approx(2.5, abs=1e-11)


def test_best_known_is_the_mean_of_the_best_known_of_the_inputs():
    problem = load_problem("circle_packing")
    assert problem.inputs == {"n=26": 26, "n=32": 32}
    assert problem.baselines["best known"] == pytest.approx((2.635983 + 2.9379) / 2)


TWO = np.array([[0.25, 0.25, 0.25], [0.75, 0.25, 0.25]])
UP, DOWN = math.inf, -math.inf


def changed(circle, entry, towards):
    """Two circles that touch each other and three sides, with one number changed in the last place."""
    built = TWO.copy()
    built[circle, entry] = np.nextafter(built[circle, entry], towards)
    return built


def test_verify_adds_up_what_is_right(circle_packing):
    assert circle_packing["verify"](2, TWO) == 0.5
    assert circle_packing["verify"](2, TWO * [1, 1, 0.5]) == 0.25
    assert circle_packing["verify"](2, np.array([[0.0, 1.0, 0.0], [0.0, 1.0, 0.0]])) == 0
    smallest = 5e-324
    assert circle_packing["verify"](1, np.array([[smallest, 0.5, smallest]])) == smallest


@pytest.mark.parametrize(
    ("built", "message"),
    [
        (TWO.tolist(), "no array of 2 rows"),
        (TWO[:1], "no array of 2 rows"),
        (TWO[:, :2], "no array of 2 rows"),
        (TWO.astype(np.float32), "no array of 2 rows"),
        (np.where(TWO == 0.75, np.nan, TWO), "not finite"),
        (np.where(TWO == 0.75, np.inf, TWO), "not finite"),
        (TWO - [0, 0, 0.5], "circle 0 has a radius below zero"),
        (np.add(TWO, [0.25, 0, 0]), "circle 1 .* is not within the square"),
        (changed(0, 0, DOWN), "circle 0 .* is not within the square"),
        (changed(1, 1, DOWN), "circle 1 .* is not within the square"),
        (changed(1, 0, UP), "circle 1 .* is not within the square"),
        (changed(0, 2, UP), "circle 0 .* is not within the square"),
        (changed(0, 0, UP), "circles 0 and 1 overlap"),
        (changed(1, 0, DOWN), "circles 0 and 1 overlap"),
        (np.array([[0.5, 0.5, 0.1], [0.5, 0.5, 0.0]]), "circles 0 and 1 overlap"),
        (np.array([[0.5, 0.5, 0.1], [0.5, 0.5, 0.1]]), "circles 0 and 1 overlap"),
    ],
)
def test_verify_refuses_what_is_wrong(circle_packing, built, message):
    with pytest.raises(ValueError, match=message):
        circle_packing["verify"](2, built)


def test_an_overlap_that_no_square_root_would_show_is_refused(circle_packing):
    """Circles of a triangle of 3, 4 and 5 that touch exactly; and one radius larger in the last place."""
    touching = np.array([[0.25, 0.25, 0.125], [0.4375, 0.5, 0.1875]])
    assert circle_packing["verify"](2, touching) == 0.3125
    touching[1, 2] = np.nextafter(touching[1, 2], 1)
    with pytest.raises(ValueError, match="circles 0 and 1 overlap"):
        circle_packing["verify"](2, touching)


@pytest.mark.parametrize(
    ("returned", "message"),
    [
        (np.zeros((2, 3)), r"2 rows of x and y, not shape \(2, 3\)"),
        (np.zeros((3, 2)), r"2 rows of x and y, not shape \(3, 2\)"),
        (0.5, r"not shape \(\)"),
        (np.array([[0.5, np.nan], [0.5, 0.5]]), "place returned NaN"),
    ],
)
def test_what_are_no_centres_is_a_clear_error(circle_packing, returned, message):
    circle_packing["place"] = lambda n: returned
    with pytest.raises(ValueError, match=message):
        circle_packing["evaluate"](2)
