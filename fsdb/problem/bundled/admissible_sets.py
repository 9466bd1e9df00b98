"""Find large constant-weight admissible sets: sets of vectors of {0, 1, 2}^n with w entries that are not 0.

No two vectors of the set have their zeros in the same places, and any three have a place where their entries
are, in some order, 0 0 1, 0 0 2 or 0 1 2. Vectors are made of blocks of 3 entries, and come with all the
vectors that rotate entries within blocks. The set is built greedily: the vectors are tried from the highest
priority to the lowest, and each is taken, with its rotations, that goes with those taken before it. The score
is the size of the set.
"""

# Admissible sets make large cap sets of small ones, and so bound the capacity of cap sets from below: 792 for
# I(12,7) gives 2.21844, 3003 for I(15,10) gives 2.21949, and 237984 for A(24,17) gives 2.22023, the best
# bound of the paper that the problem, its symmetry and the greedy skeleton are from: Romera-Paredes et al.,
# "Mathematical discoveries from program search with large language models", Nature 625 (2024),
# doi:10.1038/s41586-023-06924-6. A set cannot have more vectors than there are ways to place the zeros, 3003
# and 792; both have been reached, 792 without symmetry (blocks of 1 entry).

import itertools
import math

import funsearch
import numpy as np

INPUTS = {"I(15,10)": {"n": 15, "w": 10, "block": 3}}
HELD_OUT = {
    "smaller": {
        "I(9,6)": {"n": 9, "w": 6, "block": 3},
        "I(12,7)": {"n": 12, "w": 7, "block": 3},
        "I(12,8)": {"n": 12, "w": 8, "block": 3},
    },
}
BASELINES = {
    "trivial": """
def priority(el, n, w):
    return 0.0
""",
    "largest possible": 3003,
}


@funsearch.run
def evaluate(size: dict) -> np.ndarray:
    """Return the set that the priority builds: one row for each vector that was taken with its rotations."""
    return solve(size["n"], size["w"], size["block"])


def solve(n: int, w: int, block: int) -> np.ndarray:
    """Return an array of n columns with a row for each vector taken; its rotations are in the set too."""
    rules = Rules(block)
    kinds = np.array(list(itertools.product(range(len(rules.blocks)), repeat=n // block)))
    kinds = kinds[(rules.blocks != 0).sum(axis=1)[kinds].sum(axis=1) == w]
    vectors = rules.blocks[kinds].reshape(len(kinds), n)
    elements = list(map(tuple, vectors.tolist()))
    with np.errstate(all="ignore"):  # a priority may divide by zero
        priorities = np.array([float(priority(el, n, w)) for el in elements])
    if np.isnan(priorities).any():
        raise ValueError(f"priority returned NaN for {elements[int(np.isnan(priorities).argmax())]}")
    order = np.argsort(-priorities, kind="stable")
    return vectors[order[rules.greedy(kinds[order])]]


@funsearch.verify
def verify(size: dict, built: np.ndarray) -> int:
    """Return the size of a set, rotations included, of which all vectors go together."""
    n, w, block = size["n"], size["w"], size["block"]
    if type(built) is not np.ndarray or built.dtype.kind not in "iu":
        raise ValueError("the set is no array of integers")
    if built.ndim != 2 or built.shape[1] != n or len(built) > math.comb(n, w):
        raise ValueError(f"the set is an array of shape {built.shape}, not of rows of {n} entries")
    if ((built < 0) | (built > 2)).any():
        raise ValueError("a vector has an entry that is not 0, 1 or 2")
    if ((built != 0).sum(axis=1) != w).any():
        raise ValueError(f"a vector has not {w} entries that are not 0")
    rules = Rules(block)
    kinds = rules.kind_of[built.reshape(len(built), n // block, block).astype(int) @ rules.powers]
    if (kinds < 0).any():
        alone = built[(kinds < 0).any(axis=1).argmax()].tolist()
        raise ValueError(f"{alone} does not go with its rotations")
    taken = rules.greedy(kinds)
    if len(taken) < len(built):
        refused = min(set(range(len(built))) - set(taken))
        raise ValueError(f"{built[refused].tolist()} does not go with the vectors before it")
    return int(rules.rotations[kinds].prod(axis=1).sum())


class Rules:
    """What goes together, by blocks: a kind is a block with its rotations, where these go with each other."""

    def __init__(self, block: int) -> None:
        all_blocks = np.array(list(itertools.product((0, 1, 2), repeat=block)))
        self.powers = 3 ** np.arange(block - 1, -1, -1)
        rotated = np.array([np.roll(all_blocks, i, axis=1) @ self.powers for i in range(block)])
        # Of blocks by their numbers: whether three are told apart, and whether two have their zeros alike.
        apart = np.zeros((len(all_blocks),) * 3, dtype=bool)
        for entries in all_blocks.T:
            first, second, third = np.ix_(entries, entries, entries)
            zeros = (first == 0) * 1 + (second == 0) + (third == 0)
            apart |= (zeros == 2) & (first + second + third > 0)  # 0 0 1 and 0 0 2
            apart |= (first != second) & (first != third) & (second != third)  # 0 1 2
        zeros = (all_blocks == 0) @ 2 ** np.arange(block)
        alike = zeros == zeros[:, None]

        kinds = [
            members
            for members in sorted({tuple(sorted(set(column))) for column in rotated.T.tolist()})
            if not any(alike[a, b] or not apart[a, a, b] for a, b in itertools.permutations(members, 2))
            and all(apart[three] for three in itertools.combinations(members, 3))
        ]
        self.blocks = all_blocks[[members[0] for members in kinds]]
        self.rotations = np.array([len(members) for members in kinds])
        self.kind_of = np.full(3**block, -1)
        for kind, members in enumerate(kinds):
            self.kind_of[list(members)] = kind

        members = np.concatenate(kinds)
        starts = np.cumsum(self.rotations) - self.rotations

        def some(table: np.ndarray) -> np.ndarray:
            """Return, of kinds, whether a table of blocks holds for some of their rotations."""
            table = table[np.ix_(*[members] * table.ndim)]
            for axis in range(table.ndim):
                table = np.logical_or.reduceat(table, starts, axis=axis)
            return table

        each = np.arange(len(kinds))
        self.alike = some(alike)
        self.clash = some(~apart)  # of three kinds
        different = ~np.eye(len(all_blocks), dtype=bool)[:, :, None]
        self.clash_of_two = some(~apart & different)[
            each, each
        ]  # of two different rotations, and another kind

    def greedy(self, kinds: np.ndarray) -> list[int]:
        """Return which rows go with those taken before them, in order; a row is the kinds of its blocks."""
        count, places = len(kinds), np.arange(kinds.shape[1])
        each = np.arange(len(self.blocks))
        # For the kinds at a place of what is taken: the rows, as bits, that clash with it there.
        alike = np.packbits(self.alike[:, kinds.T], axis=-1)
        clash = np.packbits(self.clash[:, :, kinds.T], axis=-1)
        with_one = np.packbits(self.clash[each, each][:, kinds.T], axis=-1)
        with_two = np.packbits(self.clash[:, each, each][:, kinds.T], axis=-1)
        differing_in_one = np.packbits(self.clash_of_two[:, kinds.T], axis=-1)
        differing_in_two = np.packbits(self.clash_of_two.T[:, kinds.T], axis=-1)
        excluded = np.zeros(alike.shape[-1], dtype=np.uint8)
        taken: list[int] = []
        while True:
            bits = np.unpackbits(excluded, count=count)
            row = int(bits.argmin()) if count else 0
            if not count or bits[row]:
                return taken
            new = kinds[row]
            excluded |= np.bitwise_and.reduce(alike[new, places])
            # Two rotations of the new one with one of another; and one with two.
            excluded |= np.bitwise_and.reduce(with_one[new, places]) & np.bitwise_or.reduce(
                differing_in_one[new, places]
            )
            excluded |= np.bitwise_and.reduce(with_two[new, places]) & np.bitwise_or.reduce(
                differing_in_two[new, places]
            )
            if taken:
                clashing = np.bitwise_and.reduce(clash[kinds[taken], new, places], axis=1)
                excluded |= np.bitwise_or.reduce(clashing)
            taken.append(row)


@funsearch.evolve
def priority(el: tuple[int, ...], n: int, w: int) -> float:
    """Return the priority with which to add a vector, with its rotations, to the admissible set.

    Args:
        el: the vector, n entries of 0, 1 or 2.
        n: the number of entries.
        w: how many of them are not 0.

    Returns:
        A number; vectors with higher ones are tried first, those with equal ones in lexicographic order.
    """
    runs = sum(el[i] == el[i - 1] for i in range(n))  # entries like the one before, around the vector
    uneven = abs(el.count(1) - el.count(2))
    return -0.1 * runs - 0.5 * uneven
