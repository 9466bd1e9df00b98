import math
import statistics

import numpy as np
import pytest

from benchmarks.tsp_instances import ROUNDS, SETS, SIDE, Search, draw_cities
from fsdb.problem.loading import BUNDLED, load_problem


@pytest.fixture(scope="module")
def problem():
    return load_problem("tsp")


@pytest.fixture
def tsp(problem, execute):
    """Return the globals of the skeleton with a program in it."""

    def tsp(source=None):
        return execute(problem.specification.render(source or problem.specification.evolve.source))

    return tsp


def all_sets(problem):
    return {"training": problem.inputs, **problem.held_out}


def length(trip, cities):
    return sum(math.dist(cities[trip[i - 1]], cities[trip[i]]) for i in range(len(trip)))


def lower_bound(cities, rounds):
    """The bound of Held and Karp: trees with one loop, with prices that lead each city to two neighbours."""
    cities = np.array(cities, dtype=float)
    apart = np.hypot(*(cities[:, None] - cities).T)
    n, prices, best = len(cities), np.zeros(len(cities)), 0.0
    step = apart[apart > 0].min() + apart.mean() / 10
    for _ in range(rounds):
        cost = apart + prices + prices[:, None]
        degree = np.zeros(n, dtype=int)
        total = 0.0
        nearest, via = cost[1].copy(), np.ones(n, dtype=int)  # a tree of all cities but 0, grown from 1
        waiting = np.ones(n, dtype=bool)
        waiting[:2] = False
        for _ in range(n - 2):
            new = int(np.where(waiting, nearest, np.inf).argmin())
            total += nearest[new]
            degree[[new, via[new]]] += 1
            waiting[new] = False
            closer = cost[new] < nearest
            nearest[closer], via[closer] = cost[new][closer], new
        for other in 1 + np.argsort(cost[0, 1:])[:2]:
            total += cost[0, other]
            degree[[0, other]] += 1
        best = max(best, total - 2 * prices.sum())
        prices += step * (degree - 2)
        step *= 0.97
    return best


class TestInstances:
    def test_cities_are_drawn_from_seeds(self, problem):
        for file, instances in zip(SETS, all_sets(problem).values(), strict=True):
            assert (BUNDLED / file).is_file()
            cities = {name: instance["cities"] for name, instance in instances.items()}
            assert cities == draw_cities(*SETS[file])
            assert all(0 <= c <= SIDE for each in cities.values() for city in each for c in city)

    def test_nothing_held_out_is_trained_on(self, problem):
        every = all_sets(problem).values()
        sets = [{str(each["cities"]) for each in instances.values()} for instances in every]
        assert [len(each) for each in sets] == [14, 10, 6, 4]
        assert len(set().union(*sets)) == 34

    @pytest.mark.parametrize("file", SETS)
    def test_no_reference_is_far_above_a_lower_bound_or_below_it(self, problem, file):
        instances = dict(zip(SETS, all_sets(problem).values(), strict=True))[file]
        above = []
        for instance in instances.values():
            bound = lower_bound(instance["cities"], 150)
            assert bound <= instance["reference"] + 1e-6  # which is rounded
            above.append(100 * (instance["reference"] / bound - 1))
        assert statistics.mean(above) < 2
        assert max(above) < 4

    def test_a_reference_is_made_again_by_the_search_and_is_the_length_of_its_tour(self, problem):
        name, instance = next(iter(problem.inputs.items()))
        search = Search(instance["cities"], SETS["tsp_training.json"][0])
        found = search.run(ROUNDS * len(instance["cities"]))
        assert name == "uniform_50_00"
        assert round(found, 6) == instance["reference"]
        assert sorted(search.tour) == list(range(50))
        assert length(search.tour, instance["cities"]) == pytest.approx(found)


class TestTrips:
    def test_the_nearest_neighbour_is_that(self, problem, tsp):
        namespace = tsp(problem.baselines["nearest neighbour"])
        for instance in problem.inputs.values():
            cities = [tuple(city) for city in instance["cities"]]
            trip, left = [0], list(range(1, len(cities)))
            while left:
                trip.append(min(left, key=lambda i: math.dist(cities[i], cities[trip[-1]])))
                left.remove(trip[-1])
            built = namespace["evaluate"](instance)
            assert built.tolist() == trip
            score = namespace["verify"](instance, built)
            assert score == pytest.approx(-100 * (length(trip, cities) / instance["reference"] - 1))

    def test_the_nearest_neighbour_is_about_a_quarter_above_the_reference(self, problem, tsp):
        namespace = tsp(problem.baselines["nearest neighbour"])
        for instances in all_sets(problem).values():
            scores = [namespace["verify"](each, namespace["evaluate"](each)) for each in instances.values()]
            assert -32 < statistics.mean(scores) < -18

    @pytest.mark.parametrize(
        "returned",
        [
            None,
            "np.zeros(len(unvisited))",
            "np.where(unvisited % 2, np.inf, -np.inf)",
            "[int(i) for i in unvisited]",
            "np.random.default_rng(len(unvisited)).random(len(unvisited))",
            "np.sin(unvisited) - distances[current, unvisited] / 1e4",
        ],
    )
    def test_every_priority_makes_a_trip(self, problem, tsp, returned):
        source = returned and f"def priority(current, start, unvisited, distances):\n    return {returned}\n"
        namespace = tsp(source)
        for instance in [*problem.inputs.values()][::4]:
            built = namespace["evaluate"](instance)
            assert sorted(built.tolist()) == list(range(len(instance["cities"])))
            score = namespace["verify"](instance, built)
            excess = 100 * (length(built.tolist(), instance["cities"]) / instance["reference"] - 1)
            assert score == pytest.approx(-excess)

    def test_a_program_may_change_its_arguments(self, problem, tsp):
        begin = "def priority(current, start, unvisited, distances):\n"
        begin += "    found = -distances[current, unvisited]\n"
        spoil = "    unvisited[:] = 0\n    distances[:] = 0\n"
        end = "    return found\n"
        instance = problem.inputs["uniform_50_00"]
        spoilt, plain = (tsp(source)["evaluate"](instance) for source in (begin + spoil + end, begin + end))
        assert spoilt.tolist() == plain.tolist()

    def test_it_sees_where_it_is(self, problem, tsp):
        source = """def priority(current, start, unvisited, distances):
    assert start == 0 and current not in unvisited and 0 not in unvisited
    assert distances.shape == (50, 50) and (distances == distances.T).all()
    return np.zeros(len(unvisited))
"""
        assert tsp(source)["evaluate"](problem.inputs["uniform_50_00"]).tolist() == list(range(50))

    @pytest.mark.parametrize(
        ("returned", "message"),
        [
            ("0.0", r"one number for each of the 49 cities, not shape \(\) of float64"),
            ("distances[current]", r"not shape \(50,\)"),
            ("distances[current, unvisited].astype(complex)", "of complex128"),
            ("[None for _ in unvisited]", "of object"),
            ("distances[current, unvisited] * np.nan", "NaN"),
        ],
    )
    def test_what_is_no_priority_is_a_clear_error(self, problem, tsp, returned, message):
        namespace = tsp(f"def priority(current, start, unvisited, distances):\n    return {returned}\n")
        with pytest.raises(ValueError, match=message):
            namespace["evaluate"](problem.inputs["uniform_50_00"])


SQUARE = {"cities": [[0, 0], [3, 0], [3, 4], [0, 4]], "reference": 14.0}


class TestVerify:
    def test_measures_the_trip(self, tsp):
        verify = tsp()["verify"]
        assert verify(SQUARE, np.array([0, 1, 2, 3])) == 0
        assert verify(SQUARE, np.array([2, 1, 0, 3], dtype=np.uint8)) == 0
        assert verify(SQUARE, np.array([0, 2, 1, 3])) == pytest.approx(-100 * (18 / 14 - 1))
        assert verify({**SQUARE, "reference": 16.0}, np.array([0, 1, 2, 3])) == 12.5

    @pytest.mark.parametrize(
        ("built", "message"),
        [
            ([0, 1, 2, 3], "no array of 4 integers"),
            (np.array([0.0, 1.0, 2.0, 3.0]), "no array of 4 integers"),
            (np.array([0, 1, 2]), "no array of 4 integers"),
            (np.array([[0, 1, 2, 3]]), "no array of 4 integers"),
            (np.array([0, 1, 2, 2]), "does not visit each city once"),
            (np.array([0, 1, 2, 4]), "does not visit each city once"),
            (np.array([0, 1, 2, -1]), "does not visit each city once"),
        ],
    )
    def test_refuses_what_is_no_trip(self, tsp, built, message):
        with pytest.raises(ValueError, match=message):
            tsp()["verify"](SQUARE, built)
