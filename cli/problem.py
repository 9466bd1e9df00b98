"""`fsdb init` and `fsdb check`: writing a problem, and finding out whether it is fit to be searched."""

from __future__ import annotations

from pathlib import Path

import click

from fsdb.cli.options import (
    evaluation_seconds,
    evaluator_option,
    json_option,
    sandbox_options,
    timeout_option,
)
from fsdb.cli.printing import print_json, safe, safe_lines

_MARKS = {"ok": ("ok    ", "green"), "note": ("note  ", "yellow"), "failed": ("FAILED", "red")}


@click.command(short_help="Write a starter problem to begin with.")
@click.argument("name")
@click.option(
    "--from",
    "convention",
    type=click.Choice(["funsearch", "openevolve", "shinka"]),
    default="funsearch",
    show_default=True,
    help="The convention that it follows.",
)
@json_option
def init(name: str, convention: str, as_json: bool) -> None:
    """Write a starter problem into the new folder NAME: commented, with something to beat, and a test.

    funsearch is one file with a function that evolves and one that scores; openevolve a program and an
    evaluator with `evaluate(program_path)`; shinka a program and a script that leaves its results in files.

    \b
    fsdb init my_problem
    fsdb init my_program --from openevolve
    """
    from fsdb.problem.starters import write_starter

    files = write_starter(name, convention, Path())
    problem = str(files[0]) if convention == "funsearch" else name
    if as_json:
        print_json({"problem": problem, "convention": convention, "files": [str(file) for file in files]})
        return
    for file in files:
        click.echo(f"wrote {file}")
    click.echo("Next:")
    commands = [
        (f"python {files[-1]}", "its test"),
        (f"fsdb check {problem}", "whether it is fit to be searched"),
        (f"fsdb run {problem}", "the search"),
    ]
    widest = max(len(command) for command, _ in commands)
    for command, meaning in commands:
        click.echo(f"  {command:{widest}}  {meaning}")


@click.command(short_help="Find out whether a problem is fit to be searched.")
@click.argument("problem")
@evaluator_option
@click.option("--inputs", metavar="JSON|FILE", help="Test inputs.  [default: the problem's own INPUTS]")
@timeout_option
@click.option(
    "--memory", type=click.IntRange(64), default=2048, show_default=True, help="MiB of an evaluation."
)
@click.option(
    "--mutants",
    type=click.IntRange(1),
    default=20,
    show_default=True,
    help="Changed programs that are scored, to see how far scores spread.",
)
@sandbox_options
@json_option
def check(
    problem: str,
    evaluator: str | None,
    inputs: str | None,
    timeout: float | None,
    memory: int,
    mutants: int,
    sandbox_level: str,
    unsafe: bool,
    as_json: bool,
) -> None:
    """Find out whether PROBLEM is fit to be searched, by trying it in the sandbox.

    Does it parse? Does its seed program score, and the same each time? How long does an evaluation take, and
    in which profile and level of the sandbox? Do changed programs score differently, so that there is
    something to climb? PROBLEM and --evaluator are as in `fsdb run`.

    \b
    fsdb check my_problem.py
    fsdb check initial_program.py --evaluator evaluator.py --json

    Exit code 0 if a run would start, else 1; 2 where PROBLEM cannot be read.
    """
    import asyncio
    from dataclasses import asdict

    from fsdb.evaluator.evaluation import Limits
    from fsdb.problem.loading import load_problem
    from fsdb.report.examination import examine

    loaded = load_problem(problem, inputs=inputs, evaluator=evaluator)
    limits = Limits(timeout_seconds=evaluation_seconds(timeout, loaded), memory_bytes=memory * 2**20)
    found = asyncio.run(
        examine(loaded, limits, mutants=mutants, require_level=sandbox_level, allow_unsafe=unsafe)
    )
    if as_json:
        first = found.repeats[0]
        print_json(
            {
                "problem": loaded.name,
                "works": found.works,
                "findings": [asdict(finding) for finding in found.findings],
                "status": first.status,
                "score": first.score,
                "scores_again": [each.score for each in found.repeats],
                "metrics": dict(first.report.metrics),
                "seconds": found.seconds,
                "sandbox_profile": first.profile,
                "sandbox_level": first.sandbox_level,
                "scoring": first.scoring,
                "mutants": len(found.mutants),
                "mutant_scores": found.scores,
            }
        )
    else:
        for finding in found.findings:
            mark, colour = _MARKS[finding.state]
            click.echo(f"{click.style(mark, fg=colour)}  {finding.name}: {safe_lines(finding.found)}")
            if finding.cure:
                click.echo(f"        {safe(finding.cure)}")
        click.echo(
            f"A run would work: fsdb run {_as_given(problem, evaluator)}"
            if found.works
            else "No run would start."
        )
    click.get_current_context().exit(0 if found.works else 1)


def _as_given(problem: str, evaluator: str | None) -> str:
    return problem if evaluator is None else f"{problem} --evaluator {evaluator}"
