import itertools
import random

import numpy as np
import pytest

from fsdb.problem.loading import load_problem


@pytest.fixture
def cycle_graphs(execute):
    return execute(load_problem("cycle_graphs").specification.text)


def graph(nodes, power):
    return {"nodes": nodes, "power": power}


def neighbours(one, other, nodes):
    """Whether two vertices are the same or neighbours, from the edges of the cycle."""
    edges = {(i, (i + 1) % nodes) for i in range(nodes)}
    return all(a == b or (a, b) in edges or (b, a) in edges for a, b in zip(one, other, strict=True))


def greedy(priority, nodes, power):
    """The same greedy set, built with no arithmetic but the definition of a neighbour."""
    vertices = itertools.product(range(nodes), repeat=power)
    taken = []
    for vertex in sorted(vertices, key=lambda el: -priority(el, nodes, power)):
        if not any(neighbours(vertex, other, nodes) for other in taken):
            taken.append(vertex)
    return taken


def chance(seed):
    return lambda el, num_nodes, n: random.Random(f"{seed} {el}").random()


PRIORITIES = {
    "seed": None,
    "trivial": lambda el, num_nodes, n: 0.0,
    "infinite": lambda el, num_nodes, n: float("inf") if el[0] else float("-inf"),
    "few values": lambda el, num_nodes, n: el.count(1) % 2,
    **{f"random {seed}": chance(seed) for seed in range(3)},
}


@pytest.mark.parametrize(("nodes", "power"), [(5, 1), (5, 2), (7, 2), (5, 3), (7, 3), (4, 2)])
@pytest.mark.parametrize("name", PRIORITIES)
def test_it_is_the_greedy_set_and_independent(cycle_graphs, name, nodes, power):
    cycle_graphs["priority"] = PRIORITIES[name] or cycle_graphs["priority"]
    built = cycle_graphs["evaluate"](graph(nodes, power))
    assert [tuple(vertex) for vertex in built.tolist()] == greedy(cycle_graphs["priority"], nodes, power)
    assert cycle_graphs["verify"](graph(nodes, power), built) == len(built)


@pytest.mark.parametrize("name", ["seed", "trivial", "random 0"])
def test_the_sets_of_the_inputs_are_independent(cycle_graphs, name):
    cycle_graphs["priority"] = PRIORITIES[name] or cycle_graphs["priority"]
    for value in (graph(7, 4), graph(9, 3)):
        built = cycle_graphs["evaluate"](value)
        pairs = itertools.combinations(built.tolist(), 2)
        assert not any(neighbours(one, other, value["nodes"]) for one, other in pairs)


def test_the_trivial_program_builds_the_trivial_sets(execute):
    problem = load_problem("cycle_graphs")
    namespace = execute(problem.specification.render(problem.baselines["trivial"]))
    sizes = [len(namespace["evaluate"](graph(7, power))) for power in (1, 2, 3, 4, 5)]
    assert sizes == [3, 9, 27, 81, 243]


def test_best_known_is_the_mean_of_the_best_known_of_the_inputs():
    problem = load_problem("cycle_graphs")
    assert list(problem.inputs) == ["C7^3", "C7^4", "C7^5"]
    assert problem.baselines["best known"] == pytest.approx((33 + 108 + 367) / 3)
    for name, value in [*problem.inputs.items(), *problem.held_out["other cycles"].items()]:
        assert name == f"C{value['nodes']}^{value['power']}"


def test_a_priority_finds_the_best_known_of_nine_nodes(cycle_graphs):
    """Vertices on a plane of the torus first: 81 is the best known of the third power."""

    def plane(el, num_nodes, n):
        return sum(2**i * node for i, node in enumerate(el)) % num_nodes == 0

    cycle_graphs["priority"] = plane
    assert len(cycle_graphs["evaluate"](graph(9, 3))) == 81


GOOD = [[0, 0], [2, 1], [4, 2], [1, 3], [3, 4]]


def test_verify_counts_what_is_right(cycle_graphs):
    """The five vertices by which Shannon's pentagon is worth more than two."""
    assert cycle_graphs["verify"](graph(5, 2), np.array(GOOD)) == 5
    assert cycle_graphs["verify"](graph(5, 2), np.array(GOOD, dtype=np.uint8)) == 5
    assert cycle_graphs["verify"](graph(5, 2), np.empty((0, 2), dtype=int)) == 0


@pytest.mark.parametrize(
    ("built", "message"),
    [
        (GOOD, "no array of integers"),
        (None, "no array of integers"),
        (np.array(GOOD, dtype=float), "no array of integers"),
        (np.array(GOOD, dtype=bool), "no array of integers"),
        (np.array(GOOD).T, r"shape \(2, 5\)"),
        (np.array([0, 2]), r"shape \(2,\)"),
        (np.zeros((26, 2), dtype=int), r"shape \(26, 2\)"),
        (np.array([*GOOD, [5, 5]]), "not one of 0 to 4"),
        (np.array([*GOOD, [-2, 1]]), "not one of 0 to 4"),
        (np.array([*GOOD, [2, 1]]), r"\[2, 1\] and \[2, 1\] are the same or neighbours"),
        (np.array([*GOOD, [4, 4]]), r"\[0, 0\] and \[4, 4\]"),
        (np.array([[3, 0], [2, 1]], dtype=np.uint8), r"\[3, 0\] and \[2, 1\]"),
    ],
)
def test_verify_refuses_what_is_wrong(cycle_graphs, built, message):
    with pytest.raises(ValueError, match=message):
        cycle_graphs["verify"](graph(5, 2), built)


def test_a_priority_that_is_no_number_is_an_error(cycle_graphs):
    cycle_graphs["priority"] = lambda el, num_nodes, n: float("nan") if el == (1, 0) else 0.0
    with pytest.raises(ValueError, match=r"priority returned NaN for \(1, 0\)"):
        cycle_graphs["evaluate"](graph(5, 2))
