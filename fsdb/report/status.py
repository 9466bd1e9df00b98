"""How a run stands: its counts, its islands, what failed and why, and whether its draws still choose."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fsdb.report.runs import RunLog, state_of, writer_of

RECENT_DRAWS = 200
"""How many of the last draws tell whether draws have collapsed."""

FEWEST_DRAWS = 20
"""With fewer draws that had a choice nothing is said."""

COLLAPSED_SHARE = 0.5
"""Draws have collapsed where at least this share of them showed one program twice over …"""

COLLAPSED_CLUSTERS = 1.5
"""… and the policy effectively chose between no more clusters than these."""


@dataclass(frozen=True)
class Concentration:
    """How much recent draws chose: the row of queries/analyses/concentration.sql."""

    draws: int
    same_program_share: float | None
    effective_clusters: float | None
    clusters: float | None
    temperature: float | None

    @property
    def collapsed(self) -> bool:
        """Whether draws have collapsed: a prompt mostly shows the same program in every place."""
        return (
            self.draws >= FEWEST_DRAWS
            and (self.same_program_share or 0.0) >= COLLAPSED_SHARE
            and (self.effective_clusters or 1.0) <= COLLAPSED_CLUSTERS
        )

    def warning(self, policy: str | None) -> tuple[str, str] | None:
        """Return what is to be said of draws that have collapsed, and the cure; None where they have not."""
        if not self.collapsed:
            return None
        message = (
            f"Draws have collapsed: {self.same_program_share:.0%} of the last {self.draws} prompts that had "
            f"a choice show one program in every place; of {self.clusters:.0f} clusters on an island the "
            f"policy effectively chose between {self.effective_clusters:.1f}."
        )
        spread = "--policy funsearch:normalise=range divides scores by their range on the island"
        if policy == "funsearch":
            now = "" if self.temperature is None else f", {self.temperature:.3g}"
            return message, (
                f"The scores differ by far more than the temperature{now}. In a new run make that higher, as "
                f"in --policy funsearch:temperature_init=1; or {spread}."
            )
        return message, f"In a new run try a policy that spreads more: {spread}."


@dataclass(frozen=True)
class Status:
    """How a run stands as of its last event. `summary` is the row of queries/analyses/run_summary.sql."""

    name: str
    path: Path
    state: str
    writer: str | None
    summary: dict[str, Any]
    islands: list[dict[str, Any]]
    failures: list[dict[str, Any]]
    improvements: list[dict[str, Any]]
    open_draws: int
    concentration: Concentration
    damages: tuple[str, ...]
    files: int
    bytes: int

    @property
    def programs_per_second(self) -> float | None:
        """Programs a second while a writer was at work; None where that took no time."""
        return _rate(self.summary["programs"], self.summary["active_seconds"])

    @property
    def recent_programs_per_second(self) -> float | None:
        """The same for the last minute of the last writer."""
        return _rate(self.summary["recent_programs"], self.summary["recent_seconds"])


def status(log: RunLog) -> Status:
    """Return how a run stands."""
    (summary,) = log.analysis("run_summary")
    (concentration,) = log.analysis("concentration", draws=RECENT_DRAWS)
    (open_draws,) = log.rows("select count(*) as draws from open_draws")
    files, size = log.on_disk()
    return Status(
        name=log.name,
        path=log.path,
        state=state_of(log.path, summary["last_type"]),
        writer=writer_of(log.path),
        summary=summary,
        islands=log.rows(
            "select island_id, epoch, programs, clusters, best_score, best_program_id "
            "from islands order by island_id"
        ),
        failures=log.analysis("failures"),
        improvements=log.rows(
            "select program_id, score, gain, island_id, recorded_at "
            "from best_so_far order by seq desc limit 5"
        ),
        open_draws=open_draws["draws"],
        concentration=Concentration(**concentration),
        damages=tuple(map(str, log.damages)),
        files=files,
        bytes=size,
    )


def _rate(count: int, seconds: float | None) -> float | None:
    return count / seconds if seconds else None
