"""Whether proposals are any good: a log with a few of them in, known shares and intervals out."""

from __future__ import annotations

import math
from statistics import NormalDist

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fsdb.state.database import connect_table
from tests.queries.rows import analysis, picked, rows
from tests.state.logs import Log

CON = connect_table(Log().table())


def wilson(hits: int, trials: int, confidence: float) -> tuple[float, float]:
    """The interval as the two roots of (share - p)^2 = z^2 p (1 - p) / trials."""
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    a, b, c = 1 + z**2 / trials, -2 * hits / trials - z**2 / trials, (hits / trials) ** 2
    root = math.sqrt(max(b * b - 4 * a * c, 0.0))
    return max((-b - root) / (2 * a), 0.0), min((-b + root) / (2 * a), 1.0)


def propose(log: Log, score: float | None, parents: list[int], *, island: int = 0, **fields: object) -> int:
    model, sampler = fields.pop("model", None), str(fields.pop("sampler", "mutation"))
    draw = log.drawn(island, parents, sampler=sampler, template=fields.pop("template", None))
    completion = log.received(draw, sampler=sampler, model=model, params=fields.pop("params", None))
    status = str(fields.pop("status", "timeout" if score is None else "ok"))
    return log.evaluated(
        score, island, draw=draw, completion_id=completion, parents=parents, sampler=sampler, status=status
    )


@pytest.fixture
def log() -> Log:
    log = Log(2)
    log.evaluated(1.0, 0)
    log.evaluated(1.0, 1)
    model = {"sampler": "openai", "model": "m", "template": "chat-1", "params": '{"temperature":0.5}'}
    propose(log, 2.0, [0], **model)  # beats its parent, best of its island and of all
    propose(log, 1.5, [0, 2], **model)  # worse than the better parent
    propose(log, None, [0, 2], **model)
    propose(log, 1.5, [1], island=1)  # beats its parent, best of its island only
    propose(log, 1.5, [1], island=1, status="duplicate")  # beats its parent, and joins nothing
    propose(log, 3.0, [], island=1, status="stale")  # without parents: the best of all, and joins nothing
    return log


def test_proposals_are_counted_by_who_wrote_them(log: Log) -> None:
    found = analysis(log, "operators")
    assert picked(
        found, "value", "proposals", "valid", "trials", "beats_parent", "island_best", "global_best"
    ) == [("mutation", 3, 3, 2, 2, 1, 1), ("openai", 3, 2, 3, 1, 1, 1)]
    model = found[1]
    assert model["valid_share"] == pytest.approx(2 / 3)
    assert (model["beats_parent_low"], model["beats_parent_high"]) == pytest.approx(wilson(1, 3, 0.95))
    assert (model["gain"], model["improvement"]) == pytest.approx((0.25, 1 / 3))
    reach = 1.959964 * math.sqrt(0.75**2 + 0.75**2) / math.sqrt(2)
    assert (model["gain_low"], model["gain_high"]) == pytest.approx((0.25 - reach, 0.25 + reach))
    reach = 1.959964 * math.sqrt(1 / 3) / math.sqrt(3)
    assert model["improvement_high"] == pytest.approx(1 / 3 + reach)


@pytest.mark.parametrize(
    ("by", "values"),
    [
        ("writer", {"m": 3, "mutation": 3}),
        ("model", {"m": 3, None: 3}),
        ("temperature", {"0.5": 3, None: 3}),
        ("template", {"chat-1": 3, None: 3}),
        ("island", {"0": 3, "1": 3}),
        ("epoch", {"0": 6}),
        ("policy", {None: 6}),
        ("parent", {"best of all": 3, "best on the island": 1, "other": 1, "none": 1}),
        ("stage", {"1": 2, "2": 4}),
    ],
)
def test_proposals_are_grouped_by_what_is_asked(by: str, values: dict[str | None, int], log: Log) -> None:
    found = analysis(log, "operators", by=by, stages=2)
    assert {row["value"]: row["proposals"] for row in found} == values


def test_two_writers_are_compared(log: Log) -> None:
    found = analysis(log, "writers_compared", confidence=0.9)
    columns = ("measure", "writer", "other", "trials", "other_trials", "difference", "differs")
    assert picked(found, *columns) == [
        ("beats_parent", "mutation", "m", 2, 3, pytest.approx(2 / 3), False),
        ("global_best", "mutation", "m", 3, 3, 0.0, False),
    ]
    low, high = wilson(2, 2, 0.9)
    other_low, other_high = wilson(1, 3, 0.9)
    assert found[0]["difference_low"] == pytest.approx(
        2 / 3 - math.hypot(1 - low, other_high - 1 / 3), abs=1e-6
    )
    assert found[0]["difference_high"] == pytest.approx(2 / 3 + math.hypot(high - 1, 1 / 3 - other_low))


def test_nothing_proposed_is_nothing_counted() -> None:
    log = Log()
    log.evaluated(1.0)
    assert analysis(log, "operators") == []
    assert analysis(log, "writers_compared") == []


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_wilsons_interval_is_that_of_the_formula(data: st.DataObject) -> None:
    trials = data.draw(st.integers(1, 10**6))
    hits = data.draw(st.integers(0, trials))
    confidence = data.draw(st.sampled_from([0.5, 0.9, 0.95, 0.99, 0.999]))
    ((low, high),) = rows(
        CON,
        "select wilson_low($hits, $trials, z), wilson_high($hits, $trials, z) "
        "from (select standard_errors($confidence) as z)",
        hits=hits,
        trials=trials,
        confidence=confidence,
    )
    assert (low, high) == pytest.approx(wilson(hits, trials, confidence), rel=1e-7, abs=1e-9)
    assert 0 <= low <= hits / trials <= high + 1e-12 <= 1 + 1e-12


def test_the_papers_own_figure_has_an_interval() -> None:
    """4 of 140 runs reached 512 (Nature 2023): between 1.1 % and 7.1 %."""
    ((low, high, none),) = rows(
        CON,
        "select wilson_low(4, 140, z), wilson_high(4, 140, z), wilson_low(0, 0, z) from (select 1.96 as z)",
    )
    assert (round(low, 3), round(high, 3), none) == (0.011, 0.071, None)


@settings(max_examples=100, deadline=None)
@given(st.floats(1e-9, 1 - 1e-9))
def test_quantiles_of_the_normal_are_those_of_the_library(p: float) -> None:
    ((found,),) = rows(CON, "select normal_quantile($p)", p=p)
    assert found == pytest.approx(NormalDist().inv_cdf(p), rel=1e-7, abs=1e-8)
