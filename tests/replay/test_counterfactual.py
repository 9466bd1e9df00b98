"""Other policies' draws and estimates: the law of noise, weights and intervals against plain numpy."""

from __future__ import annotations

import itertools
import json
import math
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from fsdb import queries
from fsdb.replay.counterfactual import (
    ENOUGH,
    OUTCOMES,
    counterfactuals,
    logging_policies,
    off_policy,
    weigh,
)
from fsdb.replay.exact import replay_exactly
from fsdb.replay.history import History
from fsdb.replay.redraw import redraw
from fsdb.report.runs import open_run
from fsdb.state.policies import load_policy, with_exploration
from tests.cli.conftest import Fsdb
from tests.replay.simulated import simulate

SPECS = (*queries.names("policies"), "funsearch:replacement=false,parents=3", "rank:parents=4,exponent=0.5")


@pytest.mark.parametrize("spec", SPECS)
@settings(max_examples=2, deadline=None, phases=[Phase.generate])
@given(seed=st.integers(0, 10**6))
def test_a_run_under_its_own_policy_changes_nothing(spec: str, seed: int) -> None:
    """The same noise for each candidate: no draw changes, every weight is 1, and SNIPS is the mean."""
    policy = load_policy(spec)
    with tempfile.TemporaryDirectory() as folder:
        run_dir = simulate(Path(folder), policy, seed)
        with open_run(run_dir) as log, History(log) as history:
            assert replay_exactly(history).differences == []
            (answer,) = counterfactuals(history, [policy])
            weights = history.rows("select weight, chance from replay.weights where arm = 1")
            estimates = history.rows(queries.text("replay/off_policy.sql"))
    assert [answer.one_step.changed(level) for level in ("island", "clusters", "programs")] == [0.0] * 3
    assert answer.one_step.draws == 30
    assert {row["weight"] for row in weights} == {1.0}
    assert all(0 < row["chance"] <= 1 + 1e-12 for row in weights)
    for row in estimates:
        assert row["estimate"] == row["logged"] == row["unnormalised"]
        assert row["difference"] == 0.0
        assert row["difference_error"] == 0.0
    for row in answer.one_step.stretches:
        for name in ("best", "worst", "age", "repeated", "effective"):
            assert row[name] == row[f"logged_{name}"]


@pytest.mark.parametrize("spec", ["funsearch:temperature_init=0.5", "funsearch:replacement=false,parents=3"])
def test_an_explored_draw_is_weighed_against_all_that_could_have_made_it(tmp_path: Path, spec: str) -> None:
    policy = with_exploration(load_policy(spec), 0.3)
    with open_run(simulate(tmp_path, policy, 5)) as log, History(log) as history:
        own = logging_policies(history)
        asked = [load_policy("greedy"), load_policy("uniform"), load_policy(spec)]
        arms = redraw(history, [*(each for _, each in own), *asked])
        weigh(history, [share for share, _ in own], [arm.policy for arm in arms])
        rows = history.rows(
            "select list(weight order by draw_id) as weights from replay.weights group by arm order by arm"
        )
    weights = np.array([row["weights"] for row in rows])
    shares = np.array([share for share, _ in own])
    assert shares == pytest.approx([0.7, 0.1, 0.1, 0.1])
    assert weights.shape == (7, 30)
    assert shares @ weights[:4] == pytest.approx(1.0, abs=1e-12)
    assert (weights[:4] <= 1 / shares[:, None] + 1e-9).all()
    if "parents" not in spec:  # else greedy and uniform draw otherwise than the run's components of that name
        assert weights[4] == pytest.approx(weights[3])
        assert weights[5] == pytest.approx(weights[2])
    assert weights[6] == pytest.approx(weights[0])


@pytest.fixture
def tables() -> Iterator[Any]:
    """A history of nothing, whose tables a test fills: `fill(name, rows)`."""
    with tempfile.TemporaryDirectory() as folder:
        run_dir = simulate(Path(folder), load_policy("uniform"), 0, batches=1)
        with open_run(run_dir) as log, History(log) as history:
            weigh_own(history)
            yield history


def weigh_own(history: History) -> None:
    policy = load_policy("uniform")
    redraw(history, [policy])
    weigh(history, [1.0], [policy])


def fill(history: History, weights: np.ndarray, children: list[list[dict[str, Any]]]) -> None:
    """Put weights of draws, and what became of their children, in the place of the run's own."""
    con = history.con
    con.execute("delete from replay.weights")
    con.execute("delete from replay.children")
    for draw, weight in enumerate(weights):
        con.execute("insert into replay.weights values (0, ?, 0.1, 0.1, ?)", [draw, float(weight)])
    for draw, own in enumerate(children):
        for child in own:
            values = [draw, 0, *(child[name] for name in OUTCOMES)]
            con.execute("insert into replay.children values (?, ?, ?, ?, ?, ?, ?)", values)


@settings(max_examples=5, deadline=None, phases=[Phase.generate])
@given(seed=st.integers(0, 10**6))
def test_estimates_and_errors_agree_with_numpy(seed: int) -> None:
    random = np.random.default_rng(seed)
    weights = random.exponential(size=60) * (random.random(60) < 0.8)
    children = [
        [
            {
                "score": float(random.normal()) if random.random() < 0.7 else None,
                **{name: int(random.random() < 0.3) for name in list(OUTCOMES)[1:]},
            }
            for _ in range(random.integers(1, 5))
        ]
        for _ in weights
    ]
    with tempfile.TemporaryDirectory() as folder:
        run_dir = simulate(Path(folder), load_policy("uniform"), 0, batches=1)
        with open_run(run_dir) as log, History(log) as history:
            weigh_own(history)
            fill(history, weights, children)
            rows = {row["outcome"]: row for row in history.rows(queries.text("replay/off_policy.sql"))}
            (overlap,) = history.rows(queries.text("replay/overlap.sql"))
    assert overlap["effective"] == pytest.approx(weights.sum() ** 2 / (weights**2).sum(), rel=1e-9)
    assert overlap["mean_weight"] == pytest.approx(weights.mean(), rel=1e-9)
    for name in OUTCOMES:
        told = [
            (draw, child[name])
            for draw, own in enumerate(children)
            for child in own
            if child[name] is not None
        ]
        draw, reward = np.array([d for d, _ in told]), np.array([r for _, r in told], dtype=float)
        weight = weights[draw]
        snips, mean = (weight * reward).sum() / weight.sum(), reward.mean()
        own = np.bincount(draw, weight * (reward - snips) / weight.sum(), 60)
        plain = np.bincount(draw, (reward - mean) / len(reward), 60)
        expected = {
            "unnormalised": (weight * reward).mean(),
            "estimate": snips,
            "error": np.sqrt((own**2).sum()),
            "logged": mean,
            "logged_error": np.sqrt((plain**2).sum()),
            "difference": snips - mean,
            "difference_error": np.sqrt(((own - plain) ** 2).sum()),
        }
        assert {key: rows[name][key] for key in expected} == pytest.approx(expected, rel=1e-9, abs=1e-12)
        assert rows[name]["children"] == len(reward)


@pytest.mark.parametrize("size", [1, 2, 3, 4])
@pytest.mark.parametrize("replacement", [True, False])
def test_probabilities_of_prompts_in_any_order(tables: History, size: int, replacement: bool) -> None:
    """Of all the prompts that there are the probabilities sum to one, and each is a sum over its orders."""
    clusters = {10: 0.5, 20: 0.25, 30: 0.15, 40: 0.1}
    programs = {cluster: {cluster: 0.7, cluster + 1: 0.3} for cluster in clusters}
    items = [(cluster, program) for cluster in clusters for program in programs[cluster]]
    expected: dict[tuple[Any, ...], float] = {}
    for row in itertools.product(items, repeat=size):
        chosen = [cluster for cluster, _ in row]
        if not replacement and len(set(chosen)) < size:
            continue
        chance, left = 1.0, 1.0
        for cluster, program in row:
            chance *= clusters[cluster] / left * programs[cluster][program]
            left -= 0.0 if replacement else clusters[cluster]
        key = tuple(sorted(row))
        expected[key] = expected.get(key, 0.0) + chance
    con = tables.con
    con.execute("delete from replay.chances")
    for draw, prompt in enumerate(expected):
        for position, (cluster, program) in enumerate(prompt):
            con.execute(
                "insert into replay.chances values (0, ?, ?, ?, ?, 0.5, ?, ?, 4, 4)",
                [draw, position, cluster, program, clusters[cluster], programs[cluster][program]],
            )
    setting = f"uniform:parents={size},replacement={str(replacement).lower()}"
    weigh(tables, [1.0], [load_policy(setting)])
    found = con.execute("select chance from replay.prompts order by draw_id").fetchall()
    assert [chance for (chance,) in found] == pytest.approx(
        [0.5 * each for each in expected.values()], rel=1e-9
    )
    assert sum(expected.values()) == pytest.approx(1)
    weigh(tables, [1.0], [load_policy(f"uniform:parents={size + 1}")])
    if size < 4:  # a policy that shows another number of parents never draws these
        assert con.execute("select max(chance) from replay.prompts").fetchall() == [(0.0,)]


def test_refusals_go_by_the_overlap_alone(tables: History) -> None:
    child = {"score": 1.0, "valid": 1, "beats_parent": 0, "island_best": 0, "global_best": 0}

    def asked(weights: list[float]) -> Any:
        fill(tables, np.array(weights), [[child]] * len(weights))
        return off_policy(tables)[0]

    assert asked([1.0] * ENOUGH).refusal is None
    few = asked([1.0] * (ENOUGH - 1))
    assert "only 299 effective draws of 299; 300 are needed" in few.refusal
    assert few.estimates == ()
    assert "about 300 draws" in few.remedy
    light = asked([0.89] * 400)
    assert "the mean weight is 0.890" in light.refusal
    assert "more draws may not" in light.remedy
    assert "never have drawn any" in asked([0.0] * 400).refusal
    assert "too small to be told" in asked([math.nan] + [1.0] * 400).refusal
    told = {each.outcome: each for each in asked([1.0] * 400).estimates}
    assert told["global_best"].interval is None  # never seen: nothing to make an interval of
    assert told["valid"].interval == (1.0, 1.0)


def test_on_the_command_line(fsdb: Fsdb, tmp_path: Path) -> None:
    run_dir = simulate(tmp_path, load_policy("uniform"), 3)
    said = fsdb("replay", run_dir, "--policy", "greedy", "--policy", "uniform:parents=3")
    assert said.code == 0
    for words in ("One-step counterfactuals", "Off-policy estimates", "Refused: ", "What would answer it",
                  "Not what a run under this policy would have found"):  # fmt: skip
        assert said.out.count(words) == 2
    found = json.loads(fsdb("replay", run_dir, "--policy", "greedy", "--json").out)
    (answer,) = found["policies"]
    assert 0 < answer["one_step"]["changed"]["clusters"] <= 1
    assert answer["one_step"]["kind"].startswith("explanation")
    assert answer["off_policy"]["refusal"]
    assert fsdb("replay", run_dir, "--policy", "nonsense").code == 2


def bandit() -> list[tuple[float, float, float, float]]:
    """250 rounds of a bandit with 5 arms: logged and other probability of the arm, a 0/1 and a signed reward.

    From a multiplicative generator, so that any program can make the same numbers.
    """
    state = 20240229

    def uniform() -> float:
        nonlocal state
        state = (state * 48271) % 2147483647
        return state / 2147483647

    rounds = []
    for _ in range(250):
        logits = np.array([4 * uniform() for _ in range(5)])
        logged = np.exp(logits) / np.exp(logits).sum()
        other = np.exp(logits / 0.6) / np.exp(logits / 0.6).sum()
        arm = min(int(np.searchsorted(np.cumsum(logged), uniform())), 4)
        binary = 1.0 if uniform() < 0.2 + 0.1 * arm else 0.0
        rounds.append((logged[arm], other[arm], binary, 2 * uniform() - 1 + 0.2 * arm))
    return rounds


GOLDEN = {
    "valid": (0.4002275073422735, 0.39748850107107725),
    "score": (0.4053930691837948, 0.40261871175352365),
}
"""IPS and SNIPS of `bandit`, the 0/1 reward and the signed one, by Open Bandit Pipeline 0.5.7.

Made once, in an environment of its own (Python 3.11, obp 0.5.7 installed with --no-deps and
--ignore-requires-python, numpy 1.26): InverseProbabilityWeighting() and
SelfNormalizedInverseProbabilityWeighting() of obp.ope.estimators, estimate_policy_value with the rewards,
arms, logged probabilities and the other policy's distribution, position 0 throughout. The package imports
torch, for which an empty module stood in; these two estimators never use it.
"""


def test_ips_and_snips_are_those_of_open_bandit_pipeline(tables: History) -> None:
    rounds = bandit()
    children = [
        [{"score": signed, "valid": binary, "beats_parent": 0, "island_best": 0, "global_best": 0}]
        for _, _, binary, signed in rounds
    ]
    fill(tables, np.array([other / logged for logged, other, _, _ in rounds]), children)
    rows = {row["outcome"]: row for row in tables.rows(queries.text("replay/off_policy.sql"))}
    for outcome, (ips, snips) in GOLDEN.items():
        assert rows[outcome]["unnormalised"] == pytest.approx(ips, rel=1e-9)
        assert rows[outcome]["estimate"] == pytest.approx(snips, rel=1e-9)
