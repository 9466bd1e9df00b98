"""Small runs in memory: drawn by the engine's own queries, children invented, written by the real writer."""

from __future__ import annotations

import random
from pathlib import Path

from fsdb.state.database import connect_table
from fsdb.state.draws import Draw, draw_batch, params_json
from fsdb.state.policies import Policy, install_selection
from fsdb.state.projection import Projection
from tests.report.logs import hand_made, write
from tests.state.logs import Log


def simulate(folder: Path, policy: Policy, seed: int, *, batches: int = 6, batch: int = 5) -> Path:
    """Write the log of a search under a policy, with failures and a reset, and return its directory."""
    chance = random.Random(seed)
    log = hand_made(
        folder,
        islands=3,
        policy=policy.name,
        policy_sql=policy.sql,
        policy_params=params_json(policy),
        explore=policy.explore or None,
        reset_policy="none",
        reset_policy_sql="-- Never.\n-- name: due\nselect false as due\n\n"
        "-- name: ranking\nselect island_id, best_score as rank_key from islands",
        reset_policy_params='{"fraction":0.5}',
    )
    for island in range(3):
        log.evaluated([0.0, 0.0], island)
    state = Projection(connect_table(log.table()))
    install_selection(state.con, policy)
    for number in range(batches):
        done = len(log.events)
        as_of = done - 1
        drawn = draw_batch(state.con, policy, 0, range(number * batch, (number + 1) * batch))
        for draw in drawn:
            _log_draw(log, draw, policy, as_of, number)
        for draw in drawn:
            _log_children(log, draw, chance)
        state.fold(log.table(done))
    state.con.close()
    return write(log, folder / "run", commit_events=1000)


def _log_draw(log: Log, draw: Draw, policy: Policy, as_of: int, batch: int) -> None:
    event = draw.event()
    del event["draw_id"]
    island, parents, kind = event.pop("island_id"), event.pop("parents"), event.pop("kind")
    log.drawn(
        island,
        parents,
        kind=kind,
        as_of=as_of,
        batch_id=batch,
        completions=2,
        policy=policy.name,
        policy_params=params_json(policy),
        sampler="mutation",
        explore=policy.explore or None,
        **event,
    )


def _log_children(log: Log, draw: Draw, chance: random.Random) -> None:
    best = max(parent.score for parent in draw.parents)
    for ordinal in range(2):
        completion = log.received(draw.draw_id, ordinal, sampler="mutation")
        valid = chance.random() < 0.8
        score = best + chance.choice((-0.5, -0.25, 0.0, 0.25)) if valid else None
        log.evaluated(
            [score, score],
            draw.island_id,
            draw=draw.draw_id,
            completion_id=completion,
            status="ok" if valid else "runtime_error",
            parents=[parent.program_id for parent in draw.parents],
            source=f"def f():\n    return {len(log.events)}{'  #' * chance.randrange(5)}\n",
        )
