"""What other policies would have drawn, and what their draws beget: one-step explanations and estimates.

Two kinds of answers, never blurred. One-step counterfactuals (Oberst and Sontag, ICML 2019: the Gumbel-max
structural causal model) explain the log: at each logged state and with the same noise, what would P have
drawn? Off-policy estimates (SNIPS: Swaminathan and Joachims, NeurIPS 2015) tell what a draw of P begets on
the archive as it was. Neither is what a run under P would have found.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from fsdb import queries
from fsdb.errors import UsageError
from fsdb.replay.history import History
from fsdb.replay.redraw import Progress, redraw
from fsdb.state.policies import Policy, components, policy_from_event

ENOUGH = 300
"""Effective draws below which no estimate is told."""

OFF_ONE = 0.1
"""How far the mean weight, which should be 1, may be off for an estimate to be told."""

STRETCHES = 10
"""Parts of the run, of equally many draws, that one-step counterfactuals are told for."""

MOST_WITHOUT_REPLACEMENT = 6
"""Parents of a prompt up to which the probability of a set is summed over its orders."""

Z = 1.959963984540054
"""Standard errors to each side of a 95 % interval."""

_OVERLAP = ("draws", "effective", "mean_weight", "largest", "impossible")

OUTCOMES = {
    "score": "score of a child that has one",
    "valid": "has a score",
    "beats_parent": "beats its better parent",
    "island_best": "new best of its island",
    "global_best": "new best of all",
}
"""What is estimated of a draw's child, each with what it means; all but the first are 0 or 1."""


@dataclass(frozen=True)
class OneStep:
    """What a policy would have drawn at the logged draws: rows of queries/replay, one_step and lineage."""

    draws: int
    stretches: list[dict[str, Any]]
    lineage: list[dict[str, Any]]

    def changed(self, level: str) -> float:
        """Return the share of all draws that differ at a level: island, clusters or programs."""
        return float(sum(row["draws"] * row[level] for row in self.stretches)) / self.draws


@dataclass(frozen=True)
class Estimate:
    """An outcome of P's draws: SNIPS with its interval, the logged mean, and the difference of the two.

    Intervals of 95 %; None where one cannot be told: of an outcome that was never seen, and of the
    difference in new bests of all, which are too rare.
    """

    outcome: str
    draws: int
    children: int
    estimate: float
    interval: tuple[float, float] | None
    logged: float
    difference: float
    difference_interval: tuple[float, float] | None


@dataclass(frozen=True)
class OffPolicy:
    """Estimates for one policy, or why there are none (`refusal`), with the overlap that there was."""

    draws: int
    effective: float
    mean_weight: float
    largest: float
    impossible: int
    refusal: str | None
    remedy: str | None
    estimates: tuple[Estimate, ...]


@dataclass(frozen=True)
class Counterfactual:
    """All that is told of one policy."""

    policy: Policy
    one_step: OneStep
    off_policy: OffPolicy
    slowly: bool


def counterfactuals(
    history: History,
    policies: Sequence[Policy],
    progress: Progress = lambda done, total: None,
) -> list[Counterfactual]:
    """Return what can be told of each policy from a run's history. Raises FsdbError where its SQL fails."""
    own = logging_policies(history)
    arms = redraw(history, [*(policy for _, policy in own), *policies], progress)
    weigh(history, [share for share, _ in own], [arm.policy for arm in arms])
    asked = arms[len(own) :]
    stretches = history.rows(queries.text("replay/one_step.sql"), stretches=STRETCHES)
    lineage = history.rows(queries.text("replay/lineage.sql"))
    estimated = {each.number: estimates for each, estimates in zip(arms, off_policy(history), strict=True)}
    found = []
    for arm in asked:
        steps = [row for row in stretches if row["arm"] == arm.number]
        one_step = OneStep(
            sum(row["draws"] for row in steps), steps, [row for row in lineage if row["arm"] == arm.number]
        )
        found.append(Counterfactual(arm.policy, one_step, estimated[arm.number], arm.slowly))
    return found


def logging_policies(history: History) -> list[tuple[float, Policy]]:
    """Return what the run's draws were drawn by: policies with the share of the draws that each one has.

    Raises UsageError for a fork's log, which goes on under another policy than it began with: estimates from
    such are not validated.
    """
    if history.log.rows("from run_forked"):
        raise UsageError(
            f"{history.log.name} is a fork: several policies made its draws, and estimates from such a log "
            "are not validated",
            cure="ask the run that it was forked from; `fsdb replay` without --policy checks the log",
        )
    policy = policy_from_event(history.started, "policy")
    if not policy.explore:
        return [(1.0, policy)]
    drawn_alike = {name: policy.params[name] for name in ("parents", "replacement")}
    return [
        (share, replace(component, explore=0.0, params={**component.params, **drawn_alike}))
        for share, component in components(policy).values()
    ]


def weigh(history: History, shares: Sequence[float], policies: Sequence[Policy]) -> None:
    """Fill replay.weights from replay.chances, where the first policies, by shares, are the logging ones."""
    con = history.con
    con.execute(
        "create or replace table replay.arms (arm integer, parents bigint, replacement boolean, share double)"
    )
    for number, policy in enumerate(policies):
        share = shares[number] if number < len(shares) else 0.0
        row = [number, policy.params["parents"], policy.params["replacement"], share]
        con.execute("insert into replay.arms values (?, ?, ?, ?)", row)
    for script in ("children", "prompts", "weights"):
        con.execute(queries.text(f"replay/{script}.sql"))


def off_policy(history: History) -> list[OffPolicy]:
    """Return the estimates for each policy of replay.weights, in order."""
    rows = history.rows(queries.text("replay/off_policy.sql"))
    arms = {row["arm"]: row for row in history.rows(queries.text("replay/overlap.sql"))}
    found = []
    for (number,) in history.con.execute("select arm from replay.arms order by arm").fetchall():
        overlap = arms.get(number)
        if overlap is None:
            reason = "no drawn prompt was answered"
            found.append(OffPolicy(0, 0.0, math.nan, math.nan, 0, reason, "a longer run", ()))
            continue
        refusal, remedy = _refusal(overlap)
        estimates = () if refusal else tuple(_estimate(row) for row in rows if row["arm"] == number)
        told = {
            name: overlap[name] for name in ("draws", "effective", "mean_weight", "largest", "impossible")
        }
        found.append(OffPolicy(**told, refusal=refusal, remedy=remedy, estimates=_in_order(estimates)))
    return found


def _refusal(overlap: dict[str, Any]) -> tuple[str | None, str | None]:
    """Return why nothing is told and what would help, by the overlap alone: never by what came out."""
    if overlap["untold"]:
        return (
            f"{overlap['untold']:,} prompts have a probability too small to be told, or more than "
            f"{MOST_WITHOUT_REPLACEMENT} parents drawn without replacement",
            "a fork under this policy",
        )
    effective, mean, draws = overlap["effective"], overlap["mean_weight"], overlap["draws"]
    if overlap["impossible"] == draws:
        return "this policy would never have drawn any prompt that the log holds", "a fork under this policy"
    reasons = []
    if effective < ENOUGH:
        reasons.append(f"only {effective:.0f} effective draws of {draws:,}; {ENOUGH} are needed")
    if not abs(mean - 1) < OFF_ONE:
        reasons.append(
            f"the mean weight is {mean:.3f}, not within {OFF_ONE} of 1: P draws what the log lacks"
        )
    if not reasons:
        return None, None
    if effective > 0 and abs(mean - 1) < OFF_ONE:
        needed = math.ceil(draws * ENOUGH / effective / 100) * 100
        return "; ".join(
            reasons
        ), f"about {needed:,} draws, a run with --explore, or a fork under this policy"
    return "; ".join(reasons), "a run with --explore, or a fork under this policy; more draws may not"


def _estimate(row: dict[str, Any]) -> Estimate:
    """Return an estimate: log-scale interval for a 0/1 outcome, normal one for a score and a difference."""
    estimate, error = row["estimate"], row["error"]
    if row["outcome"] == "score":
        interval = (estimate - Z * error, estimate + Z * error)
    elif estimate > 0:
        factor = math.exp(Z * error / estimate)
        interval = (estimate / factor, estimate * factor)
    else:
        interval = None
    off = Z * row["difference_error"]
    rare = row["outcome"] == "global_best"  # too short in simulation (docs/replay.md)
    difference = row["difference"]
    return Estimate(
        outcome=row["outcome"],
        draws=row["draws"],
        children=row["children"],
        estimate=estimate,
        interval=interval,
        logged=row["logged"],
        difference=difference,
        difference_interval=None if interval is None or rare else (difference - off, difference + off),
    )


def _in_order(estimates: tuple[Estimate, ...]) -> tuple[Estimate, ...]:
    names = list(OUTCOMES)
    return tuple(sorted(estimates, key=lambda each: names.index(each.outcome)))
