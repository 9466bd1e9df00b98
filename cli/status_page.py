"""How a run stands, as `fsdb status` prints it."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from fsdb.cli.printing import (
    count,
    print_fields,
    print_heading,
    print_table,
    rounded,
    safe,
    score,
    seconds,
    share,
    size,
)

if TYPE_CHECKING:
    from fsdb.report.status import Status


def status_object(found: Status, warning: tuple[str, str] | None) -> dict[str, Any]:
    """Return how a run stands for machines."""
    return {
        "run": found.name,
        "path": str(found.path),
        "state": found.state,
        "writer": found.writer,
        **found.summary,
        "programs_per_second": found.programs_per_second,
        "recent_programs_per_second": found.recent_programs_per_second,
        "open_draws": found.open_draws,
        "files": found.files,
        "bytes": found.bytes,
        "islands": found.islands,
        "failures": found.failures,
        "improvements": found.improvements,
        "concentration": {**asdict(found.concentration), "collapsed": found.concentration.collapsed},
        "warnings": [warning[0]] if warning else [],
        "damages": list(found.damages),
    }


def print_status(found: Status) -> None:
    """Print how a run stands for people."""
    row = found.summary
    state = f"{found.state} ({found.writer})" if found.writer else found.state
    state = f"{state}: {row['stop_reason']}" if row["stop_reason"] and not found.writer else state
    click.secho(f"{safe(found.name)}: {safe(state)}", bold=True)
    if found.state == "killed":
        click.echo(
            f"Its writer died; what was acknowledged is in the log. Go on: fsdb resume {safe(found.name)}"
        )
    print_fields(
        {
            "problem": row["problem"]
            and f"{row['problem']}, by {row['model'] or row['sampler']}, seed {row['seed']}",
            "policy": row["policy"] and _policy(row["policy"], row["policy_params"]),
            "resets": row["reset_policy"]
            and f"{row['resets']} so far, by {_policy(row['reset_policy'], row['reset_policy_params'])}",
            "started": row["started_at"] and f"{row['started_at']:%Y-%m-%d %H:%M:%S} UTC",
            "at work": seconds(row["active_seconds"] or 0.0)
            + (f", resumed {count(row['resumed'], 'time')}" if row["resumed"] else ""),
            "samples": f"{row['samples']:,} of {count(row['draws'], 'draw')}",
            "programs": f"{row['programs']:,}" + _rates(found),
            "valid": f"{row['valid']:,} ({share(row['valid'], row['programs'])})" if row["programs"] else "0",
            "best score": "none"
            if row["best_program_id"] is None
            else f"{score(row['best_score'])} (program {row['best_program_id']})",
            "open draws": str(found.open_draws),
            "tokens": None
            if row["tokens_in"] is None and row["tokens_out"] is None
            else f"{row['tokens_in'] or 0:,} in, {row['tokens_out'] or 0:,} out",
            "cost": None if row["cost_usd"] is None else f"${row['cost_usd']:.4f}",
            "log": f"{found.path} ({row['events']:,} events, "
            f"{count(found.files, 'file')}, {size(found.bytes)})",
        }
    )
    _print_islands(found)
    _print_failures(found)
    _print_improvements(found)


def _print_islands(found: Status) -> None:
    print_heading("Islands")
    print_table(
        ("island", "epoch", "programs", "clusters", "best score", "best program"),
        (
            (
                island["island_id"],
                island["epoch"],
                island["programs"],
                island["clusters"],
                rounded(island["best_score"]),
                island["best_program_id"],
            )
            for island in found.islands
        ),
    )


def _print_failures(found: Status) -> None:
    if not found.failures:
        return
    print_heading("What did not join its island, and the error met most often")
    print_table(
        ("status", "programs", "share", "most frequent error", "how often", "example"),
        (
            (
                failure["status"],
                failure["programs"],
                share(failure["programs"], found.summary["programs"]),
                failure["error"],
                failure["error_programs"] or None,
                failure["example"],
            )
            for failure in found.failures
        ),
    )


def _print_improvements(found: Status) -> None:
    if not found.improvements:
        return
    print_heading("Latest improvements")
    print_table(
        ("program", "score", "gain", "island", "at (UTC)"),
        (
            (
                each["program_id"],
                rounded(each["score"]),
                rounded(each["gain"]),
                each["island_id"],
                f"{each['recorded_at']:%Y-%m-%d %H:%M:%S}",
            )
            for each in found.improvements
        ),
    )


def _policy(name: str, params: str) -> str:
    settings = ", ".join(f"{key}={value}" for key, value in json.loads(params).items())
    return f"{name} ({settings})" if settings else name


def _rates(found: Status) -> str:
    if found.programs_per_second is None:
        return ""
    rates = f", {found.programs_per_second:.1f} a second"
    if found.state == "running" and found.recent_programs_per_second is not None:
        rates += f" ({found.recent_programs_per_second:.1f} in the last minute)"
    return rates
