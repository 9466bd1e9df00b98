"""Which model is asked: a policy like the others, one SQL file that gives each model a logit.

A file of queries/model_policies has one query, `models`, that reads the relation `models` (each model with
its weight, and what it has given and cost so far) and returns `model` and `logit`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

import duckdb

from fsdb import queries
from fsdb.errors import FsdbError, UsageError
from fsdb.state.draws import params_json
from fsdb.state.policies import Kind, Policy, make_policy

MODEL = Kind(
    folder="model_policies",
    option="--model-policy",
    queries={"models": ("model", "logit")},
    required=("models",),
    reads="models",
    params={},
)

DrawnModels = list[dict[str, Any]]
"""A draw's models in the order in which they are in line, as prompt_drawn.models has them."""


def model_policy_from_event(started: Mapping[str, Any]) -> Policy | None:
    """Return the model policy that a run_started event holds; None where it holds none."""
    if started.get("model_policy") is None:
        return None
    params = json.loads(started["model_policy_params"])
    return make_policy(MODEL, started["model_policy"], started["model_policy_sql"], params)


def install_models(con: duckdb.DuckDBPyConnection, policy: Policy) -> None:
    """Make the relation policy_models, as draw_model.sql reads it; UsageError where it does not bind."""
    sql = (policy.query("models") or "").rstrip("; \n")
    try:
        con.execute(
            "create or replace view policy_models as "
            f"select model::varchar as model, logit::double as logit from ({sql})"
        )
    except duckdb.Error as error:
        raise UsageError(
            f"policy {policy.name}: its query models does not run: {error}",
            cure="--model-policy files read the relation models and return model, logit (docs/models.md)",
        ) from None


def set_models(con: duckdb.DuckDBPyConnection, weights: Mapping[str, float]) -> None:
    """Let these models be what draws choose among from now on."""
    con.execute("delete from model_candidates")
    con.execute(
        "insert into model_candidates select unnest($models::varchar[]), unnest($weights::double[])",
        {"models": list(weights), "weights": list(weights.values())},
    )


def draw_models(
    con: duckdb.DuckDBPyConnection, policy: Policy, seed: int, draw_ids: Sequence[int]
) -> dict[int, DrawnModels]:
    """Return for each of `draw_ids` all models, the one drawn first and then those next in line.

    The policy is to be installed and the models to be set. Raises FsdbError where its SQL fails, leaves a
    model out or returns it twice, or gives a logit that is no number.
    """
    ((models,),) = con.execute("select count(*) from model_candidates").fetchall()
    try:
        rows = con.execute(
            queries.text("engine/draw_model.sql"), {"seed": seed, "draws": list(draw_ids)}
        ).fetchall()
    except duckdb.Error as error:
        raise FsdbError(
            f"policy {policy.name} failed: {error}", cure="mend its SQL or its parameters"
        ) from None
    drawn = dict(rows)
    for draw_id in draw_ids:
        line = drawn.get(draw_id, [])
        chances = [each["propensity"] for each in line]
        if len(line) != models or any(chance is None or not math.isfinite(chance) for chance in chances):
            raise FsdbError(
                f"policy {policy.name} must give each model one logit that is a number",
                cure="its query models returns one row for each row of the relation models",
            )
    return drawn


def drawn_model(line: DrawnModels, policy: Policy) -> dict[str, Any]:
    """Return the fields of a prompt_drawn event that say which model was drawn."""
    return {
        "model": line[0]["model"],
        "model_propensity": line[0]["propensity"],
        "model_policy": policy.name,
        "model_policy_params": params_json(policy),
        "models": line,
    }


NO_MODEL: dict[str, Any] = {
    "model": None,
    "model_propensity": None,
    "model_policy": None,
    "model_policy_params": None,
    "models": [],
}
"""The same fields where the sampler has no model."""
