"""Logs made by hand: events in a few words each, as the table that a log's files would hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from fsdb import schema
from fsdb.log.events import Event, check_fields, to_table
from fsdb.state.keys import NOISE_SCHEME, signature_hash, source_hash

SECOND = 1_000_000
"""Events are a second apart, counted in microseconds from 1970 on."""


class Log:
    """A log under construction; numbers count up by themselves, the rest is what a test says.

    Every event passes the same checks as in a real log. `epochs` follows the resets, so that whatever a
    test does not say about a program or a draw is what a search would write at that moment.
    """

    def __init__(self, islands: int = 1, seed: int = 0) -> None:
        """Start a run: seq 0."""
        self.events: list[Event] = []
        self.epochs = [0] * islands
        self.seed = seed
        self._next = dict.fromkeys(("draw", "completion", "program", "reset"), 0)
        self._append("run_started", {**_nothing("run_started"), "islands": islands, "seed": seed})

    def drawn(
        self,
        island: int = 0,
        parents: Sequence[int | Mapping[str, Any]] = (),
        *,
        kind: str = "parents",
        completions: int = 1,
        **fields: Any,
    ) -> int:
        """Append prompt_drawn; `parents` are programs, or fields of a parent. Returns the draw's number."""
        draw_id = self._count("draw")
        shown = [
            {
                "position": position,
                "slot": position,
                "program_id": parent,
                "cluster_id": parent,
                "cluster_propensity": 0.5,
                "program_propensity": 1.0,
            }
            if isinstance(parent, int)
            else parent
            for position, parent in enumerate(parents)
        ]
        known = {
            "draw_id": draw_id,
            "batch_id": draw_id,
            "as_of": len(self.events) - 1,
            "kind": kind,
            "seed": self.seed,
            "noise_scheme": NOISE_SCHEME,
            "island_id": island,
            "epoch": self.epochs[island],
            "island_propensity": 1.0,
            "parents": shown,
            "completions": completions,
        }
        self._append("prompt_drawn", {**_nothing("prompt_drawn"), **known, **fields})
        return draw_id

    def received(self, draw: int, ordinal: int = 0, **fields: Any) -> int:
        """Append completion_received; returns the completion's number."""
        completion_id = self._count("completion")
        known = {"completion_id": completion_id, "draw_id": draw, "ordinal": ordinal, "text": "return 1"}
        self._append("completion_received", {**_nothing("completion_received"), **known, **fields})
        return completion_id

    def evaluated(
        self,
        score: float | Sequence[float | None] | None,
        island: int = 0,
        *,
        source: str | None = "",
        draw: int | None = None,
        status: str = "ok",
        parents: Sequence[int] = (),
        **fields: Any,
    ) -> int:
        """Append program_evaluated; returns the program's number.

        `score` is the only input's score, or all inputs' scores, whose mean is the score. The source is one
        that no other program has, unless one is given (None for a completion without a program).
        """
        program_id = self._count("program")
        text = f"def f():\n    return {program_id}\n" if source == "" else source
        scores = list(score) if isinstance(score, Sequence) else [score]
        numbers = [each for each in scores if each is not None]
        complete = len(numbers) == len(scores)
        known = {
            "program_id": program_id,
            "draw_id": draw,
            "sampler": "seed" if draw is None else "mutation",
            "island_id": island,
            "epoch": self.epochs[island],
            "parents": list(parents),
            "status": status,
            "source": text,
            "source_hash": None if text is None else source_hash(text),
            "scores": scores,
            "score": sum(numbers) / len(numbers) if complete else None,
            "signature_hash": signature_hash(numbers) if complete else None,
        }
        self._append("program_evaluated", {**_nothing("program_evaluated"), **known, **fields})
        return program_id

    def reset(self, founders: Mapping[int, int | None], **fields: Any) -> int:
        """Append island_reset; `founders` maps each island that falls to its founder. Returns its number.

        The copies of the founders are the test's to append.
        """
        reset_id = self._count("reset")
        islands = [
            {
                "island_id": island,
                "epoch": epoch,
                "programs": 0,
                "best_score": None,
                "best_program_id": None,
                "rank_key": None,
                "rank": island + 1,
                "reset": island in founders,
                "founder_program_id": founders.get(island),
                "founder_propensity": None if founders.get(island) is None else 0.25,
            }
            for island, epoch in enumerate(self.epochs)
        ]
        known = {
            "reset_id": reset_id,
            "as_of": len(self.events) - 1,
            "policy": "survivors",
            "seed": self.seed,
            "noise_scheme": NOISE_SCHEME,
            "islands": islands,
        }
        self._append("island_reset", {**_nothing("island_reset"), **known, **fields})
        for island in founders:
            self.epochs[island] += 1
        return reset_id

    def table(self, first: int = 0, last: int | None = None) -> pa.Table:
        """Return the events with seq from `first` to `last`, both included (by default all)."""
        end = len(self.events) if last is None else last + 1
        return to_table("run", first, self.events[first:end])

    def _count(self, what: str) -> int:
        number = self._next[what]
        self._next[what] += 1
        return number

    def _append(self, type_: str, fields: dict[str, Any]) -> None:
        seq = len(self.events)
        self.events.append(Event(type_, seq * SECOND, check_fields(type_, fields)))


def _nothing(type_: str) -> dict[str, Any]:
    """Return fields of an event that say as little as they may: null, else the type's zero."""
    zeros = {"VARCHAR": "", "INTEGER": 0, "BIGINT": 0, "DOUBLE": 0.0, "BOOLEAN": False}
    return {
        column.column: None if column.nullable else zeros.get(column.type, [])
        for column in schema.columns()
        if column.table == type_
    }
