"""Draws made over many states at once are those that the engine makes from one, to the last bit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fsdb import queries
from fsdb.errors import FsdbError
from fsdb.replay.history import History
from fsdb.replay.redraw import redraw
from fsdb.report.runs import open_run
from fsdb.state.draws import draw_batch
from fsdb.state.policies import Policy, install_selection, load_policy

SPECS = (
    *queries.names("policies"),
    "funsearch:normalise=range,temperature_init=0.5,temperature_period=7",
    "funsearch:replacement=false,parents=3",
    "blog:replacement=false,parents=2",
    "rank:parents=4",
)

OWN = """-- A policy of one's own, which looks beyond islands and clusters: windows, subqueries, limits.
-- name: islands
select
    island_id,
    ln(1 + (select count(*) from population where population.island_id = islands.island_id)) as logit
from islands
where island_id in (select island_id from clusters order by score desc, cluster_id limit 2);

-- name: clusters
with ranked as (
    select *, row_number() over (order by score, cluster_id) as place from clusters
)
select cluster_id, place::double / (select max(programs) from islands) as logit from ranked;

-- name: programs
select
    program_id,
    1.0 / (1 + (select count(*) from population as other where other.length < population.length)) as logit
from population;
"""

SAMPLED = OWN.replace("from population;", "from population using sample 100%;")


@pytest.fixture(scope="module")
def history(real: Path) -> Iterator[History]:
    with open_run(real) as log, History(log) as history:
        yield history


def rows(history: History, arm: int = 0) -> list[dict[str, Any]]:
    return history.rows(
        "select * exclude (arm, repeated) from replay.drawn where arm = $arm order by draw_id, position",
        arm=arm,
    )


_ASIDE = ("kind", "parents", "component")
"""Of an event what is not a parent's row: these policies do not explore."""


def one_by_one(history: History, policy: Policy) -> list[dict[str, Any]]:
    """Draw as the running search does, from each state by itself."""
    drawn = []
    for state, draw_ids in history.con.execute(
        "select state, list(draw_id order by draw_id) from replay.draws where kind = 'parents' group by state"
    ).fetchall():
        history.stand_at(state)
        install_selection(history.con, policy)
        for draw in draw_batch(history.con, policy, history.started["seed"], draw_ids):
            event = draw.event()
            for parent in event["parents"]:
                drawn.append({**{k: v for k, v in event.items() if k not in _ASIDE}, **parent})
    return sorted(drawn, key=lambda row: (row["draw_id"], row["position"]))


@pytest.fixture(scope="module")
def together(history: History) -> list[list[list[dict[str, Any]]]]:
    """What each policy draws: as a rule, finding everything that lived, and in many small chunks."""
    found = []
    for how in ({}, {"whole": True}, {"rows": 300}):
        arms = redraw(history, [load_policy(spec) for spec in SPECS], **how)
        assert not any(arm.slowly for arm in arms)
        found.append([rows(history, arm.number) for arm in arms])
    return found


@pytest.mark.parametrize("spec", SPECS)
def test_many_states_at_once_are_as_one_by_one(history: History, together: Any, spec: str) -> None:
    """What a shipped policy is spared to look at (other islands, other clusters) changes nothing either."""
    expected = one_by_one(history, load_policy(spec))
    for arms in together:
        assert [{name: row[name] for name in expected[0]} for row in arms[SPECS.index(spec)]] == expected


@pytest.mark.parametrize("sql", [OWN, SAMPLED], ids=["own", "not to be asked at once"])
def test_a_policy_of_ones_own(history: History, tmp_path: Path, sql: str) -> None:
    path = tmp_path / "own.sql"
    path.write_text(sql)
    policy = load_policy(str(path))
    (arm,) = redraw(history, [policy])
    assert arm.slowly == (sql is SAMPLED)
    assert arm.all_programs
    expected = one_by_one(history, policy)
    assert [{name: row[name] for name in expected[0]} for row in rows(history)] == expected


def test_several_policies_at_once_are_as_each_alone(history: History) -> None:
    policies = [load_policy(spec) for spec in ("greedy", "blog", "uniform")]
    redraw(history, policies)
    together = [rows(history, arm) for arm in range(3)]
    for policy, expected in zip(policies, together, strict=True):
        redraw(history, [policy])
        assert rows(history) == expected


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        (
            "-- T.\n-- name: clusters\nselect cluster_id, 0.0 as logit from clusters, range(2)",
            "more than once",
        ),
        (
            "-- Islands twice.\n-- name: islands\nselect island_id, 0.0 as logit from islands, range(2)",
            "more than once",
        ),
        (
            "-- None.\n-- name: clusters\nselect cluster_id, 0.0 as logit from clusters where false",
            "drew nothing",
        ),
        ("-- NaN.\n-- name: clusters\nselect cluster_id, 'nan'::double as logit from clusters", "no number"),
        (
            "-- NaN.\n-- name: programs\nselect program_id, 'nan'::double as logit from population",
            "no number",
        ),
        (
            "-- E.\n-- name: programs\nselect program_id, ('x' || length)::double as logit from population",
            "failed",
        ),
    ],
)
def test_what_a_search_refuses_is_refused(history: History, tmp_path: Path, sql: str, told: str) -> None:
    path = tmp_path / "bad.sql"
    path.write_text(sql)
    with pytest.raises(FsdbError, match=told):
        redraw(history, [load_policy(str(path))])
