"""`fsdb runs`, `status`, `best` and `show`: what there is to say of runs and their programs."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fsdb.cli.options import json_option, processes_option, run_argument, runs_dir_option, sandbox_options
from fsdb.cli.printing import (
    count,
    on_terminal,
    print_fields,
    print_heading,
    print_json,
    print_source,
    print_table,
    rounded,
    safe,
    safe_lines,
    score,
    seconds,
    share,
    shorten,
    warn,
)
from fsdb.cli.status_page import print_status, status_object
from fsdb.errors import UsageError

if TYPE_CHECKING:
    from fsdb.report.comparison import Comparison
    from fsdb.report.programs import Program
    from fsdb.report.runs import RunLog


@click.command(short_help="List the runs.")
@runs_dir_option
@json_option
def runs(runs_dir: Path, as_json: bool) -> None:
    """List the runs, the newest first.

    The state of a run is running (a process writes its log now), stopped with the reason, or killed (its
    writer died; `fsdb resume` goes on where its log ends). Times are UTC.

    \b
    fsdb runs
    fsdb runs --runs-dir /data/runs --json
    """
    from fsdb.report.runs import list_runs

    found = list_runs(runs_dir)
    if as_json:
        print_json([{**asdict(run), "path": str(run.path)} for run in found])
        return
    if not found:
        click.echo(f"There are no runs in {safe(str(runs_dir))} yet. Start one: fsdb run bin_packing")
        return
    print_table(
        ("run", "problem", "by", "samples", "programs", "valid", "best score", "state", "started (UTC)"),
        (
            (
                run.name,
                run.problem,
                run.model or run.sampler,
                run.samples,
                run.programs,
                share(run.valid, run.programs),
                rounded(run.best_score),
                f"{run.state}: {run.reason}" if run.reason else run.state,
                f"{run.started_at:%Y-%m-%d %H:%M}" if run.started_at else None,
            )
            for run in found
        ),
    )
    for run in found:
        if run.trouble:
            warn(f"{run.name}: {run.trouble}", f"fsdb verify {run.name} tells more.")


@click.command(short_help="Show how a run stands: its counts, islands and failures.")
@run_argument
@runs_dir_option
@json_option
def status(run: str | None, runs_dir: Path, as_json: bool) -> None:
    """Show how RUN stands: counts and rates, its islands, what failed and why, and where its log is.

    Works while the run goes on. Warns where draws have collapsed, so that the search no longer chooses: where
    at least half of the last 200 prompts that had a choice show one program in every place, and the
    policy effectively chose between no more than 1.5 clusters.

    \b
    fsdb status
    fsdb status bin_packing-1 --json
    """
    from fsdb.report.runs import find_run, open_run
    from fsdb.report.status import status as status_of

    with open_run(find_run(runs_dir, run)) as log:
        found = status_of(log)
        warn_of_damage(log)
    warning = found.concentration.warning(found.summary["policy"])
    if as_json:
        print_json(status_object(found, warning))
        return
    print_status(found)
    if warning:
        click.echo()
        warn(*warning)


@click.command(short_help="Show a run's best program.")
@run_argument
@runs_dir_option
@click.option(
    "--compare",
    "with_comparison",
    is_flag=True,
    help="Score it, the seed program and the baselines on the training inputs and every held-out set.",
)
@processes_option
@sandbox_options
@json_option
def best(
    run: str | None,
    runs_dir: Path,
    with_comparison: bool,
    processes: int,
    sandbox_level: str,
    unsafe: bool,
    as_json: bool,
) -> None:
    """Show the best program of RUN: the first one with the best score.

    Into a pipe or a file goes the program alone, with what there is to say of it in comments above, so that
    it can be scored again.

    \b
    fsdb best
    fsdb best bin_packing-1 --compare
    fsdb best > best.py && fsdb evaluate bin_packing best.py --held-out all
    """
    from fsdb.queries.catalogue import BEST
    from fsdb.report.programs import find_program
    from fsdb.report.runs import find_run, open_run

    with open_run(find_run(runs_dir, run)) as log:
        program = find_program(log, BEST)
        comparison = _comparison(log, program, processes, sandbox_level, unsafe) if with_comparison else None
        warn_of_damage(log)
    if as_json:
        compared = {} if comparison is None else {"comparison": [asdict(row) for row in comparison]}
        print_json({**asdict(program), **compared})
        return
    lead = "" if on_terminal() else "# "
    for line in _facts(program):
        click.secho(lead + line, bold=(on_terminal() and line.startswith("program")) or None)
    if comparison is not None:
        print_comparison(comparison, comment=lead)
    if on_terminal():
        click.echo()
    print_source(program.source or "")


@click.command(short_help="Show one program of a run, with its scores and parents.")
@click.argument("arguments", nargs=-1, required=True, metavar="[RUN] PROGRAM")
@runs_dir_option
@click.option(
    "--completion", "with_completion", is_flag=True, help="Show the sampler's answer as received too."
)
@json_option
def show(arguments: tuple[str, ...], runs_dir: Path, with_completion: bool, as_json: bool) -> None:
    """Show PROGRAM of RUN, whatever became of it: source, status, scores, draw, parents and children.

    PROGRAM is a number, as in `fsdb sql "select program_id, status, score from programs"`, or best.

    \b
    fsdb show best
    fsdb show 1234
    fsdb show bin_packing-1 1234 --completion
    """
    from fsdb.report.programs import find_program
    from fsdb.report.runs import find_run, open_run

    run, which = run_and("PROGRAM", arguments)
    with open_run(find_run(runs_dir, run)) as log:
        program = find_program(log, which)
        warn_of_damage(log)
    if as_json:
        print_json(asdict(program))
        return
    _print_program(program)
    if with_completion:
        print_heading("Completion, as received")
        text = program.completion and (program.completion["text"] or program.completion["error"])
        click.echo(safe_lines(text or "(there is none)"))


def run_and(what: str, arguments: tuple[str, ...]) -> tuple[str | None, str]:
    """Split the arguments `[RUN] WHAT`; UsageError where there are more."""
    if len(arguments) > 2:
        raise UsageError(
            f"There are {len(arguments)} arguments.",
            cure=f"Give [RUN] {what}, each in quotes if it has spaces.",
        )
    return (arguments[0] if len(arguments) == 2 else None), arguments[-1]


def warn_of_damage(log: RunLog) -> None:
    """Say on standard error if a log is damaged, what to do, and that the rest was read."""
    if log.damages:
        more = f" (and {len(log.damages) - 1} more)" if len(log.damages) > 1 else ""
        warn(
            f"The log of {log.name} is damaged: {log.damages[0]}{more}. What can be read is shown.",
            log.damages[0].cure,
        )


def print_comparison(comparison: list[Comparison], *, comment: str = "") -> None:
    """Print how programs compare: a line for each program, a column for each set of inputs."""
    sets = list(dict.fromkeys(row.inputs for row in comparison))
    found = {(row.program, row.inputs): row for row in comparison}
    if not comment:
        click.echo()
    print_table(
        ("score on", *sets),
        (
            (program, *(_compared(found.get((program, inputs))) for inputs in sets))
            for program in dict.fromkeys(row.program for row in comparison)
        ),
        comment=comment,
    )


def _compared(row: Comparison | None) -> float | str | None:
    if row is None:
        return None
    return row.status if row.score is None else rounded(row.score)


def _comparison(
    log: RunLog, program: Program, processes: int, sandbox_level: str, unsafe: bool
) -> list[Comparison]:
    import asyncio

    from fsdb.evaluator.evaluation import Limits
    from fsdb.problem.loading import problem_from_event
    from fsdb.report.comparison import compare

    started = log.started()
    limits = Limits(timeout_seconds=started["timeout_seconds"], memory_bytes=started["memory_bytes"])
    return asyncio.run(
        compare(
            problem_from_event(started),
            program.source or "",
            limits,
            processes,
            require_level=sandbox_level,
            allow_unsafe=unsafe,
        )
    )


def _facts(program: Program) -> list[str]:
    """Return what there is to say of the best program, a line each."""
    lines = [f"program {program.program_id} of {safe(program.run)}: score {score(program.score)}"]
    when = "" if program.seconds_into_run is None else f" {seconds(program.seconds_into_run)} into the run"
    lines.append(
        f"found{when} at event {program.seq}, on island {program.island_id} (epoch {program.epoch}), "
        f"by {safe(program.sampler)}"
    )
    if program.parents:
        parents = " and ".join(f"{parent['program_id']}" for parent in program.parents)
        lines.append(
            f"made from {parents}, {count(program.generations, 'generation')} from where its line began"
        )
    if program.second_score is not None and program.status != "forged":
        lines.append("scored twice, the second time call by call out of its own reach: the same score")
    return lines


def _print_program(program: Program) -> None:
    click.secho(f"program {program.program_id} of {safe(program.run)}: {safe(program.status)}", bold=True)
    draw, completion = program.draw, program.completion
    parent_choices = [] if draw is None else draw["parents"]
    print_fields(
        {
            "score": None if program.score is None else score(program.score),
            "error": program.error,
            "output": program.output and shorten(program.output, 200),
            "where": f"island {program.island_id}, epoch {program.epoch}"
            + ("" if program.cluster_id is None else f", cluster {program.cluster_id}"),
            "when": f"event {program.seq}, {program.recorded_at:%Y-%m-%d %H:%M:%S} UTC",
            "by": program.sampler
            + (f" ({completion['model']})" if completion and completion["model"] else ""),
            "draw": None if draw is None else _draw_line(draw),
            "completion": None if completion is None else _completion_line(completion),
            "evaluated": _evaluation_line(program),
            "children": f"{program.children}, {program.valid_children} of them valid",
            "generations": str(program.generations),
        }
    )
    print_heading("Scores")
    print_table(("input", "score"), ((name, rounded(value)) for name, value in program.scores.items()))
    if program.parents:
        print_heading("Parents, as shown")
        chances = {choice["position"]: choice for choice in parent_choices}
        print_table(
            ("program", "score", "by", "cluster propensity", "program propensity"),
            (
                (
                    parent["program_id"],
                    rounded(parent["score"]),
                    parent["sampler"],
                    rounded(chances.get(parent["position"], {}).get("cluster_propensity")),
                    rounded(chances.get(parent["position"], {}).get("program_propensity")),
                )
                for parent in program.parents
            ),
        )
    print_heading("Source")
    print_source(
        program.source if program.source is not None else "# no program could be taken from the completion"
    )


def _draw_line(draw: dict[str, Any]) -> str:
    line = f"{draw['draw_id']}, of kind {draw['kind']}, as of event {draw['as_of']}"
    if draw["policy"] is None:
        return line
    line += f", by {draw['policy']}; island with probability {score(draw['island_propensity'])}"
    return line if draw["temperature"] is None else f"{line}, temperature {score(draw['temperature'])}"


def _completion_line(completion: dict[str, Any]) -> str:
    parts = [f"{completion['completion_id']}, number {completion['ordinal']} of the draw"]
    if completion["tokens_out"] is not None:
        parts.append(f"{completion['tokens_in'] or 0} tokens in, {completion['tokens_out']} out")
    if completion["latency_seconds"] is not None:
        parts.append(seconds(completion["latency_seconds"]))
    if completion["finish_reason"]:
        parts.append(f"ended by {completion['finish_reason']}")
    return ", ".join(parts)


def _evaluation_line(program: Program) -> str | None:
    if program.reused_from is not None:
        return f"no: the result of program {program.reused_from}, whose source is the same"
    if program.evaluation_seconds is None:
        return None
    took = f"{1000 * program.evaluation_seconds:.0f} ms"
    line = f"{program.scoring}, in {took}, sandbox level {program.sandbox_level}"
    if program.second_score is None:
        return line
    return f"{line}; again, call by call: score {score(program.second_score)}"
