"""Draws follow the policy: their distribution, and the propensities logged with them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import permutations, product

import duckdb
import numpy as np
import pytest

from fsdb import queries
from fsdb.state.policies import Policy, install_selection, load_policy
from tests.state.populations import (
    EQUAL,
    HUGE,
    ORDINARY,
    SCALES,
    TINY,
    World,
    connect_population,
    populate,
)
from tests.state.reference import Odds, odds

BATCH, BATCHES = 20_000, 5

WORLDS = {
    "ordinary": (4, ORDINARY),
    "scales": (2, SCALES),
    "huge": (2, HUGE),
    "tiny": (2, TINY),
    "equal": (2, EQUAL),
}

CASES = [
    *((policy, "ordinary") for policy in queries.names("policies")),
    ("funsearch", "scales"),
    ("funsearch:normalise=range", "scales"),
    # Temperatures far above and far below what the scores differ by.
    ("funsearch:temperature_init=1e9", "ordinary"),
    ("funsearch:temperature_init=1e-9", "ordinary"),
    ("funsearch:temperature_init=1e-9,replacement=false", "scales"),
    ("blog", "huge"),
    ("blog", "equal"),
    # One to four parents, fewer where an island has fewer clusters; without replacement each depends on
    # those before.
    ("funsearch:parents=4,replacement=false", "ordinary"),
    ("tournament:parents=3,replacement=false", "ordinary"),
]

MORE_CASES = [
    *((policy, "scales") for policy in queries.names("policies") if policy not in ("funsearch", "blog")),
    *((f"{policy}:parents=2,replacement=false", "ordinary") for policy in queries.names("policies")),
    *((f"funsearch:parents={parents}", "ordinary") for parents in (1, 3, 4)),
    *((f"rank:parents={parents},replacement=false", "scales") for parents in (3, 4)),
    ("funsearch:temperature_init=1e-9", "scales"),
    ("funsearch:temperature_init=1e9", "scales"),
    ("funsearch:temperature_period=7", "ordinary"),
    ("funsearch:normalise=range", "equal"),
    ("blog:temperature=1e9,island_temperature=1e9", "ordinary"),
    ("blog:temperature=1e-9,island_temperature=1e-9", "ordinary"),
    ("blog", "tiny"),
    ("blog", "scales"),
    ("rank:exponent=20", "ordinary"),
    ("tournament:size=1", "ordinary"),
    ("tournament:size=5", "ordinary"),
]


@dataclass(frozen=True)
class Outcome:
    """What a draw came to, by slot, with the propensities that it logged."""

    island: int
    clusters: tuple[int, ...]
    programs: tuple[int, ...]
    island_propensity: float
    cluster_propensities: tuple[float, ...]
    program_propensities: tuple[float, ...]


@pytest.mark.parametrize(
    ("spec", "world"), [*CASES, *(pytest.param(*case, marks=pytest.mark.slow) for case in MORE_CASES)]
)
def test_draws_follow_the_policy(spec: str, world: str) -> None:
    """100,000 draws, compared at each level; and every propensity logged is the right one."""
    policy = load_policy(spec)
    log, living = populate(*WORLDS[world])
    with connect_population(log) as con:
        install_selection(con, policy)
        outcomes = draw_many(con, policy, seed=len(spec), draws=BATCH * BATCHES)
    expected = odds(policy.name, policy.params, living)
    assert sum(outcomes.values()) == BATCH * BATCHES
    check_islands(outcomes, expected)
    check_clusters(outcomes, expected, policy, living)
    check_programs(outcomes, expected)
    for outcome in outcomes:
        check_propensities(outcome, expected, replacement=bool(policy.params["replacement"]))


def draw_many(con: duckdb.DuckDBPyConnection, policy: Policy, seed: int, draws: int) -> Counter[Outcome]:
    """Count what draws 0, 1, … come to; equal choices with unequal propensities are different outcomes."""
    found: Counter[Outcome] = Counter()
    for first in range(0, draws, BATCH):
        found += _draw_batch(con, policy, seed, range(first, first + BATCH))
    return found


def _draw_batch(con: duckdb.DuckDBPyConnection, policy: Policy, seed: int, draws: range) -> Counter[Outcome]:
    parents = policy.params["parents"]
    assert isinstance(parents, int)
    given = {"seed": seed, "draws": list(draws), "parents": parents}
    con.execute(queries.text("engine/draw.sql"), {**given, "replacement": policy.params["replacement"]})
    rows = con.fetchnumpy()
    draw, slot = rows["draw_id"] - draws.start, rows["slot"]

    def by_slot(column: str) -> np.ndarray:
        values = np.full((len(draws), parents), -1, dtype=rows[column].dtype)
        values[draw, slot] = rows[column]
        return values

    island = np.full(len(draws), -1)
    island[draw] = rows["island_id"]
    island_propensity = np.full(len(draws), -1.0)
    island_propensity[draw] = rows["island_propensity"]
    columns = [
        by_slot(name) for name in ("cluster_id", "program_id", "cluster_propensity", "program_propensity")
    ]
    # Few outcomes differ: find them by a number that stands for all choices and propensities of a draw.
    code = np.unique(island_propensity, return_inverse=True)[1].astype(np.int64)
    for values in (island, *(column[:, place] for column in columns for place in range(parents))):
        distinct, each = np.unique(values, return_inverse=True)
        code = np.unique(code * len(distinct) + each, return_inverse=True)[1].astype(np.int64)
    _, first, counts = np.unique(code, return_index=True, return_counts=True)
    found: Counter[Outcome] = Counter()
    for index, count in zip(first.tolist(), counts.tolist(), strict=True):
        shown = int((columns[0][index] >= 0).sum())
        clusters, programs, *propensities = (tuple(column[index, :shown].tolist()) for column in columns)
        outcome = Outcome(
            int(island[index]), clusters, programs, float(island_propensity[index]), *propensities
        )
        found[outcome] += count
    return found


def check_islands(outcomes: Counter[Outcome], expected: Odds) -> None:
    counts: Counter[int] = Counter()
    for outcome, count in outcomes.items():
        counts[outcome.island] += count
    check_frequencies(counts, expected.islands)


def check_clusters(outcomes: Counter[Outcome], expected: Odds, policy: Policy, world: World) -> None:
    """Compare whole rankings, so that slots which hang together show up too."""
    replacement = bool(policy.params["replacement"])
    counts: dict[int, Counter[tuple[int, ...]]] = {island: Counter() for island in world}
    for outcome, count in outcomes.items():
        counts[outcome.island][outcome.clusters] += count
    for island, chances in expected.clusters.items():
        drawable = [cluster for cluster, chance in chances.items() if chance > 0]
        parents = min(int(policy.params["parents"]), len(chances) if replacement else len(drawable))
        rankings = product(drawable, repeat=parents) if replacement else permutations(drawable, parents)
        if counts[island]:
            check_frequencies(
                counts[island],
                {ranking: math.prod(expected.ranking(island, ranking, replacement)) for ranking in rankings},
            )


def check_programs(outcomes: Counter[Outcome], expected: Odds) -> None:
    counts: dict[int, Counter[int]] = {cluster: Counter() for cluster in expected.programs}
    for outcome, count in outcomes.items():
        for cluster, program in zip(outcome.clusters, outcome.programs, strict=True):
            counts[cluster][program] += count
    for cluster, chances in expected.programs.items():
        if counts[cluster]:
            check_frequencies(counts[cluster], chances)


def check_frequencies(counts: Mapping[Hashable, int], chances: Mapping[Hashable, Decimal]) -> None:
    """Compare counts with probabilities by a chi-square test at p > 0.0001; what is impossible is not there.

    Cells of fewer than five are taken together. The deviate is that of Wilson and Hilferty (PNAS 1931).
    """
    assert not [item for item in counts if not chances.get(item)], "drawn, though its probability is zero"
    total = sum(counts.values())
    cells = [(counts.get(item, 0), float(chance) * total) for item, chance in chances.items()]
    large = [(seen, wanted) for seen, wanted in cells if wanted >= 5]
    rest = (
        sum(seen for seen, wanted in cells if wanted < 5),
        sum(wanted for _, wanted in cells if wanted < 5),
    )
    if rest[1] >= 5:
        large.append(rest)
    else:
        assert rest[0] <= 20
    freedom = len(large) - 1
    if freedom < 1:
        return
    chi_square = sum((seen - wanted) ** 2 / wanted for seen, wanted in large)
    shrink = 2 / (9 * freedom)
    deviate = ((chi_square / freedom) ** (1 / 3) - (1 - shrink)) / math.sqrt(shrink)
    assert deviate < 3.719, f"chi-square {chi_square:.1f} with {freedom} degrees of freedom"


def check_propensities(outcome: Outcome, expected: Odds, *, replacement: bool) -> None:
    ranking = expected.ranking(outcome.island, outcome.clusters, replacement)
    of_island = expected.clusters[outcome.island]
    assert outcome.island_propensity == about(expected.islands[outcome.island], expected.islands)
    for logged, chance in zip(outcome.cluster_propensities, ranking, strict=True):
        assert logged == about(chance, of_island)
    for logged, cluster, program in zip(
        outcome.program_propensities, outcome.clusters, outcome.programs, strict=True
    ):
        chances = expected.programs[cluster]
        assert logged == about(chances[program], chances)


def about(chance: Decimal, choice: Mapping[int, Decimal]) -> object:
    """Accept a relative error of 1e-12, and the last bits of logits that are larger than some thousand."""
    largest_logit = max((-float(other.ln()) for other in choice.values() if other > 0), default=0.0)
    return pytest.approx(float(chance), rel=1e-12 + 4e-16 * largest_logit, abs=0.0)
