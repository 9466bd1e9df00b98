"""The fields of the events that a search writes, made from what it holds (schema/events.sql)."""

from __future__ import annotations

import platform
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

import duckdb

import fsdb
from fsdb import queries
from fsdb.config import SearchConfig, Stops
from fsdb.evaluator.evaluation import Evaluation
from fsdb.log import clean_text
from fsdb.problem.loading import problem_to_event
from fsdb.problem.specification import Problem
from fsdb.samplers.base import Attempt, Completion, Prompt, PromptText, Sampler
from fsdb.search.flight import Flight, Sample
from fsdb.state.draws import Draw, params_json
from fsdb.state.keys import NOISE_SCHEME, signature_hash, source_hash
from fsdb.state.models import NO_MODEL
from fsdb.state.policies import Policy


def versions() -> dict[str, str]:
    """Return the versions that run_started and run_resumed record."""
    return {
        "fsdb_version": fsdb.__version__,
        "python_version": platform.python_version(),
        "duckdb_version": duckdb.__version__,
        "platform": f"{platform.system()} {platform.machine()}",
    }


def run_started(
    name: str,
    problem: Problem,
    config: SearchConfig,
    policy: Policy,
    reset_policy: Policy,
    stops: Stops,
    sampler: Sampler,
    model_policy: Policy | None = None,
    score_name: str | None = None,
) -> dict[str, Any]:
    """Return the fields of a run's first event; `score_name` is as in schema/events.sql."""
    return {
        "name": name,
        **versions(),
        **problem_to_event(problem),
        "score_name": score_name,
        **config.to_event(),
        "noise_scheme": NOISE_SCHEME,
        "policy": policy.name,
        "policy_sql": policy.sql,
        "policy_params": params_json(policy),
        "explore": policy.explore or None,
        "reset_policy": reset_policy.name,
        "reset_policy_sql": reset_policy.sql,
        "reset_policy_params": params_json(reset_policy),
        "sampler": sampler.name,
        "model": sampler.model,
        "sampler_params": compact_json(sampler.params()),
        "stops": stops.to_json(),
        "parent_run_id": None,
        "parent_seq": None,
        "model_policy": None if model_policy is None else model_policy.name,
        "model_policy_sql": None if model_policy is None else model_policy.sql,
        "model_policy_params": None if model_policy is None else params_json(model_policy),
    }


def prompt_drawn(
    prompt: Prompt, sampler: Sampler, text: PromptText | None, batch_id: int, as_of: int
) -> dict[str, Any]:
    """Return the fields of a prompt_drawn event that do not depend on how it was drawn."""
    return {
        "draw_id": prompt.draw_id,
        "batch_id": batch_id,
        "as_of": as_of,
        "kind": prompt.kind,
        "seed": prompt.seed,
        "noise_scheme": NOISE_SCHEME,
        "sampler": sampler.name,
        "completions": len(prompt.ordinals),
        "template": text.template if text else None,
        "prompt_hash": text.prompt_hash if text else None,
    }


def drawn_by_policy(draw: Draw, policy: Policy) -> dict[str, Any]:
    """Return the fields of a prompt_drawn event that say how the policy drew, but for the model."""
    return {
        **draw.event(),
        "policy": policy.name,
        "policy_params": params_json(policy),
        "explore": policy.explore or None,
    }


def drawn_at_random(island_id: int, epoch: int) -> dict[str, Any]:
    """Return the same fields for fresh random programs, which nothing is drawn for."""
    return {
        "policy": None,
        "policy_params": None,
        "explore": None,
        "component": None,
        "island_id": island_id,
        "epoch": epoch,
        "island_propensity": 1.0,
        "temperature": None,
        "parents": [],
        **NO_MODEL,
    }


def completion_received(completion_id: int, draw_id: int, completion: Completion) -> dict[str, Any]:
    """Return the fields of a completion_received event."""
    return {
        "completion_id": completion_id,
        "draw_id": draw_id,
        "ordinal": completion.ordinal,
        "request_id": completion.request_id,
        "sampler": completion.sampler,
        "model": completion.model,
        "params": completion.params,
        "text": completion.text,
        "tokens_in": completion.tokens_in,
        "tokens_out": completion.tokens_out,
        "cost_usd": completion.cost_usd,
        "latency_seconds": completion.latency_seconds,
        "finish_reason": completion.finish_reason,
        "error": completion.error,
        "model_asked": completion.model_asked,
        "answered_run": completion.answered_run,
        "answered_seq": completion.answered_seq,
    }


def request_attempted(draw_id: int, attempt: Attempt) -> dict[str, Any]:
    """Return the fields of a request_attempted event."""
    return {**asdict(attempt), "draw_id": draw_id, "ordinals": list(attempt.ordinals)}


def request_lost(prompt: Prompt) -> dict[str, Any]:
    """Return the same fields for what a writer that died may have sent for a prompt."""
    lost = Attempt(
        f"{prompt.draw_id}.{prompt.ordinals[0]}", 0, prompt.ordinals, prompt.models[0], None, "lost"
    )
    return request_attempted(prompt.draw_id, lost)


def program_evaluated(
    program_id: int,
    flight: Flight,
    sample: Sample,
    evaluation: Evaluation,
    status: str,
    reused_from: int | None,
) -> dict[str, Any]:
    """Return the fields of a program_evaluated event for a program that a sampler wrote."""
    return {
        "program_id": program_id,
        "draw_id": flight.draw_id,
        "completion_id": sample.completion_id,
        "sampler": sample.sampler,
        "island_id": flight.island_id,
        "epoch": flight.epoch,
        "parents": list(flight.parents),
        "status": status,
        "reused_from": reused_from,
        **_result(sample.source, evaluation, ran=reused_from is None),
    }


def seed_programs(source: str, evaluation: Evaluation, islands: int) -> list[dict[str, Any]]:
    """Return the fields of the events that put the seed program on every island; its id is the island's."""
    return [
        {
            "program_id": island_id,
            "draw_id": None,
            "completion_id": None,
            "sampler": "seed",
            "island_id": island_id,
            "epoch": 0,
            "parents": [],
            "status": "ok",
            "reused_from": None if island_id == 0 else 0,
            **_result(source, evaluation, ran=island_id == 0),
        }
        for island_id in range(islands)
    ]


def founders(
    con: duckdb.DuckDBPyConnection, reset: dict[str, Any], sources: Callable[[list[int]], dict[int, str]]
) -> list[dict[str, Any]]:
    """Return the fields of the copies that found the islands that a reset emptied, without program ids.

    `sources` gives the sources of programs by id.
    """
    copied = [i["founder_program_id"] for i in reset["islands"] if i["founder_program_id"] is not None]
    rows = con.execute(queries.text("engine/founder_copies.sql"), {"programs": copied}).fetchall()
    texts = sources(copied)
    originals = {program_id: fields for program_id, *fields in rows}
    copies = []
    for island in reset["islands"]:
        if island["founder_program_id"] is None:
            continue
        scores, score = originals[island["founder_program_id"]]
        original = Evaluation(
            status="ok",
            scores=tuple(scores),
            score=score,
            error=None,
            output=None,
            seconds=None,
            cpu_seconds=None,
            sandbox_level=None,
        )
        copies.append(
            {
                "draw_id": None,
                "completion_id": None,
                "sampler": "founder",
                "island_id": island["island_id"],
                "epoch": island["epoch"] + 1,
                "parents": [island["founder_program_id"]],
                "status": "ok",
                "reused_from": island["founder_program_id"],
                **_result(texts[island["founder_program_id"]], original, ran=False),
            }
        )
    return copies


def _result(source: str | None, evaluation: Evaluation, *, ran: bool) -> dict[str, Any]:
    scored = evaluation.score is not None
    return {
        "error": evaluation.error,
        "output": evaluation.output,
        "source": source,
        "source_hash": None if source is None else source_hash(source),
        "scores": list(evaluation.scores),
        "score": evaluation.score,
        "signature_hash": signature_hash([s for s in evaluation.scores if s is not None]) if scored else None,
        "evaluation_seconds": evaluation.seconds if ran else None,
        "cpu_seconds": evaluation.cpu_seconds if ran else None,
        "sandbox_level": evaluation.sandbox_level if ran else None,
        "scoring": evaluation.scoring if ran else None,
        "second_score": evaluation.second_score if ran else None,
        "metrics": _json_or_null(evaluation.report.metrics) if ran else None,
        "private_metrics": _json_or_null(evaluation.report.private) if ran else None,
        "artifacts": _json_or_null(evaluation.report.artifacts) if ran else None,
        "feedback": evaluation.report.feedback if ran else None,
        "sandbox_profile": evaluation.profile if ran else None,
    }


def _json_or_null(value: Mapping[str, Any]) -> str | None:
    return clean_text(compact_json(value)) if value else None


def compact_json(value: Any) -> str:
    """Return a value as compact, key-sorted JSON."""
    import json

    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=dict)
