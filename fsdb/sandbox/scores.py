"""Which values count as a score: exact numbers, by their exact types, so that none can lie about itself."""

from __future__ import annotations

import math

import numpy as np

_SCALARS = frozenset(
    kind
    for kind in (np.dtype(code).type for code in np.typecodes["AllInteger"] + np.typecodes["Float"])
    if issubclass(kind, np.integer | np.floating)
)


class InvalidScore(Exception):
    """What the run function returned is no score; the message says why."""


def exact_number(value: object) -> float:
    """Return the score that `value` is.

    It may be an int, a float, a numpy integer or floating scalar, or a numpy array of one such element.
    A subclass of these is refused, for it could answer differently each time that it is asked; so are
    booleans, complex numbers, strings, None, not-a-number and infinities. Raises InvalidScore.
    """
    if type(value) is np.ndarray:
        value = _only_element(value)
    if type(value) in _SCALARS:
        # Rounded to a double; an extended one may overflow to an infinity, which is refused below.
        value = float(value)  # type: ignore[arg-type]
    if type(value) is int:
        try:
            value = float(value)
        except OverflowError:
            raise InvalidScore("the score is an integer too large for a float") from None
    if type(value) is not float:
        raise InvalidScore(f"the score is of type {type(value).__name__}, not a number")
    if not math.isfinite(value):
        raise InvalidScore(f"the score is {value}")
    return value


def _only_element(array: np.ndarray) -> object:
    """Return the one element of an array as a numpy scalar."""
    if array.size != 1:
        raise InvalidScore(f"the score is an array of {array.size} elements")
    return array.reshape(-1)[0]
