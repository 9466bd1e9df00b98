"""`fsdb evaluate`: one program's scores, by the same sandbox and evaluator as in a search."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from fsdb.cli.options import (
    evaluation_seconds,
    evaluator_option,
    json_option,
    sandbox_options,
    scoring_option,
    timeout_option,
)
from fsdb.cli.printing import print_fields, print_heading, print_json, print_table, rounded, safe_lines, score

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fsdb.evaluator.evaluation import Evaluation

PROGRAM = "program"
"""What the program is called among what is scored."""

OUTPUT_LINES = 10
"""How much of what a program printed is shown; --json has all that was kept."""


@click.command(short_help="Score one program, in the same sandbox as a search.")
@click.argument("problem")
@click.argument("program_file", metavar="PROGRAM.PY")
@evaluator_option
@click.option("--inputs", metavar="JSON|FILE", help="Test inputs.  [default: the problem's own INPUTS]")
@click.option(
    "--reduce",
    type=click.Choice(["mean", "last", "min", "sum"]),
    help="How scores become one.  [default: the problem's REDUCE, else mean]",
)
@click.option(
    "--held-out",
    metavar="NAME|all",
    help="Score on this held-out set as well, or on all of them.  [default: on none]",
)
@timeout_option
@click.option(
    "--memory", type=click.IntRange(64), default=2048, show_default=True, help="MiB of an evaluation."
)
@scoring_option("the problem's own on its INPUTS; call-by-call on held-out sets")
@sandbox_options
@json_option
def evaluate(
    problem: str,
    program_file: str,
    evaluator: str | None,
    inputs: str | None,
    reduce: str | None,
    held_out: str | None,
    timeout: float | None,
    memory: int,
    scoring: str | None,
    sandbox_level: str,
    unsafe: bool,
    as_json: bool,
) -> None:
    """Score the program in PROGRAM.PY on PROBLEM, through the same sandbox and evaluator as a search.

    PROBLEM is the name of a bundled one or a path to a specification. PROGRAM.PY holds the evolved function;
    a whole specification, or a model's answer with fences, will do too; - reads it from standard input.
    With an --evaluator PROBLEM is the initial program, and PROGRAM.PY a whole program or its evolved blocks.

    \b
    fsdb evaluate bin_packing program.py
    fsdb best | fsdb evaluate bin_packing - --held-out all
    fsdb evaluate cap_set program.py --inputs '[7]' --json

    Exit code 0 if the program is ok on every set of inputs, else 1.
    """
    import asyncio

    from fsdb.evaluator.evaluation import Limits
    from fsdb.problem.loading import load_problem
    from fsdb.report.comparison import input_sets, score_programs
    from fsdb.report.program_file import read_program

    loaded = load_problem(problem, inputs=inputs, reduce=reduce, evaluator=evaluator)
    sets = input_sets(loaded, held_out)
    source = read_program(program_file, loaded.specification)
    found = asyncio.run(
        score_programs(
            loaded,
            {PROGRAM: source},
            sets,
            Limits(timeout_seconds=evaluation_seconds(timeout, loaded), memory_bytes=memory * 2**20),
            1,
            scoring=scoring,
            require_level=sandbox_level,
            allow_unsafe=unsafe,
        )
    )
    evaluations = {name: found[name, PROGRAM] for name in sets}
    if as_json:
        print_json(
            {
                "problem": loaded.name,
                "source": source,
                "sets": [
                    {"inputs": name, **asdict(each), "scores": _by_name(sets[name], each)}
                    for name, each in evaluations.items()
                ],
            }
        )
    else:
        for name, each in evaluations.items():
            _print_evaluation(name, sets[name], each, several=len(sets) > 1)
    ok = all(each.status == "ok" for each in evaluations.values())
    click.get_current_context().exit(0 if ok else 1)


def _print_evaluation(name: str, inputs: Mapping[str, Any], evaluation: Evaluation, *, several: bool) -> None:
    if several:
        print_heading(name)
    took = None if evaluation.seconds is None else f"{1000 * evaluation.seconds:.0f} ms"
    print_fields(
        {
            "status": evaluation.status,
            "score": None if evaluation.score is None else score(evaluation.score),
            "scored": evaluation.scoring,
            "took": took,
            "sandbox": evaluation.sandbox_level,
        }
    )
    if evaluation.error:
        click.echo(safe_lines(evaluation.error))
    if any(each is not None for each in evaluation.scores):
        click.echo()
        print_table(
            ("input", "score"),
            ((name, rounded(each)) for name, each in _by_name(inputs, evaluation).items()),
        )
    if evaluation.output:
        lines = safe_lines(evaluation.output).splitlines()
        cut = f", its last {OUTPUT_LINES} lines of {len(lines)}" if len(lines) > OUTPUT_LINES else ""
        print_heading(f"What it printed{cut}")
        click.echo("\n".join(lines[-OUTPUT_LINES:]))


def _by_name(inputs: Mapping[str, Any], evaluation: Evaluation) -> dict[str, float | None]:
    return dict(zip(inputs, evaluation.scores, strict=True))
