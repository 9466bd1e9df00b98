import itertools
import random

import numpy as np
import pytest

from fsdb.problem.loading import load_problem

UNIT = 2**20


@pytest.fixture
def corner_free(execute):
    return execute(load_problem("corner_free").specification.text)


def group(p, n):
    return {"p": p, "n": n}


def corners_among(pairs, p, n):
    """All corners of three pairs of a set, from the definition."""
    for x, y in pairs:
        for d in itertools.product(range(p), repeat=n):
            second = (tuple((a + b) % p for a, b in zip(x, d, strict=True)), y)
            third = (x, tuple((a + b) % p for a, b in zip(y, d, strict=True)))
            if any(d) and second in pairs and third in pairs:
                yield (x, y), second, third


def read(built, n):
    """The pairs of what was built, in order, and their weights in the three roles."""
    return {(tuple(row[:n]), tuple(row[n : 2 * n])): tuple(row[2 * n :]) for row in built.tolist()}


def harm(corner, weights):
    return sum(weights[pair][role] for role, pair in enumerate(corner)) <= 0


def greedy(function, p, n):
    """The same greedy set, by trying all corners of what is taken each time."""
    vectors = list(itertools.product(range(p), repeat=n))
    weights = {}
    for pair in itertools.product(vectors, repeat=2):
        first, second = (round(weight * UNIT) for weight in function(*pair, p, n))
        weights[pair] = (first, second, -first - second)
    harmful = [corner for corner in corners_among(set(weights), p, n) if harm(corner, weights)]
    count = {pair: sum(pair in corner for corner in harmful) for pair in weights}
    taken = set()
    for pair in sorted(weights, key=count.__getitem__):
        if not any(pair in corner and set(corner) <= taken | {pair} for corner in harmful):
            taken.add(pair)
    return {pair: weights[pair] for pair in weights if pair in taken}


def chance(seed, steps=3):
    def weights(x, y, p, n):
        draws = random.Random(f"{seed} {x} {y}")
        return draws.randint(-steps, steps) / 2, draws.randint(-steps, steps) / 2

    return weights


WEIGHTS = {
    "seed": None,
    "trivial": lambda x, y, p, n: (0.0, 0.0),
    "large": lambda x, y, p, n: (2**20 * (x == y), -(2**20) * (x[0] == 0)),
    "irrational": lambda x, y, p, n: (2**0.5 * x[0] - 3**0.5 * y[0], 0.1 * sum(y)),
    **{f"random {seed}": chance(seed) for seed in range(4)},
}


@pytest.mark.parametrize(("p", "n"), [(2, 1), (3, 1), (5, 1), (2, 2), (3, 2)])
@pytest.mark.parametrize("name", WEIGHTS)
def test_it_is_the_greedy_set_without_a_harmful_corner(corner_free, name, p, n):
    corner_free["weights"] = WEIGHTS[name] or corner_free["weights"]
    built = corner_free["evaluate"](group(p, n))
    weights = read(built, n)
    assert weights == greedy(corner_free["weights"], p, n)
    assert all(sum(three) == 0 for three in weights.values())
    assert not any(harm(corner, weights) for corner in corners_among(set(weights), p, n))
    assert corner_free["verify"](group(p, n), built) == len(built)


@pytest.mark.parametrize("name", ["seed", "trivial", "random 0"])
@pytest.mark.parametrize(("p", "n"), [(2, 4), (3, 3)])
def test_sets_of_the_larger_groups_are_without_a_harmful_corner(corner_free, name, p, n):
    corner_free["weights"] = WEIGHTS[name] or corner_free["weights"]
    built = corner_free["evaluate"](group(p, n))
    weights = read(built, n)
    assert not any(harm(corner, weights) for corner in corners_among(set(weights), p, n))
    assert corner_free["verify"](group(p, n), built) == len(built)


@pytest.mark.parametrize(("p", "n", "size"), [(2, 1, 2), (2, 4, 16), (3, 1, 3), (3, 2, 9), (3, 3, 27)])
def test_the_trivial_program_builds_sets_free_of_corners(corner_free, p, n, size):
    corner_free["weights"] = WEIGHTS["trivial"]
    pairs = set(read(corner_free["evaluate"](group(p, n)), n))
    assert len(pairs) == size
    assert not list(corners_among(pairs, p, n))


def test_weights_reach_more_than_sets_free_of_corners_can(corner_free):
    """In Z_2 three pairs of the four are a corner; weighed, three can be had, and so 3^n in Z_2^n."""
    corner_free["weights"] = lambda x, y, p, n: (
        sum(2 * ((a + b) % p > 0) - 1 for a, b in zip(x, y, strict=True)),
        0.0,
    )
    sizes = [len(corner_free["evaluate"](group(2, n))) for n in (1, 2, 3)]
    assert sizes == [len(greedy(corner_free["weights"], 2, n)) for n in (1, 2, 3)]
    assert max(size / 2**n for size, n in zip(sizes, (1, 2, 3), strict=True)) > 1


def test_best_known_is_the_mean_of_the_best_known_of_the_inputs():
    problem = load_problem("corner_free")
    assert problem.inputs == {"Z_2^4": group(2, 4), "Z_3^2": group(3, 2)}
    assert problem.baselines["best known"] == (137 + 53) / 2


def rows(*pairs):
    """Pairs of Z_3 with their first two weights, as what the run function returns."""
    return np.array([[x, y, first, second, -first - second] for x, y, first, second in pairs])


def test_verify_counts_what_is_right(corner_free):
    harmless = rows((0, 0, 1, 0), (1, 0, 0, 0), (0, 1, 0, 0))
    assert corner_free["verify"](group(3, 1), harmless) == 3
    assert corner_free["verify"](group(3, 1), rows((0, 0, 0, 0), (1, 1, 0, 0))) == 2
    assert corner_free["verify"](group(3, 1), np.empty((0, 5), dtype=np.int64)) == 0


@pytest.mark.parametrize(
    ("built", "message"),
    [
        ([[0, 0, 0, 0, 0]], "no array of integers"),
        (rows((0, 0, 0.5, 0)), "no array of integers"),
        (rows((0, 0, 0, 0)).astype(np.uint64), "no array of integers"),
        (rows((0, 0, 0, 0))[:, :4], r"shape \(1, 4\)"),
        (rows((0, 0, 0, 0))[0], r"shape \(5,\)"),
        (rows((0, 3, 0, 0)), "not one of 0 to 2"),
        (rows((-1, 0, 0, 0)), "not one of 0 to 2"),
        (rows((0, 0, 2**42, 0)), "too large"),
        (rows((0, 0, 0, -(2**63) + 1)), "too large"),
        (np.array([[0, 0, 1, 0, 0]]), "do not add up to zero"),
        (rows((0, 0, 0, 0), (1, 1, 0, 0), (0, 0, 0, 0)), "in the set twice"),
        (rows((0, 0, 0, 0), (1, 0, 0, 0), (0, 1, 0, 0)), r"\[\[0, 0\], \[1, 0\], \[0, 1\]\] is not harmless"),
        (rows((0, 0, -1, 0), (1, 0, 0, 0), (0, 1, 0, 0)), "is not harmless"),
        (rows((0, 0, 0, 1), (1, 0, 1, 0), (0, 1, 1, 0)), "is not harmless"),
    ],
)
def test_verify_refuses_what_is_wrong(corner_free, built, message):
    with pytest.raises(ValueError, match=message):
        corner_free["verify"](group(3, 1), built)


@pytest.mark.parametrize(
    ("returned", "message"),
    [
        ((1.0,), "returned 1 numbers, not 2"),
        ((1.0, 2.0, 3.0), "returned 3 numbers, not 2"),
        ((float("nan"), 0.0), "not two numbers of at most 1048576"),
        ((0.0, float("-inf")), "not two numbers of at most 1048576"),
        ((1e30, 0.0), "not two numbers of at most 1048576"),
    ],
)
def test_what_are_no_weights_is_a_clear_error(corner_free, returned, message):
    corner_free["weights"] = lambda x, y, p, n: returned
    with pytest.raises(ValueError, match=message):
        corner_free["evaluate"](group(2, 1))
