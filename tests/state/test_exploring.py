"""Exploring draws: one component makes each, and what is logged is the probability under all of them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal, localcontext
from functools import cache
from itertools import pairwise

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fsdb import queries
from fsdb.errors import UsageError
from fsdb.state.draws import Draw, draw_batch
from fsdb.state.policies import Policy, components, install_selection, load_policy, with_exploration
from tests.state.populations import EQUAL, ORDINARY, SCALES, World, connect_population, populate
from tests.state.reference import DIGITS, Odds, odds
from tests.state.test_draws import check_frequencies

WORLDS = {"ordinary": (4, ORDINARY), "scales": (2, SCALES), "equal": (2, EQUAL)}

SPECS = [
    *queries.names("policies"),
    "funsearch:temperature_init=1.5,parents=3",
    "funsearch:temperature_init=1.5,parents=3,replacement=false",
    "greedy:replacement=false,parents=3",
    "tournament:replacement=false",
]


@cache
def populated(world: str) -> tuple[duckdb.DuckDBPyConnection, World]:
    log, living = populate(*WORLDS[world])
    return connect_population(log), living


def draws_of(world: str, policy: Policy, seed: int, count: int) -> tuple[list[Draw], World]:
    con, living = populated(world)
    install_selection(con, policy)
    return draw_batch(con, policy, seed, range(count)), living


_EXPECTED: dict[str, Odds] = {}


def expectations(policy: Policy, world: World) -> Odds:
    key = f"{policy.name} {sorted(policy.params.items())} {id(world)}"
    if key not in _EXPECTED:
        _EXPECTED[key] = odds(policy.name, policy.params, world)
    return _EXPECTED[key]


def chances(policy: Policy, world: World, draw: Draw) -> list[Decimal]:
    """Return the probabilities of a draw's choices in order under one component, from its description."""
    expected = expectations(policy, world)
    slots = sorted(draw.parents, key=lambda parent: parent.slot)
    found = [expected.islands[draw.island_id]]
    for place, parent in enumerate(slots):
        gone = [other.cluster_id for other in slots[:place]]
        left = expected.clusters[draw.island_id]
        found.append(left[parent.cluster_id])
        found.append(expected.programs[parent.cluster_id][parent.program_id])
        if policy.params["replacement"]:
            continue
        left = {cluster: chance for cluster, chance in left.items() if cluster not in gone and chance > 0}
        chance = left.get(parent.cluster_id, Decimal(0))
        ends = place + 1 == policy.params["parents"] or len(left) == 1
        if place + 1 == len(slots) and not ends:
            chance = Decimal(0)
        found[-2] = chance / sum(left.values()) if chance else chance
    return found


def mixed(policy: Policy) -> list[tuple[Decimal, Policy]]:
    """Return shares and components; all draw as many parents as the policy, in the same way."""
    shared = {name: policy.params[name] for name in ("parents", "replacement")}
    found = []
    for share, component in components(policy).values():
        component.params.update(shared)
        found.append((Decimal(share), component))
    return found


def marginal(policy: Policy, world: World, draw: Draw) -> list[Decimal]:
    """Return the probability of each choice given those before it, of all components together."""
    with localcontext(prec=DIGITS):
        lists = [(share, chances(component, world, draw)) for share, component in mixed(policy)]
        joint = [Decimal(1)] + [
            sum((share * math.prod(each[: end + 1]) for share, each in lists), Decimal(0))
            for end in range(1 + 2 * len(draw.parents))
        ]
        return [now / before for before, now in pairwise(joint)]


def logged(draw: Draw) -> list[float]:
    slots = sorted(draw.parents, key=lambda parent: parent.slot)
    return [
        draw.island_propensity,
        *(chance for parent in slots for chance in (parent.cluster_propensity, parent.program_propensity)),
    ]


@settings(max_examples=8, deadline=None)
@given(
    spec=st.sampled_from(SPECS),
    world=st.sampled_from(sorted(WORLDS)),
    explore=st.sampled_from([0.01, 0.3, 0.99]) | st.floats(0.001, 0.999),
    seed=st.integers(0, 2**63 - 1),
)
def test_what_is_logged_is_the_mixture_of_the_components(
    spec: str, world: str, explore: float, seed: int
) -> None:
    policy = with_exploration(load_policy(spec), explore)
    draws, living = draws_of(world, policy, seed, 24)
    assert [draw.draw_id for draw in draws] == list(range(24))
    for draw in draws:
        wanted = marginal(policy, living, draw)
        # What a component's own softmax rounds (logits of 1e9 / T) it rounds alike without exploration.
        assert logged(draw) == pytest.approx([float(chance) for chance in wanted], rel=1e-12, abs=1e-12)


@settings(max_examples=4, deadline=None)
@given(spec=st.sampled_from(SPECS), explore=st.floats(0.01, 0.99), seed=st.integers(0, 2**32))
def test_no_component_weighs_more_than_one_over_its_share(spec: str, explore: float, seed: int) -> None:
    policy = with_exploration(load_policy(spec), explore)
    draws, living = draws_of("ordinary", policy, seed, 40)
    for draw in draws:
        whole = math.prod(logged(draw))
        for share, component in mixed(policy):
            weight = float(math.prod(chances(component, living, draw))) / whole
            assert weight <= 1 / float(share) * (1 + 1e-9)


def test_with_three_tenths_no_weight_exceeds_ten() -> None:
    assert [share for share, _ in components(with_exploration(load_policy("rank"), 0.3)).values()] == [
        pytest.approx(share) for share in (0.7, 0.1, 0.1, 0.1)
    ]


@pytest.mark.parametrize("spec", ["funsearch:temperature_init=1.5", "blog", "elitist"])
def test_the_probabilities_of_all_candidates_sum_to_one(spec: str) -> None:
    policy = with_exploration(load_policy(spec), 0.4)
    con, living = populated("ordinary")
    every = [
        {"island_id": island, "slot": 0, "cluster_id": cluster.cluster_id, "program_id": program}
        for island, clusters in living.items()
        for cluster in clusters
        for program in cluster.programs
    ]
    install_selection(con, policy)
    found = _mixture(con, policy, every)
    islands = {each["island_id"]: chance for each, (chance, _, _) in zip(every, found, strict=True)}
    assert sum(islands.values()) == pytest.approx(1, abs=1e-12)
    for island in islands:
        here = [
            (each["cluster_id"], row)
            for each, row in zip(every, found, strict=True)
            if each["island_id"] == island
        ]
        assert sum({cluster: row[1] for cluster, row in here}.values()) == pytest.approx(1, abs=1e-12)
        for cluster in {cluster for cluster, row in here if row[1] > 0}:
            assert sum(row[2] for other, row in here if other == cluster) == pytest.approx(1, abs=1e-12)


def _mixture(
    con: duckdb.DuckDBPyConnection, policy: Policy, choices: Sequence[dict[str, int]]
) -> list[list[float]]:
    numbered = [{"draw_id": draw_id, **choice} for draw_id, choice in enumerate(choices)]
    asked = {
        "choices": numbered,
        "components": list(components(policy)),
        "shares": [share for share, _ in components(policy).values()],
        "parents": 1,
        "replacement": True,
    }
    return [row[1] for row in con.execute(queries.text("engine/mixture.sql"), asked).fetchall()]


@pytest.mark.parametrize(
    "spec", ["funsearch:temperature_init=1.5", "funsearch:temperature_init=1.5,replacement=false", "blog"]
)
def test_draws_come_as_often_as_the_log_says(spec: str) -> None:
    policy = with_exploration(load_policy(spec), 0.6)
    draws, living = draws_of("ordinary", policy, 5, 6_000)
    names = list(components(policy))
    shares = {name: Decimal(share) for name, (share, _) in components(policy).items()}
    check_frequencies(Counter(str(draw.component) for draw in draws), shares)
    assert set(names) == {draw.component for draw in draws}

    def ranking(draw: Draw) -> tuple[int, ...]:
        slots = sorted(draw.parents, key=lambda parent: parent.slot)
        return (draw.island_id, *(item for p in slots for item in (p.cluster_id, p.program_id)))

    first = {ranking(draw): draw for draw in draws}
    outcomes = {outcome: math.prod(marginal(policy, living, draw)) for outcome, draw in first.items()}
    counts = Counter(ranking(draw) for draw in draws)
    # Outcomes that never came are few and rare; what is left of the probability is theirs.
    outcomes[()] = 1 - sum(outcomes.values())
    check_frequencies(counts, outcomes)


def test_a_draw_does_not_depend_on_its_batch() -> None:
    policy = with_exploration(load_policy("funsearch"), 0.5)
    together, _ = draws_of("ordinary", policy, 3, 4)
    con, _ = populated("ordinary")
    assert [draw_batch(con, policy, 3, [draw_id])[0] for draw_id in range(4)] == together


@pytest.mark.parametrize("share", [-0.1, 1.0, float("nan")])
def test_a_share_is_at_least_zero_and_below_one(share: float) -> None:
    with pytest.raises(UsageError, match="--explore"):
        with_exploration(load_policy("funsearch"), share)
