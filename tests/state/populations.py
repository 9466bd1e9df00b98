"""Populations for the tests of drawing: what lives on which island, as a log and as plain Python."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from fsdb.state.database import connect_table
from fsdb.state.projection import Projection
from tests.state.logs import Log

Description = Mapping[int, Sequence[tuple[float, float, Sequence[int]]]]
"""Island to its clusters: two scores, whose mean is the cluster's, and the lengths of its programs."""


@dataclass(frozen=True)
class Cluster:
    """A cluster; `programs` maps each program to its length, oldest first."""

    cluster_id: int
    score: float
    programs: dict[int, int]

    @property
    def newest(self) -> int:
        return max(self.programs)


World = dict[int, list[Cluster]]
"""Island to its clusters; an empty island has none."""


def populate(islands: int, description: Description) -> tuple[Log, World]:
    """Return a log that ends in the population described, and the same in Python.

    Programs arrive in turns, one for each cluster that still waits for some, so that a cluster's programs
    are not numbered in a row.
    """
    log = Log(islands)
    waiting = [
        (island, number, scores, list(lengths))
        for island, clusters in description.items()
        for number, (*scores, lengths) in enumerate(clusters)
    ]
    found: dict[tuple[int, int], Cluster] = {}
    while waiting:
        for island, number, scores, lengths in waiting:
            length = lengths.pop(0)
            start = f"def f(): return {len(log.events)} #"
            program_id = log.evaluated(scores, island, source=start + "." * (length - len(start)))
            cluster = found.setdefault((island, number), Cluster(program_id, sum(scores) / 2, {}))
            cluster.programs[program_id] = length
        waiting = [entry for entry in waiting if entry[3]]
    world: World = {island: [] for island in range(islands)}
    for (island, _), cluster in found.items():
        world[island].append(cluster)
    return log, world


def connect_population(log: Log) -> duckdb.DuckDBPyConnection:
    """Return a connection that finds the end of the log as projections."""
    return Projection(connect_table(log.table())).con


ORDINARY: Description = {
    # Equal scores in three clusters, and a worse one.
    0: [(0.0, 2.0, [30, 47, 39]), (2.0, 0.0, [35]), (1.0, 1.0, [60, 31]), (0.9, 0.9, [30, 30])],
    # One cluster.
    1: [(0.25, 0.75, [33, 36, 30, 90])],
    # Island 2 is empty. Five clusters, far apart and close together.
    3: [(-3.0, -3.0, [40]), (1.1, 1.2, [41, 32]), (1.3, 1.2, [55]), (0.5, 1.5, [30, 130]), (0.0, 0.0, [44])],
}
"""Equal scores, one cluster, an empty island, scores around a temperature of 0.1."""

SCALES: Description = {
    0: [(1e9, 1e9, [30, 34]), (1e9 + 1, 1e9 - 0.5, [41]), (1e9, 1e9 + 0.5, [33, 35]), (1e9 - 3, 1e9, [36])],
    1: [(1e-9, 1e-9, [30, 34]), (2e-9, 3e-9, [41]), (2e-9, 1e-9, [33, 35]), (-1e-9, 0.0, [36])],
}
"""Scores of 1e9 that differ by little, and of 1e-9 that differ by as little again."""

HUGE: Description = {0: SCALES[0], 1: SCALES[0][1:3]}
"""Scores of 1e9 alone, on two islands."""

TINY: Description = {0: SCALES[1], 1: SCALES[1][1:3]}
"""Scores of 1e-9 alone, on two islands."""

EQUAL: Description = {
    0: [(1e9, 1e9, [30, 34]), (1e9 + 1, 1e9 - 1, [41])],
    1: [(1e9 - 2, 1e9 + 2, [33, 35, 36])],
}
"""Every score the same, and large."""
