"""Prompts of draws: parents with their sources, and whatever else the sampler's prompts show."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import duckdb

from fsdb.samplers.base import Failure, Parent
from fsdb.samplers.prompts.shown import parents_from
from fsdb.samplers.prompts.style import MOST_FAILURES
from fsdb.state.draws import Draw

if TYPE_CHECKING:
    from fsdb.search.ledger import Ledger


class RecentFailures:
    """The last failures of each island: the view `recent_failures`, carried forward in memory."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        """Read them from the log."""
        self._by_island: dict[int, deque[Failure]] = {}
        rows = con.execute(
            "select island_id, status, error from main.recent_failures order by seq"
        ).fetchall()
        for island_id, status, error in rows:
            self._of(island_id).append(Failure(status, error))

    def fold(self, programs: Sequence[Mapping[str, Any]]) -> None:
        """Take in the fields of program_evaluated events that were committed."""
        for fields in programs:
            # As failed_until in queries/macros/prompts.sql says.
            by_itself = fields["status"] not in ("no_program", "forged", "sandbox_error")
            if fields["draw_id"] is not None and fields["score"] is None and by_itself:
                self._of(fields["island_id"]).append(Failure(fields["status"], fields["error"]))

    def newest(self, island_id: int) -> tuple[Failure, ...]:
        """Return the last failures of an island, the newest first."""
        return tuple(reversed(self._of(island_id)))

    def _of(self, island_id: int) -> deque[Failure]:
        return self._by_island.setdefault(island_id, deque(maxlen=MOST_FAILURES))


def shown_parents(
    ledger: Ledger, draws: Sequence[Draw], input_names: Sequence[str]
) -> list[tuple[Parent, ...]]:
    """Return, for each draw, its parents as its prompt shows them."""
    rows = ledger.shown([parent.program_id for draw in draws for parent in draw.parents])
    return [parents_from([rows[parent.program_id] for parent in draw.parents], input_names) for draw in draws]
