import itertools
import math
import random

import numpy as np
import pytest

from fsdb.problem.loading import load_problem


@pytest.fixture
def admissible_sets(execute):
    return execute(load_problem("admissible_sets").specification.text)


def size(n, w, block=3):
    return {"n": n, "w": w, "block": block}


def rotations(vector, block):
    """All that a vector stands for: each block rotated in each way."""
    blocks = [vector[start : start + block] for start in range(0, len(vector), block)]
    rotated = [{each[i:] + each[:i] for i in range(block)} for each in blocks]
    return {sum(chosen, ()) for chosen in itertools.product(*rotated)}


def is_admissible(vectors, w):
    """The definition, on every two and every three vectors."""
    zeros = [frozenset(i for i, entry in enumerate(vector) if entry == 0) for vector in vectors]
    return (
        all(len(vector) - len(empty) == w for vector, empty in zip(vectors, zeros, strict=True))
        and len(set(zeros)) == len(zeros)
        and all(
            any(sorted(column) in ([0, 0, 1], [0, 0, 2], [0, 1, 2]) for column in zip(*three, strict=True))
            for three in itertools.combinations(vectors, 3)
        )
    )


def greedy(priority, n, w, block):
    """The same greedy set by trying whether all is admissible still, in the order of the first rotations."""
    taken = []
    vectors = [v for v in itertools.product((0, 1, 2), repeat=n) if n - v.count(0) == w]
    first = sorted({min(rotations(vector, block)) for vector in vectors})
    for vector in sorted(first, key=lambda el: -priority(el, n, w)):
        if is_admissible([*taken, *rotations(vector, block)], w):
            taken += sorted(rotations(vector, block))
    return taken


def chance(seed):
    return lambda el, n, w: random.Random(f"{seed} {el}").random()


PRIORITIES = {
    "seed": None,
    "trivial": lambda el, n, w: 0.0,
    "infinite": lambda el, n, w: float("inf") if el[0] else float("-inf"),
    **{f"random {seed}": chance(seed) for seed in range(3)},
}


@pytest.mark.parametrize(
    ("n", "w", "block"),
    [(3, 1, 3), (3, 2, 3), (3, 3, 3), (6, 3, 3), (6, 4, 3), (4, 2, 1), (4, 3, 1), (4, 2, 2)],
)
@pytest.mark.parametrize("name", PRIORITIES)
def test_it_is_the_greedy_set_and_admissible(admissible_sets, name, n, w, block):
    admissible_sets["priority"] = PRIORITIES[name] or admissible_sets["priority"]
    built = admissible_sets["evaluate"](size(n, w, block))
    expanded = [vector for row in built.tolist() for vector in rotations(tuple(row), block)]
    assert sorted(expanded) == sorted(greedy(admissible_sets["priority"], n, w, block))
    assert is_admissible(expanded, w)
    assert admissible_sets["verify"](size(n, w, block), built) == len(expanded)


@pytest.mark.parametrize("name", ["seed", "trivial", "random 0"])
def test_sets_of_nine_entries_are_admissible(admissible_sets, name):
    admissible_sets["priority"] = PRIORITIES[name] or admissible_sets["priority"]
    built = admissible_sets["evaluate"](size(9, 6))
    expanded = [vector for row in built.tolist() for vector in rotations(tuple(row), 3)]
    assert is_admissible(expanded, 6)
    assert admissible_sets["verify"](size(9, 6), built) == len(expanded) <= math.comb(9, 6)


def test_the_trivial_program_builds_the_trivial_set(execute):
    problem = load_problem("admissible_sets")
    namespace = execute(problem.specification.render(problem.baselines["trivial"]))
    assert namespace["verify"](size(15, 10), namespace["evaluate"](size(15, 10))) == 1842


def test_the_trivial_program_builds_the_trivial_set_without_symmetry(execute):
    """548 vectors of 12 entries, in blocks of one; the largest set that the tests build."""
    problem = load_problem("admissible_sets")
    namespace = execute(problem.specification.render(problem.baselines["trivial"]))
    built = namespace["evaluate"](size(12, 7, 1))
    assert namespace["verify"](size(12, 7, 1), built) == len(built) == 548


def test_a_priority_builds_a_set_of_full_size(admissible_sets):
    admissible_sets["priority"] = lambda el, n, w: -abs(el.count(1) - el.count(2))
    assert admissible_sets["verify"](size(12, 7), admissible_sets["evaluate"](size(12, 7))) == math.comb(
        12, 7
    )


def test_what_cannot_be_beaten_is_the_number_of_places_for_the_zeros():
    problem = load_problem("admissible_sets")
    assert problem.inputs == {"I(15,10)": size(15, 10)}
    assert problem.baselines["largest possible"] == math.comb(15, 10)


GOOD = [[0, 0, 0, 0, 1, 2], [0, 0, 1, 0, 0, 1]]


def test_verify_counts_rotations(admissible_sets):
    assert is_admissible([v for row in GOOD for v in rotations(tuple(row), 3)], 2)
    assert admissible_sets["verify"](size(6, 2), np.array(GOOD)) == 3 + 9
    assert admissible_sets["verify"](size(6, 2), np.array(GOOD, dtype=np.uint8)) == 3 + 9
    assert admissible_sets["verify"](size(6, 2), np.array([[0, 0, 0, 2, 0, 1], GOOD[1]])) == 3 + 9
    assert admissible_sets["verify"](size(6, 2), np.empty((0, 6), dtype=int)) == 0


@pytest.mark.parametrize(
    ("built", "message"),
    [
        (GOOD, "no array of integers"),
        (np.array(GOOD, dtype=float), "no array of integers"),
        (np.array(GOOD)[:, :3], r"shape \(2, 3\)"),
        (np.array(GOOD[0]), r"shape \(6,\)"),
        (np.zeros((16, 6), dtype=int), r"shape \(16, 6\)"),  # there are 15 ways to place two entries
        (np.array([[0, 0, 0, 0, 1, 3]]), "not 0, 1 or 2"),
        (np.array([[0, 0, 0, 0, 1, -1]]), "not 0, 1 or 2"),
        (np.array([[0, 0, 0, 0, 0, 1]]), "has not 2 entries"),
        (np.array([[0, 0, 0, 0, 1, 1]]), r"\[0, 0, 0, 0, 1, 1\] does not go with its rotations"),
        (np.array([*GOOD, GOOD[0]]), r"\[0, 0, 0, 0, 1, 2\] does not go with the vectors before it"),
        (np.array([*GOOD, [0, 0, 0, 2, 0, 1]]), r"\[0, 0, 0, 2, 0, 1\] does not go"),
        (np.array([*GOOD, [0, 0, 0, 0, 2, 1]]), r"\[0, 0, 0, 0, 2, 1\] does not go"),
        (np.array([*GOOD, [0, 1, 0, 0, 2, 0]]), r"\[0, 1, 0, 0, 2, 0\] does not go"),
    ],
)
def test_verify_refuses_what_is_wrong(admissible_sets, built, message):
    with pytest.raises(ValueError, match=message):
        admissible_sets["verify"](size(6, 2), built)


def test_verify_agrees_with_the_definition_on_sets_by_chance(admissible_sets):
    vectors = [v for v in itertools.product((0, 1, 2), repeat=6) if v.count(0) == 2]
    draws = random.Random(1)
    found = set()
    for _ in range(400):
        chosen = draws.sample(vectors, draws.choice((1, 2, 2, 3)))
        expanded = [vector for row in chosen for vector in rotations(row, 3)]
        right = is_admissible(expanded, 4)
        found.add((right, len(chosen)))
        if right:
            assert admissible_sets["verify"](size(6, 4), np.array(chosen)) == len(expanded)
        else:
            with pytest.raises(ValueError, match="does not go"):
                admissible_sets["verify"](size(6, 4), np.array(chosen))
    assert {(True, 1), (False, 1), (True, 2), (False, 2), (False, 3)} <= found


def test_a_priority_that_is_no_number_is_an_error(admissible_sets):
    admissible_sets["priority"] = lambda el, n, w: float("nan") if el == (0, 0, 2) else 0.0
    with pytest.raises(ValueError, match=r"priority returned NaN for \(0, 0, 2\)"):
        admissible_sets["evaluate"](size(3, 1))
