"""A policy's query over many states at once, unchanged, by a correlated (lateral) join.

For each state the query finds relations named population, clusters and islands that hold that state alone.
DuckDB turns that into joins over all states together, thousands of times faster than asking state by
state. What DuckDB cannot turn so (sampling, pivots) is asked state by state, to the same effect. Of SQL that
does not come with fsdb some states are asked both ways, and if the answers differ in a bit, all are asked
singly.
"""

from __future__ import annotations

import duckdb

from fsdb.errors import FsdbError
from fsdb.state.policies import Policy

_NOT_TOGETHER = (duckdb.BinderException, duckdb.NotImplementedException)
"""What DuckDB raises, before anything is run, for a query that it cannot ask of many states at once."""

RELATIONS = ("population", "clusters", "islands", "progress", "survivors")


def _names(select: str) -> set[str]:
    """Return what a query reads, by name; asked where there is no view, which would be looked through."""
    with duckdb.connect(":memory:") as con:
        return con.get_table_names(select)


class Asking:
    """A query of a policy, asked of chunk after chunk.

    `trusted` SQL is not asked twice. `singly` tells that the states are asked one by one.
    """

    def __init__(self, con: duckdb.DuckDBPyConnection, policy: Policy, select: str, *, trusted: bool) -> None:
        self.con = con
        self.policy = policy
        self.select = select
        self.trusted = trusted
        self.singly = False
        self.reads = _names(select) & set(RELATIONS)

    def of_chunk(self, into: str) -> None:
        """Make the temporary table `into` of the query's rows, with `state`, for each of chunk_states.

        Reads chunk_<relation> for each relation that the query reads. Raises FsdbError where it fails.
        """
        if not self.singly:
            try:
                self._together(into)
            except _NOT_TOGETHER:
                self.singly = True
            else:
                self.singly = not (self.trusted or self._same_singly(into))
        if self.singly:
            self._one_by_one(into, "select state from chunk_states")

    def _together(self, into: str) -> None:
        self._execute(
            f"create or replace temp table {into} as select states.state, answers.* "
            f"from chunk_states as states cross join lateral ({self._of_state('states.state')}) as answers"
        )

    def _one_by_one(self, into: str, states: str) -> None:
        first = True
        for (state,) in self.con.execute(states).fetchall():
            start = f"create or replace temp table {into} as" if first else f"insert into {into}"
            of_state = self._of_state(str(state))
            self._execute(f"{start} select {state}::bigint as state, answers.* from ({of_state}) as answers")
            first = False

    def _same_singly(self, into: str) -> bool:
        """Return whether the chunk's first and last state give the same rows asked by themselves."""
        self._one_by_one(
            "asked_singly",
            "select min(state) from chunk_states union select max(state) from chunk_states",
        )
        asked = f"(from {into} where state in (select state from asked_singly))"
        both = (("asked_singly", asked), (asked, "asked_singly"))
        return not any(
            self.con.execute(f"select 1 from (from {one} except all from {other}) limit 1").fetchall()
            for one, other in both
        )

    def _of_state(self, state: str) -> str:
        """Return the query with its relations as of a state: a number, or a column of an outer query."""
        relations = ", ".join(
            f"{name} as (select * exclude (state) from chunk_{name} where chunk_{name}.state = {state})"
            for name in sorted(self.reads)
        )
        return f"with {relations} {self.select}" if relations else self.select

    def _execute(self, sql: str) -> None:
        try:
            self.con.execute(sql)
        except duckdb.Error as error:
            if not self.singly and isinstance(error, _NOT_TOGETHER):
                raise
            raise FsdbError(
                f"policy {self.policy.name} failed: {error}",
                cure="mend its SQL or its parameters; `fsdb policies` says what they mean",
            ) from None
