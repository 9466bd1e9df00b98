"""Build short round trips through cities, one city after another, none of them ever moved again.

From the city reached last, the trip goes on to the unvisited city of highest priority, and in the end back to
where it began. The score is minus the trip's excess over the length of a good one, in percent.
"""

# The travelling salesman problem, with cities drawn uniformly from a square (README.md says how). Programs
# for it were searched for in this constructive form by Liu et al., "Evolution of heuristics", ICML 2024,
# doi:10.48550/arXiv.2401.02051. The reference lengths are of tours that a local search found, good but not
# proven to be the shortest; a trip that is shorter has a score above zero. Going to the nearest city each
# time (Rosenkrantz, Stearns and Lewis, SIAM Journal on Computing 6 (1977), doi:10.1137/0206041) makes trips
# that are about a quarter longer.

import math

import funsearch
import numpy as np

INPUTS = "tsp_training.json"
HELD_OUT = {"50 cities": "tsp_50.json", "100 cities": "tsp_100.json", "200 cities": "tsp_200.json"}
BASELINES = {
    "nearest neighbour": """
def priority(current, start, unvisited, distances):
    return -distances[current, unvisited]
""",
}


@funsearch.run
def evaluate(instance: dict) -> np.ndarray:
    """Return the trip that the priority builds: the numbers of the cities, in order."""
    return travel(np.array(instance["cities"], dtype=float))


def travel(cities: np.ndarray) -> np.ndarray:
    """Return all cities by number: 0, then each time the one of highest priority (the first on ties)."""
    distances = np.hypot(*(cities[:, None] - cities).T)
    unvisited = np.arange(1, len(cities))
    trip = [0]
    with np.errstate(all="ignore"):  # a priority may divide by zero
        while len(unvisited):
            found = priority(trip[-1], 0, unvisited.copy(), distances.copy())
            chosen = best_of(found, len(unvisited))
            trip.append(int(unvisited[chosen]))
            unvisited = np.delete(unvisited, chosen)
    return np.array(trip)


def best_of(priorities: np.ndarray, cities: int) -> int:
    """Return the place of the highest priority; there must be one real number for each city."""
    priorities = np.asarray(priorities)
    if priorities.shape != (cities,) or priorities.dtype.kind not in "biuf":
        returned = f"shape {priorities.shape} of {priorities.dtype}"
        raise ValueError(f"priority must return one number for each of the {cities} cities, not {returned}")
    best = int(priorities.argmax())  # the first NaN, where there is one
    if priorities[best] != priorities[best]:
        raise ValueError("priority returned NaN for a city")
    return best


@funsearch.verify
def verify(instance: dict, built: np.ndarray) -> float:
    """Return minus the excess in percent of a trip that visits each city once."""
    cities = instance["cities"]
    if type(built) is not np.ndarray or built.dtype.kind not in "iu" or built.shape != (len(cities),):
        raise ValueError(f"the trip is no array of {len(cities)} integers")
    trip = built.tolist()
    if sorted(trip) != list(range(len(cities))):
        raise ValueError("the trip does not visit each city once")
    length = math.fsum(math.dist(cities[trip[i - 1]], cities[trip[i]]) for i in range(len(trip)))
    return 100.0 * (1.0 - length / instance["reference"])


@funsearch.evolve
def priority(current: int, start: int, unvisited: np.ndarray, distances: np.ndarray) -> np.ndarray:
    """Return a priority for each city that may be visited next.

    Args:
        current: the number of the city reached last.
        start: the number of the city where the trip began and will end.
        unvisited: the numbers of the cities not visited yet, in rising order.
        distances: the distance of each city from each, visited or not.

    Returns:
        One number for each unvisited city; the trip goes on to the one with the highest.
    """
    near = distances[current, unvisited]
    home = distances[start, unvisited]
    aside = distances[unvisited].mean(axis=1)  # from all cities: large in the corners
    left = len(unvisited) / len(distances)
    return -near + 0.1 * aside + 0.2 * left * home
