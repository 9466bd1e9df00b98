import itertools
import random

import numpy as np
import pytest

from fsdb.problem.loading import load_problem


@pytest.fixture
def cap_set(execute):
    return execute(load_problem("cap_set").specification.text)


def lines_in(points):
    """Count the lines among points by trying all triples."""
    return sum(
        all(sum(coordinates) % 3 == 0 for coordinates in zip(a, b, c, strict=True))
        for a, b, c in itertools.combinations(points, 3)
    )


def greedy(priority, n):
    """The same greedy set, built with no arithmetic but the definition of a line."""
    points = sorted(itertools.product((0, 1, 2), repeat=n), key=lambda el: -priority(el, n))
    taken = []
    for point in points:
        thirds = {tuple(-(a + b) % 3 for a, b in zip(point, other, strict=True)) for other in taken}
        if not thirds & set(taken):
            taken.append(point)
    return taken


def priorities():
    yield "seed", lambda el, n: 0.0
    yield "rising", lambda el, n: sum(x * 3**i for i, x in enumerate(el))
    yield "few values", lambda el, n: float(el.count(1) % 2)
    yield "infinite", lambda el, n: float("inf") if el[0] else float("-inf")
    for seed in range(3):
        noise = random.Random(seed)
        table = {el: noise.random() for n in range(1, 5) for el in itertools.product((0, 1, 2), repeat=n)}
        yield f"random {seed}", lambda el, n, table=table: table[el]


PRIORITIES = dict(priorities())


@pytest.mark.parametrize("n", [1, 2, 3, 4])
@pytest.mark.parametrize("name", PRIORITIES)
def test_it_is_the_greedy_set_and_holds_no_line(cap_set, name, n):
    priority = PRIORITIES[name]
    cap_set["priority"] = priority
    built = [tuple(map(int, point)) for point in cap_set["solve"](n)]
    assert built == greedy(priority, n)
    assert lines_in(built) == 0
    assert cap_set["verify"](n, cap_set["solve"](n)) == len(built)


@pytest.mark.parametrize(("n", "size"), [(3, 8), (4, 16), (5, 32), (6, 64), (7, 128), (8, 256), (9, 512)])
def test_the_seed_program_builds_the_trivial_set(cap_set, n, size):
    assert cap_set["verify"](n, cap_set["solve"](n)) == size


def test_a_set_of_six_dimensions_holds_no_line(cap_set):
    table = {el: random.Random(str(el)).random() for el in itertools.product((0, 1, 2), repeat=6)}
    cap_set["priority"] = lambda el, n: table[el]
    assert lines_in([tuple(map(int, point)) for point in cap_set["solve"](6)]) == 0


def test_the_largest_set_can_be_reached(cap_set):
    """A priority that knows a largest set of three dimensions, 9 points, builds it."""
    points = list(itertools.product((0, 1, 2), repeat=3))
    largest = {(x, y, (x * x + y * y) % 3) for x, y, _ in points}
    assert lines_in(sorted(largest)) == 0
    cap_set["priority"] = lambda el, n: el in largest
    assert cap_set["verify"](3, cap_set["solve"](3)) == 9


@pytest.mark.parametrize(
    ("points", "wrong"),
    [
        ([[0, 0], [1, 1], [2, 2]], "are on a line"),
        ([[0, 1], [1, 1], [0, 0], [2, 1]], "are on a line"),
        ([[0, 1], [0, 1]], "twice"),
        ([[0, 3]], "not 0, 1 or 2"),
        ([[0, -1]], "not 0, 1 or 2"),
        ([[0, 1, 2]], "shape"),
        ([0, 1], "shape"),
        ([[0.0, 1.0]], "no array of integers"),
    ],
)
def test_what_is_no_cap_set_is_refused(cap_set, points, wrong):
    with pytest.raises(ValueError, match=wrong):
        cap_set["verify"](2, np.array(points))


def test_every_line_is_found(cap_set):
    chance = random.Random(1)
    grid = list(itertools.product((0, 1, 2), repeat=4))
    for _ in range(50):
        points = chance.sample(grid, chance.randint(3, 16))
        if lines_in(points):
            with pytest.raises(ValueError, match="on a line"):
                cap_set["verify"](4, np.array(points))
        else:
            assert cap_set["verify"](4, np.array(points, dtype=np.uint8)) == len(points)


def test_a_priority_that_is_no_number_is_an_error(cap_set):
    cap_set["priority"] = lambda el, n: float("nan") if el == (1, 0) else 0.0
    with pytest.raises(ValueError, match=r"priority returned NaN for \(1, 0\)"):
        cap_set["solve"](2)
    cap_set["priority"] = lambda el, n: None
    with pytest.raises(TypeError):
        cap_set["solve"](2)
