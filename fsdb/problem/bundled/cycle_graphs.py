"""Find large independent sets in strong powers of cycle graphs.

A vertex of the n-th strong power of a cycle is a tuple of n nodes of the cycle; two vertices are neighbours
when in every place their nodes are the same or adjacent. The set is built greedily: the vertices are tried
from the highest priority to the lowest, and each is taken that has no neighbour among those taken before it.
The score is the size of the set.
"""

# The sizes bound the Shannon capacity of the cycle from below: 367 ** (1 / 5) is the best bound known for
# C7. The problem and the greedy skeleton are those of Romera-Paredes et al., "Mathematical discoveries from
# program search with large language models", Nature 625 (2024), doi:10.1038/s41586-023-06924-6, which found
# 754 for C11^4, 748 being known before, and built 367 for C7^5 and 81, 324, 1458, 6561 and 26244 for C9^3
# to C9^7. 33 for C7^3 is the largest possible (Baumert et al., SIAM Journal on Applied Mathematics 20
# (1971)); 108 for C7^4 (Vesel and Žerovnik, Information Processing Letters 81 (2002)) and 367 for C7^5
# (Polak and Schrijver, Information Processing Letters 143 (2019)) are the largest known.

import itertools

import funsearch
import numpy as np

INPUTS = {
    "C7^3": {"nodes": 7, "power": 3},
    "C7^4": {"nodes": 7, "power": 4},
    "C7^5": {"nodes": 7, "power": 5},
}
HELD_OUT = {
    "other cycles": {
        "C9^3": {"nodes": 9, "power": 3},
        "C9^4": {"nodes": 9, "power": 4},
        "C11^4": {"nodes": 11, "power": 4},
    },
}
BASELINES = {
    "trivial": """
def priority(el, num_nodes, n):
    return 0.0
""",
    "best known": 169.33333333333334,  # the mean of 33, 108 and 367
}


@funsearch.run
def evaluate(graph: dict) -> np.ndarray:
    """Return the independent set that the priority builds, for `verify` to count."""
    return solve(graph["nodes"], graph["power"])


def solve(num_nodes: int, n: int) -> np.ndarray:
    """Return an independent set of the n-th power as an array with one row of n nodes for each vertex."""
    vertices = list(itertools.product(range(num_nodes), repeat=n))  # in the order of their numbers
    with np.errstate(all="ignore"):  # a priority may divide by zero
        priorities = np.array([float(priority(vertex, num_nodes, n)) for vertex in vertices])
    if np.isnan(priorities).any():
        raise ValueError(f"priority returned NaN for {vertices[int(np.isnan(priorities).argmax())]}")

    # A vertex and its neighbours are where it goes by a step of -1, 0 or 1 in each place.
    grid = np.array(vertices)
    powers = num_nodes ** np.arange(n - 1, -1, -1)
    steps = np.array(list(itertools.product((-1, 0, 1), repeat=n)))
    excluded = np.zeros(len(grid), dtype=bool)
    taken = []
    for number in np.argsort(-priorities, kind="stable").tolist():
        if not excluded[number]:
            excluded[(grid[number] + steps) % num_nodes @ powers] = True
            taken.append(number)
    return grid[taken]


@funsearch.verify
def verify(graph: dict, built: np.ndarray) -> int:
    """Return the size of a set of vertices of which no two are the same or neighbours."""
    num_nodes, n = graph["nodes"], graph["power"]
    if type(built) is not np.ndarray or built.dtype.kind not in "iu":
        raise ValueError("the set is no array of integers")
    if built.ndim != 2 or built.shape[1] != n or len(built) > num_nodes**n:
        raise ValueError(f"the set is an array of shape {built.shape}, not of rows of {n} nodes")
    if ((built < 0) | (built >= num_nodes)).any():
        raise ValueError(f"a vertex has a node that is not one of 0 to {num_nodes - 1}")
    built = built.astype(np.int64)
    for number, vertex in enumerate(built[:-1]):
        apart = np.abs(built[number + 1 :] - vertex)
        near = (np.minimum(apart, num_nodes - apart) <= 1).all(axis=1)
        if near.any():
            other = built[number + 1 + int(near.argmax())]
            raise ValueError(f"{vertex.tolist()} and {other.tolist()} are the same or neighbours")
    return len(built)


@funsearch.evolve
def priority(el: tuple[int, ...], num_nodes: int, n: int) -> float:
    """Return the priority with which to add a vertex to the independent set.

    Args:
        el: the vertex, n nodes of the cycle, each one of 0 to num_nodes - 1.
        num_nodes: the number of nodes of the cycle, which is odd.
        n: the power.

    Returns:
        A number; vertices with higher ones are tried first, those with equal ones in lexicographic order.
    """
    place = 0  # a sum of the nodes with a weight for each, around the cycle
    for node in el:
        place = (2 * place + node) % num_nodes
    ends = el.count(0) + el.count(num_nodes - 1)  # nodes where the lexicographic order begins and ends
    return 0.1 * (place == 0) - 0.01 * ends
