"""Resets: when they are due, who falls, and which founders are drawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from fsdb import queries
from fsdb.errors import FsdbError
from fsdb.state.draws import decide_reset
from fsdb.state.keys import source_hash
from fsdb.state.policies import RESET, install_reset, load_policy, make_policy
from tests.state.logs import Log
from tests.state.populations import connect_population
from tests.state.test_draws import check_frequencies
from tests.state.test_noise import key, uniform

SCORES: Mapping[int, list[float]] = {0: [1.0, 3.0], 1: [2.0], 3: [5.0, 5.0], 4: [2.5, 2.0], 5: [4.0]}
"""Six islands, of which island 2 is empty."""


def scored(scores: Mapping[int, list[float]], islands: int) -> Log:
    log = Log(islands)
    for island, each in scores.items():
        for number, score in enumerate(each):
            log.evaluated([score - number, score + number], island)
    return log


def reset(con: duckdb.DuckDBPyConnection, spec: str, *, reset_id: int = 0) -> dict[str, Any] | None:
    policy = load_policy(spec, RESET)
    install_reset(con, policy)
    return decide_reset(con, policy, seed=3, reset_id=reset_id, as_of=99)


def fallen(event: dict[str, Any]) -> list[int]:
    return [island["island_id"] for island in event["islands"] if island["reset"]]


def test_the_worst_half_restarts_from_survivors() -> None:
    log = scored(SCORES, 6)
    draw = log.drawn(0)
    log.evaluated([0.5], 0, draw=draw)
    with connect_population(log) as con:
        event = reset(con, "survivors:every_programs=1")
    assert event is not None
    assert {name: event[name] for name in ("reset_id", "as_of", "policy", "seed")} == {
        "reset_id": 0,
        "as_of": 99,
        "policy": "survivors",
        "seed": 3,
    }
    columns = ("island_id", "epoch", "programs", "best_score", "best_program_id", "rank_key", "rank", "reset")
    assert [tuple(island[column] for column in columns) for island in event["islands"]] == [
        (0, 0, 3, 3.0, 1, 3.0, 4, False),
        (1, 0, 1, 2.0, 2, 2.0, 2, True),
        (2, 0, 0, None, None, None, 1, True),
        (3, 0, 2, 5.0, 3, 5.0, 6, False),
        (4, 0, 2, 2.5, 5, 2.5, 3, True),
        (5, 0, 1, 4.0, 7, 4.0, 5, False),
    ]
    for island in event["islands"]:
        if island["reset"]:
            assert island["founder_program_id"] in (1, 3, 7)
            assert island["founder_propensity"] == pytest.approx(1 / 3, rel=1e-15)
        else:
            assert island["founder_program_id"] is island["founder_propensity"] is None


@pytest.mark.parametrize(("fraction", "expected"), [(0.0, 0), (0.16, 0), (0.17, 1), (0.5, 3), (0.99, 5)])
def test_the_share_that_falls_is_rounded_down(fraction: float, expected: int) -> None:
    with connect_population(scored(SCORES, 6)) as con:
        event = reset(con, f"random:every_programs=0,every_hours=1,fraction={fraction}")
        assert event is None
        con.execute("set variable hours_since_reset = 1.0")
        event = reset(con, f"random:every_programs=0,every_hours=1,fraction={fraction}")
    assert (len(fallen(event)) if event else 0) == expected


def test_a_share_is_not_spoilt_by_its_last_bit() -> None:
    """0.29 of 100 islands are 28.999999999999996 in doubles."""
    with connect_population(Log(100)) as con:
        con.execute("set variable hours_since_reset = 9.0")
        event = reset(con, "random:every_hours=1,fraction=0.29")
    assert event is not None
    assert len(fallen(event)) == 29


def test_random_restarts_have_no_founder() -> None:
    with connect_population(scored(SCORES, 6)) as con:
        con.execute("set variable hours_since_reset = 2.0")
        event = reset(con, "random:every_hours=2")
    assert event is not None
    assert fallen(event) == [1, 2, 4]
    assert {island["founder_program_id"] for island in event["islands"]} == {None}


def test_resets_are_due_by_programs_since_the_last_one() -> None:
    """Neither the seed program nor founders' copies count."""
    log = scored(SCORES, 6)
    for number in range(3):
        log.evaluated([1.0], 0, draw=log.drawn(0), source=f"def f(): return -{number}")
    with connect_population(log) as con:
        assert reset(con, "survivors:every_programs=4") is None
        assert reset(con, "survivors:every_programs=3") is not None
        assert reset(con, "none") is None
    log.reset({1: 1})
    log.evaluated([3.0], 1)
    log.evaluated([1.0], 0, draw=log.drawn(0))
    with connect_population(log) as con:
        assert reset(con, "survivors:every_programs=2") is None
        assert reset(con, "survivors:every_programs=1") is not None


def test_where_nothing_can_fall_nothing_is_reset() -> None:
    with connect_population(scored({0: [1.0]}, 1)) as con:
        con.execute("set variable hours_since_reset = 9.0")
        assert reset(con, "survivors:every_hours=1") is None


def test_where_no_survivor_lives_islands_restart_without_founder() -> None:
    with connect_population(Log(4)) as con:
        con.execute("set variable hours_since_reset = 9.0")
        event = reset(con, "survivors:every_hours=1")
    assert event is not None
    assert len(fallen(event)) == 2
    assert {island["founder_program_id"] for island in event["islands"]} == {None}


def test_equal_islands_fall_by_noise_alone() -> None:
    """Which three of six equal islands are the worst is as PROTOCOL.md says."""
    policy = load_policy("random:every_hours=1", RESET)
    ever: set[int] = set()
    with connect_population(scored({island: [1.0] for island in range(6)}, 6)) as con:
        con.execute("set variable hours_since_reset = 1.0")
        install_reset(con, policy)
        for reset_id in range(40):
            event = decide_reset(con, policy, seed=3, reset_id=reset_id, as_of=99)
            assert event is not None
            noise = {i: uniform(key(f"3|reset|{reset_id}|worst"), key(f"island:{i}")) for i in range(6)}
            assert fallen(event) == sorted(sorted(noise, key=noise.__getitem__)[:3])
            ever |= set(fallen(event))
    assert ever == set(range(6))


def test_founders_are_drawn_as_their_policy_says() -> None:
    """100,000 founders, among survivors of which two hold the same source."""
    log = Log(5)
    programs = [
        log.evaluated([float(island)], island, source="def f(): return 1" if island < 2 else "")
        for island in range(4)
    ]
    sql = queries.text("resets/survivors.sql").replace("0.0 as logit", "best_score * 0.7 as logit")
    policy = make_policy(RESET, "sharper", sql, {})
    with connect_population(log) as con:
        install_reset(con, policy)
        con.execute("insert into survivors select unnest(range(4))")
        con.execute(
            queries.text("engine/founders.sql"),
            {"seed": 1, "reset": "reset|0", "islands": list(range(100_000))},
        )
        rows = con.fetchnumpy()
    weights = [(Decimal("0.7") * island).exp() for island in range(4)]
    chances = {program: weight / sum(weights) for program, weight in zip(programs, weights, strict=True)}
    check_frequencies(Counter(rows["program_id"].tolist()), chances)
    for program, propensity in zip(rows["program_id"][:500], rows["propensity"][:500], strict=True):
        assert propensity == pytest.approx(float(chances[program]), rel=1e-13)


def test_founders_can_be_drawn_again_without_sql() -> None:
    """Two candidates with the same source are told apart by their islands."""
    sources = dict.fromkeys(range(4), "def f(): return 1")
    log = Log(8)
    for island, source in sources.items():
        log.evaluated([9.0], island, source=source)
    with connect_population(log) as con:
        con.execute("set variable hours_since_reset = 9.0")
        event = reset(con, "survivors:every_hours=1", reset_id=5)
    assert event is not None
    for island in event["islands"]:
        if island["reset"]:
            slot = key(f"3|reset|5|founder:{island['island_id']}")
            noise = {i: uniform(slot, key(source_hash(s)) ^ key(f"island:{i}")) for i, s in sources.items()}
            assert island["founder_program_id"] == max(noise, key=noise.__getitem__)


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("select island_id, 1 as rank_key from islands, range(2)", "more than once"),
        ("select island_id, epoch % 0 as rank_key from islands", "failed: Invalid Input Error"),
    ],
)
def test_a_ranking_that_fails(sql: str, message: str) -> None:
    with pytest.raises(FsdbError) as caught:
        _reset_by(f"-- name: due\nselect true as due\n-- name: ranking\n{sql}")
    assert message in caught.value.message
    assert caught.value.cure


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("select program_id, 'nan'::double as logit from population", "a logit that is no number"),
        ("select program_id, '-infinity'::double as logit from population", "or none any weight"),
        ("select program_id, 0 as logit from population, survivors", "more than once"),
    ],
)
def test_founders_that_fail(sql: str, message: str) -> None:
    ranking = "select island_id, best_score as rank_key from islands"
    with pytest.raises(FsdbError) as caught:
        _reset_by(f"-- name: due\nselect true as due\n-- name: ranking\n{ranking}\n-- name: founders\n{sql}")
    assert message in caught.value.message
    assert caught.value.cure


def test_an_island_without_a_rank_is_worst() -> None:
    event = _reset_by(
        "-- name: due\nselect true as due\n"
        "-- name: ranking\nselect island_id, -best_score as rank_key from islands where island_id <> 0"
    )
    assert event is not None
    assert fallen(event) == [0, 2, 3]


def _reset_by(sql: str) -> dict[str, Any] | None:
    policy = make_policy(RESET, "mine", sql, {})
    with connect_population(scored(SCORES, 6)) as con:
        install_reset(con, policy)
        return decide_reset(con, policy, seed=0, reset_id=0, as_of=0)
