"""Make the instances of the bundled problem `tsp`, with their reference tours' lengths.

    python benchmarks/tsp_instances.py fsdb/problem/bundled

Cities are drawn from a seed. The reference is the best tour that an iterated local search finds in a number
of rounds: 2-opt and Or-opt moves, then pieces of the tour swapped at random, and undone where that did not
help. It is a strong tour, not a proven optimum: another search may find a shorter one. The tests compare it
with a lower bound (tests/problem/bundled/test_tsp.py).
"""

from __future__ import annotations

import json
import math
import random
import sys
import time
from pathlib import Path

SIDE = 10_000
"""Cities have whole coordinates, from 0 to this."""

SETS = {
    "tsp_training.json": (1, {50: 8, 100: 4, 200: 2}),
    "tsp_50.json": (2, {50: 10}),
    "tsp_100.json": (3, {100: 6}),
    "tsp_200.json": (4, {200: 4}),
}
"""The seed of each file, and how many instances it has of each number of cities."""

ROUNDS = 100
"""Rounds of the search for each city of an instance."""

NEAREST = 8
"""How many of a city's nearest a move may join it with."""


def draw_cities(seed: int, counts: dict[int, int]) -> dict[str, list[list[int]]]:
    """Return the cities of each instance of a file."""
    chance = random.Random(seed)
    return {
        f"uniform_{cities}_{i:02d}": [
            [chance.randint(0, SIDE), chance.randint(0, SIDE)] for _ in range(cities)
        ]
        for cities, count in counts.items()
        for i in range(count)
    }


class Search:
    """An iterated local search for a short tour."""

    def __init__(self, cities: list[list[int]], seed: int) -> None:
        n = len(cities)
        self.chance = random.Random(seed)
        self.apart = [[math.dist(one, other) for other in cities] for one in cities]
        self.near = [
            sorted((j for j in range(n) if j != i), key=self.apart[i].__getitem__)[:NEAREST] for i in range(n)
        ]
        self.tour = list(range(n))
        self.chance.shuffle(self.tour)
        self.place = [0] * n
        self.put(self.tour)

    def run(self, rounds: int) -> float:
        """Return the length of the best tour found; `tour` holds it."""
        self.improve(list(self.tour))
        best = self.length()
        n = len(self.tour)
        for _ in range(rounds):
            before = list(self.tour)
            a = self.chance.randrange(n)
            b, c, d = sorted(self.chance.sample(range(1, min(n, 50)), 3))
            turned = self.tour[a:] + self.tour[:a]
            self.put([turned[0], *turned[b:c], *turned[1:b], *turned[c:d], *turned[d:]])
            self.improve([turned[i] for i in (0, 1, b - 1, b, c - 1, c)])
            length = self.length()
            if length < best - 1e-9:
                best = length
            else:
                self.put(before)
        return best

    def length(self) -> float:
        """Return the length of the tour."""
        return math.fsum(self.apart[self.tour[i - 1]][city] for i, city in enumerate(self.tour))

    def put(self, tour: list[int]) -> None:
        """Take this tour."""
        self.tour = tour
        for i, city in enumerate(tour):
            self.place[city] = i

    def improve(self, waiting: list[int]) -> None:
        """Make moves that shorten the tour, looked for at these cities and at those that moves touch."""
        while waiting:
            city = waiting.pop()
            touched = self.two_opt(city) or self.or_opt(city)
            if touched:
                waiting += [*touched, city]

    def two_opt(self, a: int) -> list[int]:
        """Join a city with a near one, both with what followed or both with what went before them."""
        n, tour, apart = len(self.tour), self.tour, self.apart
        for step in (1, -1):
            next_a = tour[(self.place[a] + step) % n]
            for c in self.near[a]:
                gain = apart[a][next_a] - apart[a][c]
                if gain <= 0:
                    break
                next_c = tour[(self.place[c] + step) % n]
                if gain + apart[c][next_c] - apart[next_a][next_c] > 1e-9:
                    first, last = (next_a, c) if step == 1 else (c, next_a)
                    i, j = self.place[first], self.place[last]
                    turned = tour[i:] + tour[:i]
                    count = (j - i) % n + 1
                    self.put(turned[:count][::-1] + turned[count:])
                    return [next_a, c, next_c]
        return []

    def or_opt(self, a: int) -> list[int]:
        """Move one to three cities that begin or end with this one to beside a near one, either way round."""
        n, apart = len(self.tour), self.apart
        for count in (1, 2, 3):
            for forward in (True, False):
                start = self.place[a] if forward else self.place[a] - count + 1
                turned = self.tour[start % n :] + self.tour[: start % n]
                piece, rest = turned[:count], turned[count:]
                before, after = rest[-1], rest[0]
                saved = apart[before][piece[0]] + apart[piece[-1]][after] - apart[before][after]
                for c in self.near[a]:
                    if apart[a][c] >= saved:
                        break
                    if c in piece:
                        continue
                    at = rest.index(c)
                    # After c or before it, with `a` beside c.
                    for gap, beside in ((at + 1, rest[(at + 1) % len(rest)]), (at, rest[at - 1])):
                        other = piece[-1] if a == piece[0] else piece[0]
                        if saved + apart[c][beside] - apart[a][c] - apart[other][beside] > 1e-9:
                            first_is_a = piece[0] == a
                            straight = piece if first_is_a == (gap == at + 1) else piece[::-1]
                            self.put(rest[:gap] + straight + rest[gap:])
                            return [before, after, c, beside, other]
        return []


def main(folder: Path) -> None:
    """Write the files."""
    for file, (seed, counts) in SETS.items():
        instances = {}
        for name, cities in draw_cities(seed, counts).items():
            began = time.process_time()
            reference = Search(cities, seed).run(ROUNDS * len(cities))
            instances[name] = {"reference": round(reference, 6), "cities": cities}
            print(f"{file} {name} {reference:.3f} {time.process_time() - began:.1f} s", flush=True)
        lines = ",\n".join(f' "{name}": {json.dumps(each)}' for name, each in instances.items())
        (folder / file).write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
