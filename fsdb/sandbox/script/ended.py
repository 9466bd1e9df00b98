"""How an evaluation by a whole program ended, as its launcher tells it."""

from __future__ import annotations

import msgspec


class Ended(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`ended` is exited, timeout, memory or disk; `exit_code` (minus the signal's number) where it exited.

    `output` is the beginning and the end of what was printed; `result` what came over the runner's own pipe,
    "" for nothing; `files` the texts of the answers in the results folder, None for each that is not there.
    """

    ended: str
    exit_code: int | None
    seconds: float
    cpu_seconds: float
    output: str
    result: str
    files: dict[str, str | None]
