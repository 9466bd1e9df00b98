"""Exact replay: every draw, reset and admission of a run made again from its log alone, bit by bit.

The same noise, the same SQL and sums that do not depend on the order of rows give the same numbers to the
last bit where DuckDB and the C library's exp and ln are the same. Elsewhere these may differ in their last
bits, and a probability with them: a number that is off by at most ROUNDING_ULPS is told as a rounding,
everything else as a difference.
"""

from __future__ import annotations

import math
import platform
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import duckdb

from fsdb import queries
from fsdb.errors import FsdbError
from fsdb.problem.reduction import reduce_scores
from fsdb.replay.folded import remake
from fsdb.replay.history import History
from fsdb.replay.models import models_again
from fsdb.replay.redraw import Arm, Progress, reach_everything, redraw
from fsdb.replay.setwise import Asking
from fsdb.state.draws import decide_reset
from fsdb.state.keys import NOISE_SCHEME, signature_hash
from fsdb.state.policies import Policy, install_reset, policy_from_event, reset_due_select

ROUNDING_ULPS = 4096
"""Units in the last place by which another machine's arithmetic may be off: exp turns an error in the last
bit of its argument into as many units as that is large; a probability is a quotient of sums of such."""

_EVER = 1e9
"""Hours after which every reset by the clock is due."""

_DRAW = ("island_id", "epoch", "island_propensity", "temperature")
_PARENT = ("position", "slot", "program_id", "cluster_id", "cluster_propensity", "program_propensity")


@dataclass(frozen=True)
class Difference:
    """Where one event is not what it is when made again. `rounding`: but for a number's last bits."""

    seq: int
    what: str
    field: str
    logged: Any
    remade: Any
    rounding: bool = False

    def __str__(self) -> str:
        if not self.field:
            return f"{self.what} (event {self.seq}): {self.remade}"
        return (
            f"{self.what} (event {self.seq}): {self.field} was logged as {self.logged}, "
            f"and made again is {self.remade}"
        )


@dataclass
class Exact:
    """What came of making all again: how much was, and what differs, in the order of events."""

    draws: int = 0
    random_draws: int = 0
    states: int = 0
    resets: int = 0
    programs: int = 0
    scores: int = 0
    elsewhere: str | None = None
    """Where the log was written, if not by this DuckDB on such a machine: roundings may be from there."""
    slowly: bool = False
    """Whether the policy's SQL had to be asked state by state."""
    draw_differences: list[Difference] = field(default_factory=list)
    reset_differences: list[Difference] = field(default_factory=list)
    program_differences: list[Difference] = field(default_factory=list)

    @property
    def differences(self) -> list[Difference]:
        """All differences, the first event's first."""
        found = self.draw_differences + self.reset_differences + self.program_differences
        return sorted(found, key=lambda difference: difference.seq)

    def faults(self, differences: list[Difference]) -> list[Difference]:
        """Return those of some differences that another machine's arithmetic does not explain."""
        return [each for each in differences if not (each.rounding and self.elsewhere)]

    @property
    def same(self) -> bool:
        """Whether all is the same, but for roundings of a log that was written elsewhere."""
        return not self.faults(self.differences)


def replay_exactly(history: History, progress: Progress = lambda done, total: None) -> Exact:
    """Make everything again that was decided by chance or by rule, and compare; change nothing."""
    started = history.started
    policy, reset_policy = policy_from_event(started, "policy"), policy_from_event(started, "reset_policy")
    exact = Exact(elsewhere=_elsewhere(history))
    _compare_programs(history, exact)
    if started.get("explore") or history.log.rows("from run_forked"):
        _compare_folded(history, exact, progress)
        return exact
    try:
        (arm,) = redraw(history, [policy], progress, chances=False)
    except FsdbError as error:
        found = Difference(history.last_seq, "the draws", "", None, f"cannot be made again: {error}")
        exact.draw_differences.append(found)
    else:
        _compare_draws(history, arm, exact)
    _compare_models(history, exact)
    _compare_resets(history, reset_policy, exact)
    exact.reset_differences += _forgotten_resets(history, reset_policy)
    return exact


def _compare_folded(history: History, exact: Exact, progress: Progress) -> None:
    """Make the draws and resets of a log again that several policies made."""
    remade = remake(history.log, progress)
    exact.draws, exact.random_draws = remade.draws, remade.random_draws
    exact.states, exact.resets = remade.states, remade.resets
    last = history.last_seq
    for what, told, found in (
        ("draws", remade.draw_differences, exact.draw_differences),
        ("resets", remade.reset_differences, exact.reset_differences),
    ):
        found += [Difference(last, what, "", None, each) for each in told]


def _elsewhere(history: History) -> str | None:
    here = (duckdb.__version__, f"{platform.system()} {platform.machine()}")
    written = history.rows(
        "select duckdb_version, platform from run_started "
        "union select duckdb_version, platform from run_resumed"
    )
    others = {
        f"DuckDB {each['duckdb_version']} on {each['platform']}"
        for each in written
        if (each["duckdb_version"], each["platform"]) != here
    }
    return " and ".join(sorted(others)) or None


def _compare_draws(history: History, arm: Arm, exact: Exact) -> None:
    started = history.started
    exact.slowly = arm.slowly
    exact.states = history.scalar("select count(*) from replay.states")
    exact.draws, exact.random_draws = history.con.execute(
        "select count(*) filter (where kind = 'parents'), count(*) filter (where kind <> 'parents') "
        "from replay.draws"
    ).fetchall()[0]
    asked = {
        "seed": started["seed"],
        "policy": started["policy"],
        "policy_params": started["policy_params"],
        "noise_scheme": NOISE_SCHEME,
    }
    for row in history.rows(queries.text("replay/exact_draws.sql"), **asked):
        exact.draw_differences += _draw_differences(row, asked)


def _draw_differences(row: Mapping[str, Any], asked: Mapping[str, Any]) -> Iterator[Difference]:
    seq, what = row["seq"], f"draw {row['draw_id']}"
    question = list(_other_question(row, asked))
    yield from (Difference(seq, what, "", None, told) for told in question)
    if row["as_of"] != row["state"]:
        yield Difference(
            seq,
            what,
            "",
            None,
            f"was drawn as of event {row['as_of']}, which is not where the log then ended ({row['state']})",
        )
    if question or row["kind"] != "parents":
        return
    if not row["remade"]:
        yield Difference(seq, what, "", None, "was logged, and made again draws nothing")
        return
    again = {name: row["remade"][0][name] for name in _DRAW}
    yield from _differences(seq, what, {name: row[name] for name in _DRAW}, again)
    logged = [{name: each[name] for name in _PARENT} for each in _ordered(row["logged"])]
    remade = [{name: each[name] for name in _PARENT} for each in _ordered(row["remade"])]
    yield from _differences(seq, what, {"parents": logged}, {"parents": remade})


def _compare_models(history: History, exact: Exact) -> None:
    """Draw the model of each prompt again, as of the same event."""
    found = exact.draw_differences
    try:
        for seq, draw_id, logged, again in models_again(history):
            found += _differences(seq, f"draw {draw_id}", logged, again)
    except FsdbError as error:
        found.append(Difference(history.last_seq, "the models", "", None, f"cannot be drawn again: {error}"))


def _ordered(parents: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(parents, key=lambda parent: int(parent["position"]))


def _other_question(row: Mapping[str, Any], asked: Mapping[str, Any]) -> Iterator[str]:
    """Say where an event was not decided by the run's policy, with its seed and this noise."""
    if row["noise_scheme"] != asked["noise_scheme"]:
        yield f"was drawn with the noise {row['noise_scheme']}, which this fsdb does not know"
    if row["seed"] != asked["seed"]:
        yield f"was drawn with the seed {row['seed']}; the run's seed is {asked['seed']}"
    own = (row["policy"], row["policy_params"])
    if row.get("kind", "parents") == "parents" and own != (asked["policy"], asked["policy_params"]):
        yield (
            f"was drawn by {row['policy']} with {row['policy_params']}; "
            f"the run's policy is {asked['policy']} with {asked['policy_params']}"
        )


def _compare_resets(history: History, policy: Policy, exact: Exact) -> None:
    """Decide each reset again, from the state that it was decided in."""
    found = exact.reset_differences
    install_reset(history.con, policy)
    asked = {
        "seed": history.started["seed"],
        "policy": history.started["reset_policy"],
        "policy_params": history.started["reset_policy_params"],
        "noise_scheme": NOISE_SCHEME,
    }
    for number, row in enumerate(history.rows("from island_reset order by seq")):
        seq, what = row["seq"], f"reset {row['reset_id']}"
        exact.resets += 1
        told = list(_other_question(row, asked))
        if row["as_of"] != seq - 1:
            told.append(f"was decided as of event {row['as_of']}, and not as of {seq - 1}")
        if row["reset_id"] != number:
            told.append(f"is the run's reset {number}")
        if told:
            found += [Difference(seq, what, "", None, each) for each in told]
            continue
        history.stand_at(seq - 1)
        again = None
        try:
            for hours in (0.0, _EVER):  # whether the clock called for it is not in the log
                again = again or _decided(history, policy, number, seq - 1, hours)
        except FsdbError as error:
            found.append(Difference(seq, what, "", None, f"cannot be made again: {error}"))
            continue
        if again is None:
            found.append(Difference(seq, what, "", None, f"none was due as of event {seq - 1}"))
        else:
            again["policy_params"] = row["policy_params"]  # compared above, as text
            found += _differences(seq, what, {name: row[name] for name in again}, again)


def _decided(
    history: History, policy: Policy, reset_id: int, as_of: int, hours: float
) -> dict[str, Any] | None:
    history.con.execute(f"set variable hours_since_reset = {hours!r}::double")
    return decide_reset(history.con, policy, history.started["seed"], reset_id, as_of)


def _forgotten_resets(history: History, policy: Policy) -> Iterator[Difference]:
    """Notice resets that were due, whatever the clock said, when prompts were drawn instead."""
    due = Asking(history.con, policy, reset_due_select(history.con, policy), trusted=False)
    suspects: list[int] = []
    programs = "population" in due.reads
    of = "programs" if programs else "clusters" if "clusters" in due.reads else "0"
    for _ in history.chunks(of):
        history.con.execute(queries.text("replay/chunk_islands.sql"))
        if of != "0":
            reach_everything(history.con, programs=programs)
        for hours in (0.0, _EVER):
            history.con.execute(queries.text("replay/chunk_progress.sql"), {"hours": hours})
            due.of_chunk(f"chunk_due_{hours:.0f}")
        suspects += [
            row["state"]
            for row in history.rows(
                f"select state from chunk_due_0 where due intersect select state from chunk_due_{_EVER:.0f} "
                "where due order by state"
            )
        ]
    for state in suspects:
        history.stand_at(state)
        reset_id = history.scalar("select resets from counts")
        if all(_decided(history, policy, reset_id, state, hours) for hours in (0.0, _EVER)):
            draw_id, seq = history.con.execute(
                "select min(draw_id), min(seq) from replay.draws where state = $state", {"state": state}
            ).fetchall()[0]
            yield Difference(
                seq,
                f"reset {reset_id}",
                "",
                None,
                f"was due as of event {state}, and draw {draw_id} was made without it",
            )


def _compare_programs(history: History, exact: Exact) -> None:
    """Decide again what became of each program, and reduce its scores again."""
    found = exact.program_differences
    exact.programs = history.scalar("select count(*) from program_evaluated")
    found += [
        Difference(row["seq"], f"program {row['program_id']}", row["field"], row["logged"], row["remade"])
        for row in history.rows(queries.text("replay/exact_programs.sql"))
    ]
    how = history.started["reduce"]
    for row in history.rows(queries.text("replay/scores.sql")):
        exact.scores += 1
        scores = row["scores"]
        if not scores or not all(score is not None and math.isfinite(score) for score in scores):
            what = f"program {row['program_id']}"
            found.append(Difference(row["seq"], what, "", None, f"has a score, and as its scores {scores}"))
            continue
        logged = {"score": row["score"], "signature_hash": row["signature_hash"]}
        again = {"score": reduce_scores(scores, how), "signature_hash": signature_hash(scores)}
        found += _differences(row["seq"], f"program {row['program_id']}", logged, again, exactly=True)


def _differences(
    seq: int, what: str, logged: Any, again: Any, where: str = "", *, exactly: bool = False
) -> Iterator[Difference]:
    """Yield where two values differ, and what each has there; `exactly` knows no rounding."""
    if isinstance(logged, Mapping) and isinstance(again, Mapping) and logged.keys() == again.keys():
        for key in logged:
            inner = f"{where}.{key}" if where else str(key)
            yield from _differences(seq, what, logged[key], again[key], inner, exactly=exactly)
    elif isinstance(logged, list) and isinstance(again, list) and len(logged) == len(again):
        for place, (one, other) in enumerate(zip(logged, again, strict=True)):
            yield from _differences(seq, what, one, other, f"{where}[{place}]", exactly=exactly)
    elif not _same(logged, again):
        yield Difference(seq, what, where, logged, again, not exactly and _is_rounding(logged, again))


def _same(logged: Any, again: Any) -> bool:
    """Return whether two values are the same, numbers to the last bit."""
    if isinstance(logged, float) and isinstance(again, float):
        return struct.pack("<d", logged) == struct.pack("<d", again)
    return bool(logged == again)


def _is_rounding(logged: Any, again: Any) -> bool:
    """Return whether two values are numbers that differ by no more than another machine's arithmetic."""
    if not (isinstance(logged, float) and isinstance(again, float)):
        return False
    if not (math.isfinite(logged) and math.isfinite(again)):
        return False
    return abs(logged - again) <= ROUNDING_ULPS * math.ulp(max(abs(logged), abs(again)))
