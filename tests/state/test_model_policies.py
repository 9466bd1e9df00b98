"""Model policies: the probabilities that they log, and draws that follow them."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest

from fsdb import schema
from fsdb.errors import FsdbError, UsageError
from fsdb.state import database
from fsdb.state.models import MODEL, draw_models, install_models, set_models
from fsdb.state.policies import load_policy, make_policy
from fsdb.state.projection import Projection

WEIGHTS = {"big": 1.0, "small": 3.0, "local": 4.0}

RESULTS = """
insert into live.model_results
    (model, samples, failures, programs, improvements, tokens, cost_usd, seconds)
values
    ('big', 100, 0, 100, 20, 50000, 0.5, 300),
    ('small', 200, 5, 195, 10, 90000, 0.1, 200),
    ('local', 50, 0, 50, 2, 20000, 0.2, 900)
"""


@pytest.fixture
def con():
    state = Projection(database.connect_table(schema.arrow_schema().empty_table()))
    set_models(state.con, WEIGHTS)
    yield state.con
    state.con.close()


def chances(con, policy, draws=1):
    """Return the propensity of each model, and the draws."""
    install_models(con, load_policy(policy, MODEL))
    drawn = draw_models(con, load_policy(policy, MODEL), 7, range(draws))
    return {each["model"]: each["propensity"] for each in drawn[0]}, drawn


def test_weighted_draws_in_proportion_and_ranks_the_rest(con):
    found, drawn = chances(con, "weighted", 8000)
    assert found == pytest.approx({"big": 1 / 8, "small": 3 / 8, "local": 1 / 2})
    firsts = Counter(line[0]["model"] for line in drawn.values())
    for model, chance in found.items():
        assert abs(firsts[model] / 8000 - chance) < 4 * math.sqrt(chance * (1 - chance) / 8000)
    # the next in line, given that `local` is drawn, is a draw from the softmax of those left
    seconds = Counter(line[1]["model"] for line in drawn.values() if line[0]["model"] == "local")
    assert abs(seconds["small"] / seconds.total() - 3 / 4) < 4 * math.sqrt(3 / 16 / seconds.total())


def test_thompson_gives_each_model_the_probability_that_it_is_the_best(con):
    con.execute(RESULTS)
    found, _ = chances(con, "thompson:per=tokens,explore=0")
    assert sum(found.values()) == pytest.approx(1)
    improvements, tokens = np.array([20, 10, 2]), np.array([50000, 90000, 20000])
    unit = (improvements.sum() + 1) / tokens.sum()
    random = np.random.default_rng(1)
    rates = random.gamma(improvements + 1, 1 / (1 + tokens * unit), size=(400_000, 3))
    best = np.bincount(rates.argmax(axis=1), minlength=3) / len(rates)
    assert [found[name] for name in ("big", "small", "local")] == pytest.approx(best, abs=0.004)


def test_thompson_knows_nothing_at_first(con):
    assert chances(con, "thompson")[0] == pytest.approx(dict.fromkeys(WEIGHTS, 1 / 3))


def test_ucb_takes_the_highest_bound_and_first_those_never_asked(con):
    assert chances(con, "ucb:explore=0")[0] == pytest.approx(dict.fromkeys(WEIGHTS, 1 / 3))
    con.execute(RESULTS)
    dear = chances(con, "ucb:explore=0,exploration=0,per=usd")[0]
    assert dear == {"big": 0.0, "small": 1.0, "local": 0.0}  # 10 improvements for 0.1 dollars
    plain = chances(con, "ucb:explore=0.3,exploration=0,per=samples")[0]
    assert plain == pytest.approx({"big": 0.8, "small": 0.1, "local": 0.1})


@pytest.mark.parametrize(
    ("sql", "error"),
    [
        ("select model, null as logit from models", FsdbError),
        ("select model, 0.0 as logit from models where model <> 'big'", FsdbError),
        ("select model, 0.0 as logit from models, range(2)", FsdbError),
        ("select nothing from models", UsageError),
    ],
)
def test_a_policy_that_is_off_is_refused(con, sql, error):
    policy = make_policy(MODEL, "mine", f"-- Mine.\n\n-- name: models\n{sql};\n", {})

    def draw():
        install_models(con, policy)
        draw_models(con, policy, 1, [0])

    with pytest.raises(error):
        draw()
