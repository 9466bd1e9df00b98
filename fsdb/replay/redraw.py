"""Every draw of a run again, under any policies, with the run's own noise: set-based, chunk by chunk.

For each policy ("arm") two tables are filled: replay.drawn, what it draws at each logged draw, and
replay.chances, the probability that it gives to each parent that was logged. The law is that of
queries/engine/draw.sql, which draws from one state; the tests hold the two equal to the last bit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import duckdb

from fsdb import queries
from fsdb.errors import FsdbError
from fsdb.replay.history import ROWS, History
from fsdb.replay.setwise import Asking
from fsdb.state.policies import Policy, selection_selects
from fsdb.state.policy_text import parse

Progress = Callable[[int, int], None]
"""Told how many states are done, and how many there are."""

ISLAND_BY_ISLAND = (
    "elitist", "funsearch", "greedy", "independent", "rank", "sequential", "tournament", "uniform",
)  # fmt: skip
"""Shipped policies whose query of clusters looks at no other island than a cluster's own."""

CLUSTER_BY_CLUSTER = (*ISLAND_BY_ISLAND, "blog")
"""Shipped policies whose query of programs looks at no other cluster than a program's own."""

_LOGITS = "a logit is a finite number, or -infinity for what is never drawn"


@dataclass
class Arm:
    """A policy whose draws are made: its number in the tables, and how its queries are asked.

    With `whole` each query finds everything that lived, though it be known to look at a part only.
    """

    number: int
    policy: Policy
    con: duckdb.DuckDBPyConnection
    whole: bool = False
    islands: Asking = field(init=False)
    clusters: Asking = field(init=False)
    programs: Asking = field(init=False)

    def __post_init__(self) -> None:
        selects = selection_selects(self.con, self.policy)
        known = {
            "islands": self._is_of("islands", (*CLUSTER_BY_CLUSTER,)),
            "clusters": self._is_of("clusters", CLUSTER_BY_CLUSTER),
            "programs": self._is_of("programs", CLUSTER_BY_CLUSTER),
        }
        self.islands, self.clusters, self.programs = (
            Asking(self.con, self.policy, selects[query], trusted=known[query])
            for query in ("islands", "clusters", "programs")
        )
        by_cluster = known["programs"] and not self.whole
        by_island = self._is_of("clusters", ISLAND_BY_ISLAND) and not self.whole
        early = self.islands.reads | self.clusters.reads
        self.all_programs = not by_cluster or "population" in early
        self.all_clusters = self.all_programs or not by_island or "clusters" in self.islands.reads

    def _is_of(self, query: str, names: Sequence[str]) -> bool:
        """Return whether a query is that of one of these shipped policies, or left out."""
        own = parse(self.policy.name, self.policy.sql).queries.get(query)
        return own is None or own in {
            parse(name, queries.text(f"policies/{name}.sql")).queries.get(query) for name in names
        }

    @property
    def slowly(self) -> bool:
        """Whether DuckDB could not ask all of its queries of many states at once."""
        return self.islands.singly or self.clusters.singly or self.programs.singly


def redraw(
    history: History,
    policies: Sequence[Policy],
    progress: Progress = lambda done, total: None,
    *,
    chances: bool = True,
    whole: bool = False,
    rows: int = ROWS,
) -> list[Arm]:
    """Fill replay.drawn and replay.chances for each policy, numbered from 0 on; return how it was done.

    Draws of random programs have nothing to be drawn. Without `chances` that table stays empty. Raises
    FsdbError where a policy's SQL fails, offers something twice, or gives a logit that is no number.
    """
    con = history.con
    con.execute(queries.text("replay/create.sql"))
    arms = [Arm(number, policy, con, whole) for number, policy in enumerate(policies)]
    weight = "programs" if any(arm.all_programs for arm in arms) else "clusters"
    seed = history.started["seed"]
    for done, total in history.chunks(weight, rows):
        progress(done, total)
        con.execute(queries.text("replay/chunk_draws.sql"), {"seed": seed})
        con.execute(queries.text("replay/chunk_islands.sql"))
        for arm in arms:
            _draw_chunk(con, arm)
            if chances:
                con.execute(queries.text("replay/chances.sql"), {"arm": arm.number})
    for arm in arms:
        _check(history, arm)
    if history.scalar("select count(*) from replay.states"):
        progress(total, total)
    return arms


def _draw_chunk(con: duckdb.DuckDBPyConnection, arm: Arm) -> None:
    """Make the draws of the chunk under one policy."""
    parents, replacement = arm.policy.params["parents"], arm.policy.params["replacement"]
    if arm.all_clusters:
        reach_everything(con, programs=arm.all_programs)
    arm.islands.of_chunk("chunk_policy_islands")
    con.execute(queries.text("replay/island_logits.sql"))
    con.execute(queries.text("replay/draw_islands.sql"))
    con.execute(queries.text("replay/chunk_scope.sql"))
    if not arm.all_clusters:
        con.execute("create or replace temp table chunk_reach as from chunk_scope")
        con.execute(queries.text("replay/chunk_clusters.sql"))
    arm.clusters.of_chunk("chunk_policy_clusters")
    con.execute(queries.text("replay/cluster_logits.sql"))
    draw = "replay/draw_clusters.sql" if replacement else "replay/rank_clusters.sql"
    con.execute(queries.text(draw), {"parents": parents})
    con.execute(queries.text("replay/chunk_members.sql"))
    if not arm.all_programs:
        con.execute("create or replace temp table chunk_reached as from chunk_members")
        con.execute(queries.text("replay/chunk_population.sql"))
    arm.programs.of_chunk("chunk_policy_programs")
    con.execute(queries.text("replay/program_logits.sql"))
    con.execute(queries.text("replay/draw_programs.sql"), {"arm": arm.number})


def reach_everything(con: duckdb.DuckDBPyConnection, *, programs: bool) -> None:
    """Let the policy's queries find every cluster, and with `programs` every program."""
    con.execute("create or replace temp table chunk_reach as select state, island_id from chunk_islands")
    con.execute(queries.text("replay/chunk_clusters.sql"))
    if programs:
        con.execute(
            "create or replace temp table chunk_reached as select state, cluster_id from chunk_clusters"
        )
        con.execute(queries.text("replay/chunk_population.sql"))


def _check(history: History, arm: Arm) -> None:
    """Refuse what the running search would refuse (fsdb.state.draws)."""
    name = arm.policy.name
    for row in history.rows(queries.text("replay/undrawable.sql"), arm=arm.number):
        draw = f"draw {row['draw_id']}"
        if row["repeated"]:
            raise FsdbError(
                f"policy {name} offers the same island, cluster or program more than once ({draw})",
                cure="each of its queries must return one row for each: see that its joins multiply none",
            )
        if row["missing"]:
            raise FsdbError(
                f"policy {name} drew nothing for {draw}: on some island it offers nothing that lives there",
                cure="each of its queries must return a row with a logit for each island, cluster or program",
            )
        raise FsdbError(
            f"policy {name} gave a logit that is no number, or no candidate any weight ({draw})", cure=_LOGITS
        )
