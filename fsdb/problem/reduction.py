"""How a program's scores, one for each test input, become its one score."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence

REDUCTIONS = ("mean", "last", "min", "sum")
"""What `REDUCE` and `--reduce` may say; the first is the default."""


def reduce_scores(scores: Sequence[float], how: str) -> float:
    """Return one score for `scores`, which stand in input order and are finite.

    `mean` and `sum` are the exact value rounded once, so they depend neither on the order of the inputs nor
    on the machine; a sum beyond the largest double is an infinity. Raises ValueError when there is no score
    or `how` is not one of REDUCTIONS.
    """
    if not scores:
        raise ValueError("there is no score to reduce")
    values = [float(score) for score in scores]
    if how == "mean":
        return statistics.mean(values)
    if how == "last":
        return values[-1]
    if how == "min":
        return min(values)
    if how == "sum":
        return _exact_sum(values)
    raise ValueError(f"unknown reduction {how!r}; it is one of {', '.join(REDUCTIONS)}")


def _exact_sum(values: list[float]) -> float:
    """Return the sum rounded once; `math.fsum` alone gives up when a partial sum overflows."""
    try:
        return math.fsum(values)
    except OverflowError:
        # Scaled by a power of two the same sum fits; nothing is lost but digits far below the rounding.
        scale = 2.0 ** (len(values).bit_length() + 1)
        return math.fsum(value / scale for value in values) * scale
