"""What the shipped policies should do, written from their descriptions and not from their SQL.

Probabilities are exact fractions, or decimals of 60 digits where a policy has a softmax or a power.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import MIN_EMIN, Decimal, localcontext
from fractions import Fraction
from itertools import product
from typing import Any

from tests.state.populations import Cluster, World

DIGITS = 60


@dataclass(frozen=True)
class Odds:
    """Probabilities of the three choices: of islands, of clusters by island, of programs by cluster."""

    islands: dict[int, Decimal]
    clusters: dict[int, dict[int, Decimal]]
    programs: dict[int, dict[int, Decimal]]

    def ranking(self, island: int, clusters: Sequence[int], replacement: bool) -> list[Decimal]:
        """Return the probability of each cluster at its place, given those before it."""
        chances = self.clusters[island]
        if replacement:
            return [chances[cluster] for cluster in clusters]
        with localcontext(prec=DIGITS, Emin=MIN_EMIN):
            return [
                chances[cluster] / sum(chances[other] for other in chances if other not in clusters[:place])
                for place, cluster in enumerate(clusters)
            ]


def odds(policy: str, params: dict[str, Any], world: World) -> Odds:
    """Return what a shipped policy with these parameters in force does in a world."""
    living = {island: clusters for island, clusters in world.items() if clusters}
    with localcontext(prec=DIGITS, Emin=MIN_EMIN):
        return Odds(
            islands=_blog_islands(living, params) if policy == "blog" else _even(living),
            clusters=_CLUSTERS[policy](living, params),
            programs={
                cluster.cluster_id: _PROGRAMS.get(policy, _shorter)(cluster)
                for clusters in living.values()
                for cluster in clusters
            },
        )


# -- clusters ------------------------------------------------------------------------------------------


def _funsearch(living: World, params: dict[str, Any]) -> dict[int, dict[int, Decimal]]:
    found = {}
    for island, clusters in living.items():
        programs = sum(len(cluster.programs) for cluster in clusters)
        left = 1 - Fraction(programs % params["temperature_period"], params["temperature_period"])
        temperature = _decimal(Fraction(params["temperature_init"]) * left)
        scores = [cluster.score for cluster in clusters]
        if params["normalise"] == "range" and max(scores) > min(scores):
            temperature *= Decimal(max(scores)) - Decimal(min(scores))
        found[island] = _softmax({c.cluster_id: Decimal(c.score) / temperature for c in clusters})
    return found


def _blog(living: World, params: dict[str, Any]) -> dict[int, dict[int, Decimal]]:
    temperature = Decimal(params["temperature"]) * _span(living)
    found = {}
    for island, clusters in living.items():
        best = max(Decimal(cluster.score) for cluster in clusters)
        weights = {
            c.cluster_id: len(c.programs) * ((Decimal(c.score) - best) / temperature).exp() for c in clusters
        }
        found[island] = _shares(weights)
    return found


def _blog_islands(living: World, params: dict[str, Any]) -> dict[int, Decimal]:
    temperature = Decimal(params["island_temperature"]) * _span(living)
    means = {
        island: sum(Decimal(c.score) for c in clusters) / len(clusters) for island, clusters in living.items()
    }
    return _softmax({island: mean / temperature for island, mean in means.items()})


def _uniform(living: World, params: dict[str, Any]) -> dict[int, dict[int, Decimal]]:
    return {i: _shares({c.cluster_id: Decimal(len(c.programs)) for c in cs}) for i, cs in living.items()}


def _greedy(living: World, params: dict[str, Any]) -> dict[int, dict[int, Decimal]]:
    return _only(living, lambda clusters: [c for c in clusters if c.score == max(d.score for d in clusters)])


def _elitist(living: World, params: dict[str, Any]) -> dict[int, dict[int, Decimal]]:
    return _only(living, lambda clusters: [sorted(clusters, key=lambda c: (c.score, c.newest))[-1]])


def _independent(living: World, params: dict[str, Any]) -> dict[int, dict[int, Decimal]]:
    return _only(living, lambda clusters: [min(clusters, key=lambda c: min(c.programs))])


def _sequential(living: World, params: dict[str, Any]) -> dict[int, dict[int, Decimal]]:
    return _only(living, lambda clusters: [max(clusters, key=lambda c: c.newest)])


def _rank(living: World, params: dict[str, Any]) -> dict[int, dict[int, Decimal]]:
    exponent = Decimal(params["exponent"])
    found = {}
    for island, clusters in living.items():
        ranks = {c.cluster_id: 1 + sum(other.score > c.score for other in clusters) for c in clusters}
        found[island] = _shares({cluster: Decimal(rank) ** -exponent for cluster, rank in ranks.items()})
    return found


def _tournament(living: World, params: dict[str, Any]) -> dict[int, dict[int, Decimal]]:
    """Hold every tournament that there can be, and count who wins."""
    found = {}
    for island, clusters in living.items():
        entrants = [cluster for cluster in clusters for _ in cluster.programs]
        wins = dict.fromkeys((cluster.cluster_id for cluster in clusters), Fraction(0))
        for drawn in product(entrants, repeat=params["size"]):
            best = [cluster for cluster in drawn if cluster.score == max(c.score for c in drawn)]
            for cluster in best:
                wins[cluster.cluster_id] += Fraction(1, len(best) * len(entrants) ** params["size"])
        found[island] = {cluster: _decimal(chance) for cluster, chance in wins.items()}
    return found


_CLUSTERS: dict[str, Callable[[World, dict[str, Any]], dict[int, dict[int, Decimal]]]] = {
    "funsearch": _funsearch,
    "blog": _blog,
    "uniform": _uniform,
    "greedy": _greedy,
    "elitist": _elitist,
    "tournament": _tournament,
    "rank": _rank,
    "independent": _independent,
    "sequential": _sequential,
}

# -- programs ------------------------------------------------------------------------------------------


def _shorter(cluster: Cluster) -> dict[int, Decimal]:
    lengths = cluster.programs
    longest = Decimal(max(lengths.values())) + Decimal("1e-6")
    return _softmax({p: -(length - min(lengths.values())) / longest for p, length in lengths.items()})


def _all_alike(cluster: Cluster) -> dict[int, Decimal]:
    return _even(cluster.programs)


def _last(cluster: Cluster) -> dict[int, Decimal]:
    return {program: Decimal(program == cluster.newest) for program in cluster.programs}


def _first(cluster: Cluster) -> dict[int, Decimal]:
    return {program: Decimal(program == min(cluster.programs)) for program in cluster.programs}


_PROGRAMS: dict[str, Callable[[Cluster], dict[int, Decimal]]] = {
    "blog": _all_alike,
    "uniform": _all_alike,
    "tournament": _all_alike,
    "elitist": _last,
    "sequential": _last,
    "independent": _first,
}

# -- arithmetic ----------------------------------------------------------------------------------------


def _span(living: World) -> Decimal:
    scores = [Decimal(cluster.score) for clusters in living.values() for cluster in clusters]
    return max(scores) - min(scores) or Decimal(1)


def _only(living: World, choose: Callable[[list[Cluster]], list[Cluster]]) -> dict[int, dict[int, Decimal]]:
    return {
        island: _shares({c.cluster_id: Decimal(c in choose(clusters)) for c in clusters})
        for island, clusters in living.items()
    }


def _even(items: Iterable[int]) -> dict[int, Decimal]:
    return _shares(dict.fromkeys(items, Decimal(1)))


def _softmax(logits: dict[int, Decimal]) -> dict[int, Decimal]:
    return _shares({item: (logit - max(logits.values())).exp() for item, logit in logits.items()})


def _shares(weights: dict[int, Decimal]) -> dict[int, Decimal]:
    total = sum(weights.values())
    return {item: weight / total for item, weight in weights.items()}


def _decimal(fraction: Fraction) -> Decimal:
    return Decimal(fraction.numerator) / Decimal(fraction.denominator)
