"""Drawing: parents for prompts, and which islands are reset, by SQL with counter-based noise."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import duckdb

from fsdb import queries
from fsdb.errors import FsdbError
from fsdb.state.keys import NOISE_SCHEME
from fsdb.state.policies import Policy


@dataclass(frozen=True)
class DrawnParent:
    """One parent of a prompt and the probabilities of its choice (schema/events.sql, prompt_drawn)."""

    position: int
    slot: int
    program_id: int
    cluster_id: int
    cluster_propensity: float
    program_propensity: float
    score: float


@dataclass(frozen=True)
class Draw:
    """One draw: an island, and parents in prompt order, the worst first."""

    draw_id: int
    island_id: int
    epoch: int
    island_propensity: float
    temperature: float | None
    parents: tuple[DrawnParent, ...]

    def event(self) -> dict[str, Any]:
        """Return the draw's part of a prompt_drawn event."""
        return {
            "draw_id": self.draw_id,
            "kind": "parents",
            "island_id": self.island_id,
            "epoch": self.epoch,
            "island_propensity": self.island_propensity,
            "temperature": self.temperature,
            "parents": [
                {
                    "position": parent.position,
                    "slot": parent.slot,
                    "program_id": parent.program_id,
                    "cluster_id": parent.cluster_id,
                    "cluster_propensity": parent.cluster_propensity,
                    "program_propensity": parent.program_propensity,
                }
                for parent in self.parents
            ],
        }


def draw_batch(
    con: duckdb.DuckDBPyConnection, policy: Policy, seed: int, draw_ids: Sequence[int]
) -> list[Draw]:
    """Draw the parents of each of `draw_ids` from the state that `con` finds, in one query.

    The policy is to be installed on the connection (fsdb.state.policies.install_selection). Raises FsdbError
    where it offers nothing, or a logit that is no number, on an island that it drew.
    """
    rows = con.execute(
        queries.text("engine/draw.sql"),
        {
            "seed": seed,
            "draws": list(draw_ids),
            "parents": policy.params["parents"],
            "replacement": policy.params["replacement"],
        },
    ).fetchall()
    draws = [_draw(list(group)) for _, group in groupby(rows, key=lambda row: row[0])]
    _check(policy, draw_ids, draws)
    return draws


def decide_reset(
    con: duckdb.DuckDBPyConnection, policy: Policy, seed: int, reset_id: int, as_of: int
) -> dict[str, Any] | None:
    """Return the fields of the island_reset event that is due in the state that `con` finds, None if none is.

    The reset policy is to be installed on the connection.
    """
    if con.execute("select due from reset_due").fetchall() != [(True,)]:
        return None
    key = f"reset|{reset_id}"
    fraction = policy.params["fraction"]
    columns = ("island_id", "epoch", "programs", "best_score", "best_program_id", "rank_key", "rank", "reset")
    rows = con.execute(
        queries.text("engine/reset.sql"), {"seed": seed, "reset": key, "fraction": fraction}
    ).fetchall()
    islands = [dict(zip(columns, row, strict=True)) for row in rows]
    fallen = [island["island_id"] for island in islands if island["reset"]]
    if not fallen:
        return None
    survivors = [island["island_id"] for island in islands if not island["reset"]]
    con.execute("delete from survivors")
    con.execute("insert into survivors select unnest($islands::integer[])", {"islands": survivors})
    founders = {
        island: (program, propensity)
        for island, program, propensity in con.execute(
            queries.text("engine/founders.sql"), {"seed": seed, "reset": key, "islands": fallen}
        ).fetchall()
    }
    for island in islands:
        program, propensity = founders.get(island["island_id"], (None, None))
        island |= {"founder_program_id": program, "founder_propensity": propensity}
    return {
        "reset_id": reset_id,
        "as_of": as_of,
        "policy": policy.name,
        "policy_params": params_json(policy),
        "seed": seed,
        "noise_scheme": NOISE_SCHEME,
        "islands": islands,
    }


def params_json(policy: Policy) -> str:
    """Return a policy's parameters in force as compact, key-sorted JSON."""
    return json.dumps(policy.params, sort_keys=True, separators=(",", ":"))


def _draw(rows: list[tuple[Any, ...]]) -> Draw:
    draw_id, island_id, epoch, island_propensity, temperature = rows[0][:5]
    parents = tuple(
        DrawnParent(position, slot, program_id, cluster_id, cluster_propensity, program_propensity, score)
        for position, (*_, slot, cluster_id, score, cluster_propensity, program_id, program_propensity) in
        enumerate(rows)
    )
    return Draw(draw_id, island_id, epoch, island_propensity, temperature, parents)


def _check(policy: Policy, draw_ids: Sequence[int], draws: list[Draw]) -> None:
    if len(draws) != len(draw_ids):
        raise FsdbError(
            f"policy {policy.name} drew {len(draws)} of {len(draw_ids)} prompts: on some island it offers no "
            "candidate that lives there",
            cure="each of its queries must return a row with a logit for every island, cluster or program",
        )
    for draw in draws:
        chances = [draw.island_propensity]
        chances += [chance for p in draw.parents for chance in (p.cluster_propensity, p.program_propensity)]
        if any(chance is None or not math.isfinite(chance) or chance <= 0 for chance in chances):
            raise FsdbError(
                f"policy {policy.name} gave a logit that is no number, or no candidate any weight, "
                f"on island {draw.island_id} (draw {draw.draw_id})",
                cure="a logit is a finite number, or -infinity for what is never drawn",
            )

