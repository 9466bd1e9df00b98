"""Find large cap sets: sets of points of {0, 1, 2}^n of which no three lie on a line.

Three different points lie on a line (modulo 3) when they add up to zero in every coordinate. The set is
built greedily: the points are tried from the highest priority to the lowest, and each is taken that
completes no line with two points taken before it. The score is the size of the set, once it has been found to
hold no line.
"""

# The problem and the greedy skeleton are those of Romera-Paredes et al., "Mathematical discoveries from
# program search with large language models", Nature 625 (2024), doi:10.1038/s41586-023-06924-6. The largest
# sets known in 3 to 9 dimensions have 9, 20, 45, 112, 236, 512 and 1082 points; in up to 6 none can be larger
# (OEIS A090245).

import itertools

import funsearch
import numpy as np

INPUTS = [6]
BASELINES = {"largest possible": 112}


@funsearch.run
def solve(n: int) -> np.ndarray:
    """Return a cap set as an array with one row of n coordinates for each point."""
    points = list(itertools.product((0, 1, 2), repeat=n))  # in the order of their numbers in base 3
    with np.errstate(all="ignore"):  # a priority may divide by zero
        priorities = np.array([float(priority(point, n)) for point in points])
    if np.isnan(priorities).any():
        raise ValueError(f"priority returned NaN for {points[int(np.isnan(priorities).argmax())]}")

    grid = np.array(points)
    powers = 3 ** np.arange(n - 1, -1, -1)
    taken = np.empty_like(grid)
    size = 0
    completes_line = np.zeros(len(grid), dtype=bool)
    for number in np.argsort(-priorities, kind="stable"):
        if not completes_line[number]:
            # With each point taken before, the new one leaves one third point that would complete a line.
            completes_line[(-taken[:size] - grid[number]) % 3 @ powers] = True
            taken[size] = grid[number]
            size += 1
    return taken[:size]


@funsearch.verify
def verify(n: int, built: np.ndarray) -> int:
    """Return the size of a set of points that holds no line."""
    if type(built) is not np.ndarray or built.dtype.kind not in "iu":
        raise ValueError("the set is no array of integers")
    if built.ndim != 2 or built.shape[1] != n or len(built) > 3**n:
        raise ValueError(f"the set is an array of shape {built.shape}, not of rows of {n} coordinates")
    if ((built < 0) | (built > 2)).any():
        raise ValueError("a point has a coordinate that is not 0, 1 or 2")
    numbers = built.astype(np.int64) @ 3 ** np.arange(n)
    is_in = np.zeros(3**n, dtype=bool)
    is_in[numbers] = True
    if is_in.sum() < len(built):
        raise ValueError("a point is in the set twice")
    for number, point in enumerate(built.astype(np.int64)):
        thirds = (-point - built[:number]) % 3 @ 3 ** np.arange(n)
        if is_in[thirds].any():
            other = built[int(is_in[thirds].argmax())]
            raise ValueError(f"{point.tolist()} and {other.tolist()} are on a line with another point")
    return len(built)


@funsearch.evolve
def priority(el: tuple[int, ...], n: int) -> float:
    """Return the priority with which to add a point to the cap set.

    Args:
        el: the point, n coordinates of 0, 1 or 2.
        n: the number of dimensions.

    Returns:
        A number; points with higher ones are tried first, those with equal ones in lexicographic order.
    """
    return 0.0
