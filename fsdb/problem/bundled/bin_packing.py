"""Pack items that arrive one at a time into as few bins as possible.

Each item goes, for good, into one of the bins that still have room for it, or into a fresh bin; nothing
is known of the items to come. The score is minus the excess over a lower bound, in percent, so 0 is
perfect.
"""

# The problem and the held-out sets are those of Romera-Paredes et al., "Mathematical discoveries from program
# search with large language models", Nature 625 (2024), doi:10.1038/s41586-023-06924-6; README.md says where
# the instances come from. The training set is small, so that an evaluation is cheap, and mixes the two kinds
# of items, so that what is learnt serves both.

import funsearch
import numpy as np

INPUTS = "bin_packing_training.json"
HELD_OUT = {
    "OR1": "bin_packing_or1.json",
    "OR2": "bin_packing_or2.json",
    "OR3": "bin_packing_or3.json",
    "OR4": "bin_packing_or4.json",
    "Weibull 5k": "bin_packing_weibull_5k.json",
}
BASELINES = {
    "first fit": """
def priority(item, bins):
    return -np.arange(len(bins))
""",
    "best fit": """
def priority(item, bins):
    return -bins
""",
}


@funsearch.run
def evaluate(instance: dict) -> float:
    """Return minus the excess of bins over the lower bound, in percent of its set's mean lower bound.

    With that denominator the mean over a set is the figure that the literature gives: the excess of the
    mean number of bins over the mean lower bound.
    """
    bins = pack(instance["items"], instance["capacity"])
    return -100.0 * (bins - instance["lower_bound"]) / instance["mean_lower_bound"]


def pack(items: list[int], capacity: int) -> int:
    """Return how many bins the items fill when each goes to the bin of highest priority (first on ties)."""
    if max(items) > capacity:
        raise ValueError(f"an item of size {max(items)} fits into no bin of capacity {capacity}")
    room = np.full(len(items) + 1, capacity, dtype=float)  # in each open bin, then in fresh ones
    opened = 0
    with np.errstate(all="ignore"):  # a priority may divide by a gap of zero
        for item in items:
            fits = np.flatnonzero(room[: opened + 1] >= item)  # the last of them is a fresh bin
            chosen = fits[best_of(priority(float(item), room[fits]), len(fits))]
            room[chosen] -= item
            if chosen == opened:
                opened += 1
    return opened


def best_of(priorities: np.ndarray, bins: int) -> int:
    """Return the place of the highest priority; there must be one real number for each bin."""
    priorities = np.asarray(priorities)
    if priorities.shape != (bins,) or priorities.dtype.kind not in "biuf":
        returned = f"shape {priorities.shape} of {priorities.dtype}"
        raise ValueError(f"priority must return one number for each of the {bins} bins, not {returned}")
    best = priorities.argmax()  # the first NaN, where there is one
    if priorities[best] != priorities[best]:
        raise ValueError("priority returned NaN for a bin")
    return best


@funsearch.evolve
def priority(item: float, bins: np.ndarray) -> np.ndarray:
    """Return a priority for each bin that the item fits into.

    Args:
        item: the item's size.
        bins: the room left in each such bin, oldest first; the last of them is a fresh bin, all room.

    Returns:
        One number for each bin; the item goes into the bin with the highest.
    """
    gap = (bins - item) / bins.max()  # the room that would be left, as a share of a whole bin
    score = -gap  # best fit: the less is left, the better
    awkward = (gap > 0.05) & (gap < 0.1)  # perhaps too little to be of use to another item
    return np.where(awkward, score - 0.05, score)
