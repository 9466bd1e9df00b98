"""Pack n circles into the unit square with the largest sum of radii.

Circles may touch each other and the sides, and may not overlap. The program places the centres; the skeleton
gives them the radii with the largest sum that there is for these centres. The score is the sum of the radii.
"""

# Sums of 2.635 for 26 circles and 2.937 for 32 were published by Novikov et al., "AlphaEvolve: a coding agent
# for scientific and algorithmic discovery" (2025), doi:10.48550/arXiv.2506.13131, which set this task to a
# search of programs. The best known now are 2.635983 and 2.9379. What is built here is checked in exact
# arithmetic, with no tolerance.

import math

import funsearch
import numpy as np

INPUTS = {"n=26": 26, "n=32": 32}
HELD_OUT = {"other numbers": {"n=20": 20, "n=27": 27, "n=30": 30, "n=40": 40}}
BASELINES = {
    "grid": """
def place(n):
    across = math.ceil(n ** 0.5)
    return np.array([((i % across + 0.5) / across, (i // across + 0.5) / across) for i in range(n)])
""",
    "best known": 2.7869415,  # the mean of 2.635983 and 2.9379
}


@funsearch.run
def evaluate(n: int) -> np.ndarray:
    """Return the packing, an array with a row for each circle: x and y of its centre, and its radius."""
    centres = np.array(place(n), dtype=float)
    if centres.shape != (n, 2):
        raise ValueError(f"place must return {n} rows of x and y, not shape {centres.shape}")
    if np.isnan(centres).any():
        raise ValueError("place returned NaN")
    centres = centres.clip(0, 1)
    return np.column_stack([centres, largest_radii(centres)])


def largest_radii(centres: np.ndarray) -> np.ndarray:
    """Return the radii with the largest sum, for circles with these centres that do not overlap.

    Let cost[i, j] be the distance of two centres, and cost[i, i] twice that of a centre to the nearest side.
    Radii with r[i] + r[j] <= cost[i, j] have a sum of at most half of what the cheapest assignment costs; and
    the prices u and v that prove an assignment the cheapest give radii (u + v) / 2 which reach that.
    """
    apart = np.hypot(*(centres[:, None] - centres).T)
    wall = np.minimum(centres, 1 - centres).min(axis=1)
    u, v = prices(np.where(np.eye(len(centres), dtype=bool), 2 * wall, apart))
    # What is below zero (of centres within another circle) becomes zero, and rounding is made good.
    radii = np.maximum((u + v) / 2, 0)
    np.fill_diagonal(apart, np.inf)
    for i in np.argsort(-radii, kind="stable"):
        radii[i] = max(0, min(radii[i], wall[i], (apart[i] - radii).min()))
    return radii * (1 - 2**-40)


def prices(cost: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return u and v with the largest sum for which u[i] + v[j] <= cost[i, j], by the Hungarian method."""
    n = len(cost)
    u, v = np.zeros(n), np.zeros(n + 1)  # the last column is where the row to be assigned begins
    row_of = np.full(n + 1, -1)
    for row in range(n):
        column, row_of[n] = n, row
        slack = np.full(n, np.inf)
        before = np.full(n, n)
        seen = np.zeros(n + 1, dtype=bool)
        while row_of[column] >= 0:
            seen[column] = True
            free = ~seen[:n]
            reduced = cost[row_of[column]] - u[row_of[column]] - v[:n]
            closer = free & (reduced < slack)
            slack[closer], before[closer] = reduced[closer], column
            following = int(np.where(free, slack, np.inf).argmin())
            step = slack[following]
            u[row_of[seen]] += step
            v[seen] -= step
            slack[free] -= step
            column = following
        while column != n:
            row_of[column] = row_of[before[column]]
            column = before[column]
    return u, v[:n]


@funsearch.verify
def verify(n: int, built: np.ndarray) -> float:
    """Return the sum of the radii of n circles that lie in the unit square and do not overlap, exactly."""
    if type(built) is not np.ndarray or built.dtype != np.float64 or built.shape != (n, 3):
        raise ValueError(f"the packing is no array of {n} rows of x, y and radius")
    if not np.isfinite(built).all():
        raise ValueError("the packing holds a number that is not finite")
    circles = [[whole(number) for number in circle] for circle in built.tolist()]
    one = whole(1.0)
    for i, (x, y, radius) in enumerate(circles):
        if radius < 0 or min(x, y) < radius or max(x, y) > one - radius:
            raise ValueError(f"circle {i} has a radius below zero or is not within the square")
        for j, (other_x, other_y, other_radius) in enumerate(circles[:i]):
            if (x - other_x) ** 2 + (y - other_y) ** 2 < (radius + other_radius) ** 2:
                raise ValueError(f"circles {j} and {i} overlap")
    return math.fsum(built[:, 2])


def whole(number: float) -> int:
    """Return a double as a whole number of the smallest one, 2 ** -1074."""
    numerator, denominator = number.as_integer_ratio()
    return numerator * (2**1074 // denominator)


@funsearch.evolve
def place(n: int) -> np.ndarray:
    """Return where to put the centres of n circles, so that the sum of their largest radii is large.

    Args:
        n: the number of circles.

    Returns:
        An array with a row for each circle: x and y of its centre, from 0 to 1.
    """
    rows = round(n**0.5)  # of circles, one above the other
    margin = 0.09  # between the outer rows and the sides
    lean = 0.5  # how far every other row is moved, in distances of its circles
    centres = []
    for row in range(rows):
        y = margin + (1 - 2 * margin) * row / (rows - 1)
        count = n // rows + (row < n % rows)
        for i in range(count):
            x = (i + 0.25 + lean * (row % 2)) / count
            centres.append((x, y))
    return np.array(centres)
