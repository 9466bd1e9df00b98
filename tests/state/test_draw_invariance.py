"""A draw is a pure function of seed, number, state and policy: of nothing else, and it can be made again."""

from __future__ import annotations

import math
import random

import duckdb
import pytest

from fsdb.state.database import connect_table
from fsdb.state.draws import Draw, draw_batch
from fsdb.state.keys import signature_hash, source_hash
from fsdb.state.policies import Policy, install_selection, load_policy
from fsdb.state.projection import Projection
from tests.state.logs import Log
from tests.state.populations import ORDINARY, World, connect_population, populate
from tests.state.reference import Odds, odds
from tests.state.test_noise import key, uniform

SPECS = ["funsearch", "funsearch:replacement=false,parents=3", "blog", "rank:parents=4"]
RELATIONS = ("population", "clusters", "islands")


def drawn(con: duckdb.DuckDBPyConnection, spec: str, draws: int = 60) -> list[Draw]:
    policy = load_policy(spec)
    install_selection(con, policy)
    return draw_batch(con, policy, 11, range(draws))


@pytest.mark.parametrize("spec", SPECS)
def test_a_draw_does_not_depend_on_its_batch(spec: str) -> None:
    policy = load_policy(spec)
    log, _ = populate(4, ORDINARY)
    with connect_population(log) as con:
        install_selection(con, policy)
        together = draw_batch(con, policy, 11, range(12))
        backwards = draw_batch(con, policy, 11, range(11, -1, -1))
        alone = [draw for number in range(12) for draw in draw_batch(con, policy, 11, [number])]
    assert together == backwards == alone


@pytest.mark.parametrize("spec", SPECS)
def test_a_draw_does_not_depend_on_the_order_of_rows(spec: str) -> None:
    """Propensities are sums over many rows, and must not differ in their last bit either."""
    log = _scattered(programs=400, islands=3)
    with connect_population(log) as con:
        expected = drawn(con, spec)
        for number in range(3):
            for name in RELATIONS:
                order = "noise_key" if number == 0 else f"hash(noise_key, {number})"
                con.execute(
                    f"create or replace table live.{name} as select * from live.{name} order by {order}"
                )
            assert drawn(con, spec) == expected


@pytest.mark.parametrize("spec", ["funsearch", "blog:replacement=false"])
def test_a_draw_does_not_depend_on_threads(spec: str) -> None:
    """The state is large enough for DuckDB to share it out."""
    log = _scattered(programs=40, islands=2)
    with connect_population(log) as con:
        for name, ids in (("clusters", ["cluster_id"]), ("population", ["cluster_id", "program_id"])):
            copied = ", ".join(f"{each} + 100 * copy as {each}" for each in ids)
            con.execute(
                f"insert into live.{name} by name "
                f"select * exclude (copy) "
                f"replace ({copied}, noise_key + copy as noise_key, score / copy as score) "
                f"from (select *, unnest(range(2, 8000)) as copy from live.{name})"
            )
        con.execute("update live.islands set clusters = 160000, programs = 160000")
        found = []
        for threads in (1, 4):
            con.execute(f"set threads = {threads}")
            found.append(drawn(con, spec, draws=3))
    assert found[0] == found[1]


@pytest.mark.parametrize("spec", SPECS)
def test_views_as_of_and_projections_give_the_same_draws(spec: str) -> None:
    """A policy is one file for the running search, for the log, and for the log as it once was."""
    log, _ = populate(4, ORDINARY)
    seq = len(log.events) - 1
    with connect_population(log) as con:
        expected = drawn(con, spec)
    with connect_table(log.table()) as con:
        assert drawn(con, spec) == expected
    log.evaluated([9.0, 9.0], 0)
    log.reset({3: None})
    with connect_table(log.table()) as con:
        con.execute("create schema once")
        for name in RELATIONS:
            con.execute(f"create view once.{name} as from main.{name}_as_of({seq})")
        con.execute("set search_path = 'once,main'")
        assert drawn(con, spec) == expected


def test_seeds_and_numbers_give_other_draws() -> None:
    log = _scattered(programs=200, islands=4)
    policy = load_policy("uniform")
    with connect_population(log) as con:
        install_selection(con, policy)
        chosen = {
            (seed, draw.draw_id): tuple(parent.program_id for parent in draw.parents)
            for seed in (0, 1)
            for draw in draw_batch(con, policy, seed, range(100))
        }
    assert len(set(chosen.values())) > 190


@pytest.mark.parametrize("spec", SPECS)
def test_draws_can_be_made_again_without_sql(spec: str) -> None:
    """From the scheme as PROTOCOL.md tells it and the reference's probabilities, choice by choice."""
    policy = load_policy(spec)
    log, world = populate(4, ORDINARY)
    keys = {
        event.fields["program_id"]: event.fields for event in log.events if event.type == "program_evaluated"
    }
    expected = odds(policy.name, policy.params, world)
    with connect_population(log) as con:
        install_selection(con, policy)
        for draw in draw_batch(con, policy, 11, range(300)):
            assert _again(draw.draw_id, policy, world, expected, keys) == (
                draw.island_id,
                [(parent.slot, parent.cluster_id, parent.program_id) for parent in draw.parents],
            )


def test_the_worst_parent_comes_first() -> None:
    log, _ = populate(4, ORDINARY)
    with connect_population(log) as con:
        for draw in drawn(con, "uniform:parents=4"):
            order = [(parent.score, parent.slot) for parent in draw.parents]
            assert order == sorted(order)
            assert [parent.position for parent in draw.parents] == list(range(len(order)))


def test_the_temperature_in_force_is_reported() -> None:
    log, world = populate(4, ORDINARY)
    with connect_population(log) as con:
        for draw in drawn(con, "funsearch:temperature_init=0.5,temperature_period=7"):
            programs = sum(len(cluster.programs) for cluster in world[draw.island_id])
            assert draw.temperature == 0.5 * (1 - (programs % 7) / 7)
        for draw in drawn(con, "blog:temperature=0.25"):
            assert draw.temperature == 0.25 * (1.25 - -3.0)
        for draw in drawn(con, "rank"):
            assert draw.temperature is None


def test_a_projection_opened_again_gives_the_same_draws() -> None:
    """Whether the state was folded commit by commit or copied from the views, to the last bit."""
    log = _scattered(programs=300, islands=3)
    with connect_table(log.table(last=0)) as con:
        folded = Projection(con)
        for first in range(1, len(log.events), 40):
            folded.fold(log.table(first, min(first + 39, len(log.events) - 1)))
        found = {spec: drawn(con, spec) for spec in SPECS}
    for spec in SPECS:
        with connect_population(log) as con:
            assert drawn(con, spec) == found[spec]


def _scattered(programs: int, islands: int) -> Log:
    chance = random.Random(3)
    log = Log(islands)
    for number in range(programs):
        source = f"def f(): return {number} #" + "." * chance.randrange(60)
        log.evaluated([chance.choice((0.1, 0.2, 0.7)), chance.random()], number % islands, source=source)
    return log


def _again(
    draw_id: int, policy: Policy, world: World, expected: Odds, programs: dict[int, dict[str, object]]
) -> tuple[int, list[tuple[int, int, int]]]:
    def best(slot: str, chances: dict[int, object], keys: dict[int, str], places: int = 1) -> list[int]:
        luck = {
            item: math.log(float(chance))
            - math.log(-math.log(uniform(key(f"11|{draw_id}|{slot}"), key(keys[item]))))
            for item, chance in chances.items()
            if chance > 0
        }
        return sorted(luck, key=luck.__getitem__, reverse=True)[:places]

    (island,) = best("island", expected.islands, {i: f"island:{i}" for i in expected.islands})
    clusters = expected.clusters[island]
    signatures = {cluster: signature_hash(programs[cluster]["scores"]) for cluster in clusters}
    parents = min(policy.params["parents"], len(clusters))
    if policy.params["replacement"]:
        ranking = [best(f"cluster:{slot}", clusters, signatures)[0] for slot in range(parents)]
    else:
        ranking = best("cluster:0", clusters, signatures, parents)
    chosen = []
    for slot, cluster in enumerate(ranking):
        of_cluster = expected.programs[cluster]
        sources = {program: source_hash(programs[program]["source"]) for program in of_cluster}
        chosen.append((slot, cluster, best(f"program:{slot}", of_cluster, sources)[0]))
    scores = {cluster.cluster_id: cluster.score for cluster in world[island]}
    return island, sorted(chosen, key=lambda parent: (scores[parent[1]], parent[0]))
