"""Find large sets of pairs whose corners can be weighed away: degenerations of the corners of Z_p^n.

A corner is three pairs (x, y), (x + d, y), (x, y + d) of vectors modulo p, with d not zero. Each pair has
three weights that add up to zero, one for each of these three roles; a corner is harmless when the weights of
its pairs, each in its role, add up to more than zero. The set is built greedily: the pairs are tried from
those in the fewest harmful corners to those in the most, and each is taken that completes none. The score is
the size of the set.
"""

# With all weights zero the set is free of corners. With others it is a combinatorial degeneration: a set of N
# pairs then leads to corner-free sets of (N ** (1 / n)) ** m pairs of Z_p^m, but for a factor that grows more
# slowly than any such power (Christandl, Fawzi, Ta and Zuiddam, "Larger corner-free sets from combinatorial
# degenerations", ITCS 2022, arXiv:2111.08262). 137 for Z_2^4, 53 for Z_3^2 and 370 for Z_3^3 were found by
# Romera-Paredes et al., "Mathematical discoveries from program search with large language models", Nature 625
# (2024), doi:10.1038/s41586-023-06924-6; these are of degenerations, too: a set of Z_2^4 that is free of
# corners has at most 128 pairs. The skeleton is this project's.

import itertools

import funsearch
import numpy as np

INPUTS = {"Z_2^4": {"p": 2, "n": 4}, "Z_3^2": {"p": 3, "n": 2}}
HELD_OUT = {"larger": {"Z_3^3": {"p": 3, "n": 3}}}
BASELINES = {
    "trivial": """
def weights(x, y, p, n):
    return 0.0, 0.0
""",
    "best known": 95,  # the mean of 137 and 53
}

UNIT = 1 << 20  # weights are whole multiples of 1 / UNIT, so that their sums are exact
LARGEST = 1 << 40


@funsearch.run
def evaluate(group: dict) -> np.ndarray:
    """Return the set that the weights build: for each pair a row of x, y and its three weights."""
    return solve(group["p"], group["n"])


def solve(p: int, n: int) -> np.ndarray:
    """Return an array with a row of 2 n + 3 integers for each pair taken."""
    vectors = list(itertools.product(range(p), repeat=n))
    pairs = list(itertools.product(vectors, repeat=2))
    with np.errstate(all="ignore"):  # weights may divide by zero
        first_two = np.array([weigh(*weights(x, y, p, n)) for x, y in pairs])
    weight = np.column_stack([first_two, -first_two.sum(axis=1)])

    corner = corners(p, n)
    harmful = corner[weight[corner, np.arange(3)].sum(axis=1) <= 0]
    in_harmful = np.bincount(harmful.ravel(), minlength=len(pairs))
    # For each pair the two others of each of its harmful corners, together; the last row is never taken.
    others = np.full((len(pairs), in_harmful.max(), 2), len(pairs))
    filled = np.zeros(len(pairs), dtype=int)
    for role in range(3):
        by_pair = harmful[np.argsort(harmful[:, role], kind="stable")]
        own = by_pair[:, role]
        place = filled[own] + np.arange(len(own)) - np.searchsorted(own, own)
        others[own, place] = np.delete(by_pair, role, axis=1)
        filled += np.bincount(own, minlength=len(pairs))

    taken = np.zeros(len(pairs) + 1, dtype=bool)
    for number in np.argsort(in_harmful, kind="stable").tolist():
        taken[number] = not taken[others[number]].all(axis=1).any()
    flat = np.array(pairs).reshape(len(pairs), 2 * n)
    return np.column_stack([flat, weight])[taken[:-1]]


def weigh(*given: float) -> list[int]:
    """Return two weights as multiples of 1 / UNIT."""
    if len(given) != 2:
        raise ValueError(f"weights returned {len(given)} numbers, not 2")
    found = [float(weight) * UNIT for weight in given]
    if not all(abs(weight) <= LARGEST for weight in found):
        raise ValueError(f"weights returned {given}: not two numbers of at most {LARGEST // UNIT}")
    return [round(weight) for weight in found]


def corners(p: int, n: int) -> np.ndarray:
    """Return all corners: rows of the numbers of three pairs, those of x and y put together."""
    vectors = np.array(list(itertools.product(range(p), repeat=n)))
    plus = (vectors[:, None] + vectors) % p @ p ** np.arange(n - 1, -1, -1)  # the number of a sum
    x, y, d = np.ix_(range(len(plus)), range(len(plus)), range(1, len(plus)))
    three = (x * len(plus) + y + 0 * d, plus[x, d] * len(plus) + y, x * len(plus) + plus[y, d])
    return np.stack(three, axis=-1).reshape(-1, 3)


@funsearch.verify
def verify(group: dict, built: np.ndarray) -> int:
    """Return the size of a set of different pairs whose weights make each of its corners harmless."""
    p, n = group["p"], group["n"]
    if type(built) is not np.ndarray or built.dtype != np.int64:
        raise ValueError("the set is no array of integers")
    if built.ndim != 2 or built.shape[1] != 2 * n + 3:
        raise ValueError(f"the set is an array of shape {built.shape}, not of rows of {2 * n + 3} integers")
    entries, weight = built[:, : 2 * n], built[:, 2 * n :]
    if ((entries < 0) | (entries >= p)).any():
        raise ValueError(f"a vector has an entry that is not one of 0 to {p - 1}")
    if ((weight < -2 * LARGEST) | (weight > 2 * LARGEST)).any() or weight.sum(axis=1).any():
        raise ValueError("the weights of a pair are too large or do not add up to zero")
    numbers = entries @ p ** np.arange(2 * n - 1, -1, -1)
    row = np.full(p ** (2 * n), -1)
    row[numbers] = np.arange(len(built))
    if (row >= 0).sum() < len(built):
        raise ValueError("a pair is in the set twice")
    rows = row[corners(p, n)]
    rows = rows[(rows >= 0).all(axis=1)]
    harmful = weight[rows, np.arange(3)].sum(axis=1) <= 0
    if harmful.any():
        raise ValueError(f"the corner {entries[rows[harmful.argmax()]].tolist()} is not harmless")
    return len(built)


@funsearch.evolve
def weights(x: tuple[int, ...], y: tuple[int, ...], p: int, n: int) -> tuple[float, float]:
    """Return the weights of a pair as the first and as the second of a corner.

    Its weight as the third is minus their sum. A corner is (x, y), (x + d, y), (x, y + d), in this order.

    Args:
        x: n entries of 0 to p - 1.
        y: n entries of 0 to p - 1.
        p: the modulus.
        n: the number of entries.

    Returns:
        Two numbers. A corner does no harm when the weights of its three pairs add up to more than zero.
    """
    first, second = 0.0, 0.0
    for i in range(n):
        a, b = x[i], y[i]
        z = (a + b) % p  # what a corner's second and third pair have in common
        first += 1.0 * (z == 0) - 0.5 * (a == b)
        second += 0.5 * (a == 0) - 0.5 * (b == 0)
    return first, second
