"""Seeded chance: every proposal has a generator of its own, made from what identifies it."""

from __future__ import annotations

import hashlib
import math
import random
from collections.abc import Sequence
from itertools import accumulate
from typing import Generic, TypeVar

T = TypeVar("T")


def generator(seed: int, draw_id: int, ordinal: int, attempt: int = 0) -> random.Random:
    """Return the generator of one proposal; the same in every process."""
    key = f"mutation|{seed}|{draw_id}|{ordinal}|{attempt}".encode()
    return random.Random(int.from_bytes(hashlib.sha256(key).digest(), "big"))


class Wheel(Generic[T]):
    """Choices with weights; those of weight zero are never made."""

    def __init__(self, choices: Sequence[tuple[float, T]]) -> None:
        self.items = [item for weight, item in choices if weight > 0]
        self._cumulated = list(accumulate(weight for weight, _ in choices if weight > 0))

    def __bool__(self) -> bool:
        return bool(self.items)

    def spin(self, rng: random.Random) -> T:
        """Return one of the choices."""
        return rng.choices(self.items, cum_weights=self._cumulated)[0]


def rounded(value: float, digits: int = 2) -> float:
    """Return `value` to so many significant digits."""
    if value == 0 or not math.isfinite(value):
        return value
    return round(value, digits - 1 - math.floor(math.log10(abs(value))))


def any_constant(
    rng: random.Random,
    numbers: Sequence[int | float],
    own: Sequence[int | float] = (),
    *,
    whole: bool = False,
) -> int | float:
    """Return a number of the kind that programs use.

    Small and whole, of `numbers` (the specification's), like one of `own` (the program's), or of any size.
    """
    luck = rng.random()
    if own and luck < 0.3:
        number = rng.choice(own)
        like = number if rng.random() < 0.4 else rounded(number * rng.lognormvariate(0, 0.7))
        return round(like) if whole and math.isfinite(like) else like
    luck = rng.random()
    if luck < 0.5:
        return rng.choice((0, 1, 1, 2, 2, 3, 4, 5))
    if luck < 0.65 and numbers:
        number = rng.choice(numbers)
        return int(number) if whole else number
    magnitude = 10 ** rng.uniform(-1.5, 2.3)
    if whole or rng.random() < 0.4:
        return round(magnitude) or 1
    return rounded(magnitude)
