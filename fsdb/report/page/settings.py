"""What a run was set to do."""

from __future__ import annotations

import json
from typing import Any

from fsdb.report.page.blocks import Section, Table
from fsdb.report.page.text import line, moment, seconds
from fsdb.report.runs import RunLog


def settings(log: RunLog, key: str) -> Section:
    """How can this be done again?"""
    title, question = "Settings", "What was asked for, and how can it be done again?"
    rows = log.rows("from run_started")
    if not rows:
        return Section(
            key, title, question, "The log has lost its first event, which would tell.", known=False
        )
    started = rows[0]
    mutation = started["sampler"] == "mutation"
    answer = (
        f"{line(started['sampler'], 40)} on the problem {line(started['problem'], 60)} "
        f"with seed {started['seed']}, "
        f"on {started['islands']} islands, by the policy {line(started['policy'], 60)}. "
        + (
            "The same seed gives the same run again, on the same version of Python."
            if mutation and started["in_order"]
            else "The same seed gives the same draws as long as the answers are the same."
        )
    )
    memory = f"{started['memory_bytes'] / 2**20:,.0f} MiB"
    listed = {
        "problem": started["problem"],
        "specification": f"SHA-256 {started['specification_hash']}",
        "inputs": str(len(started["input_names"])),
        "score": f"{started['reduce']} over the inputs; higher is better",
        "sampler": started["sampler"],
        "model": started["model"],
        "sampler's parameters": _plain(started["sampler_params"]),
        "selection policy": f"{started['policy']} {_plain(started['policy_params'])}",
        "reset policy": f"{started['reset_policy']} {_plain(started['reset_policy_params'])}",
        "islands": str(started["islands"]),
        "completions per prompt": str(started["completions_per_prompt"]),
        "random programs": str(started["random_programs"]),
        "in order": "yes" if started["in_order"] else "no",
        "stops": _plain(started["stops"]),
        "limits of an evaluation": f"{seconds(started['timeout_seconds'])}, {memory}",
        "seed": str(started["seed"]),
        "started": moment(started["recorded_at"]),
        "made with": f"fsdb {started['fsdb_version']}, Python {started['python_version']}, "
        f"DuckDB {started['duckdb_version']}, {started['platform']}",
    }
    shown = [(name, line(value, 300)) for name, value in listed.items() if value]
    return Section(key, title, question, answer, (Table(("setting", "value"), shown),))


def _plain(text: str) -> str:
    """Return a JSON object as `name=value, …`, what is null left out."""
    fields: dict[str, Any] = json.loads(text)
    return ", ".join(f"{name}={value}" for name, value in fields.items() if value is not None)
