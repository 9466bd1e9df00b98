"""The choice of a model made again, for every draw that logged one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from fsdb.replay.history import History
from fsdb.state.models import draw_models, drawn_model, install_models, model_policy_from_event, set_models
from fsdb.state.policies import Policy

_CHOICE = ("model", "model_propensity", "model_policy", "model_policy_params", "models")


def models_again(history: History) -> Iterator[tuple[int, int, dict[str, Any], dict[str, Any]]]:
    """Yield event, draw, and the choice of a model as logged and as made again, of each draw that has one.

    Raises FsdbError where the policy cannot be asked.
    """
    policy = model_policy_from_event(history.started)
    if policy is None:
        return
    con = history.con
    con.execute("create or replace table model_candidates (model varchar, weight double)")
    rows = history.rows("from prompt_drawn where model is not null order by seq")
    for (as_of, offered), draws in groupby(rows, key=lambda row: (row["as_of"], _offered(row))):
        con.execute(
            "create or replace view models as "
            f"with results as (from model_results_as_of({int(as_of)})), "
            f"draws as (from model_draws_as_of({int(as_of)})) "
            "from model_rows('model_candidates', 'results', 'draws')"
        )
        set_models(con, dict(json.loads(offered)))
        install_models(con, policy)
        yield from _batch(history, policy, list(draws))


def _batch(
    history: History, policy: Policy, draws: list[dict[str, Any]]
) -> Iterator[tuple[int, int, dict[str, Any], dict[str, Any]]]:
    draw_ids = [row["draw_id"] for row in draws]
    lines = draw_models(history.con, policy, history.started["seed"], draw_ids)
    for row in draws:
        again = drawn_model(lines[row["draw_id"]], policy)
        yield row["seq"], row["draw_id"], {name: row[name] for name in _CHOICE}, again


def _offered(row: Mapping[str, Any]) -> str:
    """Return the models that a draw chose among, with their weights, in an order of their own."""
    return json.dumps(sorted((each["model"], each["weight"]) for each in row["models"]))
