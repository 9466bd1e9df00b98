"""What is said when a run has ended: what was found, what it is worth, where it is, what to try next."""

from __future__ import annotations

import asyncio
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

import click

from fsdb.cli import printing

if TYPE_CHECKING:
    from fsdb.search.runs import Outcome, Setting

REASONS = {
    "samples": "it asked for all its samples",
    "minutes": "its time was up",
    "target": "it reached its target",
    "tokens": "its tokens were used up",
    "interrupted": "it was interrupted",
}


def print_json_summary(outcome: Outcome) -> None:
    """Print how a run ended as one line of JSON."""
    import json

    progress = outcome.progress
    found = {
        "run": outcome.name,
        "path": str(outcome.run_dir),
        "sampler": outcome.sampler,
        "reason": outcome.reason,
        "samples": progress["samples"],
        "programs": progress["programs"],
        "valid": progress["valid"],
        "forged": _from_log(outcome)[1],
        "best_score": progress["best_score"],
        "best_program_id": progress["best_program_id"],
        "events": outcome.events,
        "seconds": round(outcome.seconds, 3),
    }
    click.echo(json.dumps(printing.plain(found)))


def print_summary(outcome: Outcome, setting: Setting) -> None:
    """Print how a run ended: the best program, how it compares, where the log is, and what to try next."""
    progress = outcome.progress
    source, forged = _from_log(outcome)
    _print_end(outcome)
    _warn_of_troubles(outcome, forged)
    printing.print_heading(f"Best program: {progress['best_program_id']}, score {progress['best_score']:.6g}")
    click.echo()
    printing.print_source(source)
    if outcome.reason != "interrupted":
        _print_comparison(outcome, source, setting)
    click.echo()
    click.echo(f"Log: {outcome.run_dir / 'events'} ({outcome.events:,} events in Parquet)")
    _print_next(outcome)


def _print_end(outcome: Outcome) -> None:
    progress = outcome.progress
    share = progress["valid"] / max(progress["programs"], 1)
    tokens = (progress["tokens_in"] or 0) + (progress["tokens_out"] or 0)
    click.secho(f"{outcome.name} ended: {REASONS[outcome.reason]}.", bold=True)
    click.echo(
        f"{progress['samples']:,} samples, {progress['programs']:,} programs evaluated "
        f"({share:.0%} valid), {progress['resets']} resets, "
        + (f"{tokens:,} tokens, " if tokens else "")
        + f"{outcome.seconds:.0f} s"
    )


def _warn_of_troubles(outcome: Outcome, forged: int) -> None:
    if forged:
        printing.warn(
            f"{printing.count(forged, 'program')} forged a score that would have been the best; none of them"
            " became a parent.",
            f"fsdb sql {outcome.name} \"from programs where status = 'forged'\" shows them.",
        )
    if outcome.restarts:
        printing.warn(
            f"{outcome.restarts} evaluator processes were lost and replaced; no score was lost with them.",
            "fsdb doctor tells what holds on this machine.",
        )


def _from_log(outcome: Outcome) -> tuple[str, int]:
    """Return the best program's source, and how many programs forged a score."""
    from fsdb.report.runs import RunLog

    with RunLog(outcome.run_dir) as log:
        (row,) = log.rows(
            "select any_value(source) filter (where program_id = $id) as source, "
            "count(*) filter (where status = 'forged') as forged from programs",
            {"id": outcome.progress["best_program_id"]},
        )
    return str(row["source"]), int(row["forged"])


def _busy(text: str) -> AbstractContextManager[Any]:
    """Return a sign of life for a terminal; nothing in a pipe."""
    if not printing.on_terminal():
        return nullcontext()
    from rich.console import Console

    return Console().status(text)


def _print_comparison(outcome: Outcome, source: str, setting: Setting) -> None:
    """Print the best program beside the seed program and the baselines, on every set of instances."""
    from fsdb.cli.reading import print_comparison
    from fsdb.evaluator.evaluation import Limits
    from fsdb.report.comparison import compare

    limits = Limits(timeout_seconds=outcome.config.timeout_seconds, memory_bytes=outcome.config.memory_bytes)
    with _busy("Comparing on the same instances…"):
        rows = asyncio.run(
            compare(
                outcome.problem,
                source,
                limits,
                setting.processes,
                require_level=setting.require_level,
                allow_unsafe=setting.allow_unsafe,
            )
        )
    held_out = ", training aside on instances that the search never saw" if outcome.problem.held_out else ""
    printing.print_heading(f"Scores, higher is better{held_out}")
    print_comparison(rows)


def _print_next(outcome: Outcome) -> None:
    """Print three commands to try next, with this run's name where they need it."""
    where = (
        ""
        if outcome.run_dir.parent.name == "runs" and len(outcome.run_dir.parts) == 2
        else (f" --runs-dir {outcome.run_dir.parent}")
    )
    name = outcome.name
    commands = [
        (f"fsdb status {name}{where}", "islands, failures, throughput"),
        (f"fsdb lineage {name} --diff{where}", "how the best came about, change by change"),
        (f"fsdb report {name}{where}", "all of it as a page to read"),
    ]
    if outcome.reason == "interrupted":
        commands[0] = (f"fsdb resume {name}{where}", "go on where it stopped")
    elif outcome.reason == "samples":
        more = 2 * outcome.progress["samples"]
        commands.append((f"fsdb resume {name} --samples {more}{where}", "search on"))
    click.echo("Next:")
    width = max(len(command) for command, _ in commands)
    for command, meaning in commands:
        click.echo(f"  {command.ljust(width)}  {click.style(meaning, dim=True)}")
