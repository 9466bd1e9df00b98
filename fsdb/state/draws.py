"""Drawing: parents for prompts, and which islands are reset, by SQL with counter-based noise."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from typing import Any

import duckdb

from fsdb import queries
from fsdb.errors import FsdbError
from fsdb.state.keys import NOISE_SCHEME
from fsdb.state.policies import Policy, components

_LOGITS = "a logit is a finite number, or -infinity for what is never drawn"


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
    """One draw: an island, and parents in prompt order, the worst first; `component` of a mixture drew."""

    draw_id: int
    island_id: int
    epoch: int
    island_propensity: float
    temperature: float | None
    parents: tuple[DrawnParent, ...]
    component: str | None = None

    def event(self) -> dict[str, Any]:
        """Return the draw's part of a prompt_drawn event."""
        return {
            "draw_id": self.draw_id,
            "kind": "parents",
            "island_id": self.island_id,
            "epoch": self.epoch,
            "island_propensity": self.island_propensity,
            "temperature": self.temperature,
            "component": self.component,
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
    where its SQL fails, offers nothing on an island that it drew, the same thing twice, or a logit that is
    no number.
    """
    if policy.explore:
        return _draw_exploring(con, policy, seed, draw_ids)
    return _draw_alone(con, policy, seed, draw_ids)


def _draw_alone(
    con: duckdb.DuckDBPyConnection, policy: Policy, seed: int, draw_ids: Sequence[int]
) -> list[Draw]:
    """Draw by the one policy whose queries draw.sql finds."""
    rows = _run(
        con,
        policy,
        "engine/draw.sql",
        {
            "seed": seed,
            "draws": list(draw_ids),
            "parents": policy.params["parents"],
            "replacement": policy.params["replacement"],
        },
    )
    _refuse_repeated(policy, [row[-1] for row in rows])
    draws = [_draw(list(group)) for _, group in groupby(rows, key=lambda row: row[0])]
    _check(policy, draw_ids, draws)
    return draws


def _draw_exploring(
    con: duckdb.DuckDBPyConnection, policy: Policy, seed: int, draw_ids: Sequence[int]
) -> list[Draw]:
    """Let each draw be made by one component, with the propensities of all of them together."""
    mixed = components(policy)
    mixture = {"components": list(mixed), "shares": [share for share, _ in mixed.values()]}
    chosen = _run(con, policy, "engine/components.sql", {"seed": seed, "draws": list(draw_ids), **mixture})
    draws = []
    for name in mixed:
        its_draws = [draw_id for draw_id, component in chosen if component == name]
        if its_draws:
            con.execute("set variable component = $name", {"name": name})
            own = _draw_alone(con, policy, seed, its_draws)
            draws += [replace(draw, component=name) for draw in own]
    choices = [
        {
            "draw_id": draw.draw_id,
            "island_id": draw.island_id,
            "slot": parent.slot,
            "cluster_id": parent.cluster_id,
            "program_id": parent.program_id,
        }
        for draw in draws
        for parent in draw.parents
    ]
    asked = {"parents": policy.params["parents"], "replacement": policy.params["replacement"]}
    rows = _run(con, policy, "engine/mixture.sql", {"choices": choices, **mixture, **asked})
    propensities = dict(rows)
    return [_with(draw, propensities[draw.draw_id]) for draw in sorted(draws, key=lambda draw: draw.draw_id)]


def _with(draw: Draw, propensities: Sequence[float]) -> Draw:
    """Return the draw with these propensities: the island's, then by slot a cluster's and its program's."""
    parents = tuple(
        replace(
            parent,
            cluster_propensity=propensities[2 * parent.slot + 1],
            program_propensity=propensities[2 * parent.slot + 2],
        )
        for parent in draw.parents
    )
    return replace(draw, island_propensity=propensities[0], parents=parents)


def decide_reset(
    con: duckdb.DuckDBPyConnection, policy: Policy, seed: int, reset_id: int, as_of: int
) -> dict[str, Any] | None:
    """Return the fields of the island_reset event that is due in the state that `con` finds, None if none is.

    The reset policy is to be installed on the connection. Raises FsdbError where its SQL fails, or offers a
    founder with a logit that is no number, or the same thing twice.
    """
    if _run(con, policy, "engine/due.sql") != [(True,)]:
        return None
    key = f"reset|{reset_id}"
    fraction = policy.params["fraction"]
    columns = ("island_id", "epoch", "programs", "best_score", "best_program_id", "rank_key", "rank", "reset")
    ranked = _run(con, policy, "engine/reset.sql", {"seed": seed, "reset": key, "fraction": fraction})
    islands = [dict(zip(columns, row, strict=True)) for row in ranked]
    _refuse_repeated(policy, [left == right for (left, *_), (right, *_) in pairwise(ranked)])
    fallen = [island["island_id"] for island in islands if island["reset"]]
    if not fallen:
        return None
    survivors = [island["island_id"] for island in islands if not island["reset"]]
    con.execute("delete from survivors")
    con.execute("insert into survivors select unnest($islands::integer[])", {"islands": survivors})
    drawn = _run(con, policy, "engine/founders.sql", {"seed": seed, "reset": key, "islands": fallen})
    _refuse_repeated(policy, [row[-1] for row in drawn])
    founders = {island: (program, propensity) for island, program, propensity, _ in drawn}
    if not all(_is_chance(propensity) for _, propensity in founders.values()):
        raise FsdbError(
            f"reset policy {policy.name} gave a founder a logit that is no number, or none any weight",
            cure=_LOGITS,
        )
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


def _run(
    con: duckdb.DuckDBPyConnection, policy: Policy, path: str, params: dict[str, Any] | None = None
) -> list[tuple[Any, ...]]:
    """Run a query of the engine; what fails in it is the policy's part."""
    try:
        return con.execute(queries.text(path), params or {}).fetchall()
    except duckdb.Error as error:
        raise FsdbError(
            f"policy {policy.name} failed: {error}",
            cure="mend its SQL or its parameters; `fsdb policies` says what they mean",
        ) from None


def _draw(rows: list[tuple[Any, ...]]) -> Draw:
    draw_id, island_id, epoch, island_propensity, temperature = rows[0][:5]
    parents = tuple(_parent(position, *row[5:11]) for position, row in enumerate(rows))
    return Draw(draw_id, island_id, epoch, island_propensity, temperature, parents)


def _parent(
    position: int,
    slot: int,
    cluster_id: int,
    score: float,
    cluster_propensity: float,
    program_id: int,
    program_propensity: float,
) -> DrawnParent:
    return DrawnParent(position, slot, program_id, cluster_id, cluster_propensity, program_propensity, score)


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
        if not all(map(_is_chance, chances)):
            raise FsdbError(
                f"policy {policy.name} gave a logit that is no number, or no candidate any weight, "
                f"on island {draw.island_id} (draw {draw.draw_id})",
                cure=_LOGITS,
            )


def _refuse_repeated(policy: Policy, repeated: Iterable[bool | None]) -> None:
    if any(repeated):
        raise FsdbError(
            f"policy {policy.name} offers the same island, cluster or program more than once",
            cure="each of its queries must return one row for each: see that its joins do not multiply rows",
        )


def _is_chance(value: float | None) -> bool:
    return value is not None and math.isfinite(value) and value > 0
