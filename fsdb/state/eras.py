"""Which policies held when: a fork may go on under others than its parent's, with which its log begins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fsdb.state.policies import Policy, policy_from_event


@dataclass(frozen=True)
class Era:
    """A part of a log, from the event `first_seq` on, that was decided by one seed and these policies."""

    first_seq: int
    seed: int
    policy: Policy
    reset_policy: Policy


def eras(started: Mapping[str, Any], forked: Sequence[Mapping[str, Any]]) -> list[Era]:
    """Return a log's eras in order: one, and one more for each time that it was forked.

    `started` are the fields of run_started; `forked` those of the run_forked events, with their seq, in
    order: each says what held before it.
    """
    said = [*forked, started]
    firsts = [0, *(each["seq"] + 1 for each in forked)]
    return [
        Era(first, each["seed"], policy_from_event(each, "policy"), policy_from_event(each, "reset_policy"))
        for first, each in zip(firsts, said, strict=True)
    ]


def era_of(found: Sequence[Era], seq: int) -> Era:
    """Return the era of an event."""
    return next(era for era in reversed(found) if era.first_seq <= seq)
