"""What `fsdb replay` says of other policies: for people, each kind of answer by itself, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from fsdb.cli.printing import count, print_heading, print_table, safe

if TYPE_CHECKING:
    from fsdb.replay.counterfactual import Counterfactual, Estimate, OffPolicy, OneStep
    from fsdb.replay.exact import Exact

NOT_FOUND = "Not what a run under this policy would have found: that takes a fork."


def print_answer(spec: str, answer: Counterfactual) -> None:
    """Print all that is told of one policy."""
    print_heading(f"One-step counterfactuals: what {spec} would have drawn at each logged draw")
    print_one_step(answer.one_step)
    if answer.slowly:
        click.echo("Asked state by state: DuckDB cannot ask this policy's SQL of many states at once.")
    print_heading(f"Off-policy estimates: what a draw of {spec} begets, on this archive as it was")
    print_off_policy(answer.off_policy)


def print_one_step(found: OneStep) -> None:
    """Print which draws change, what their prompts show, and the line of the best."""
    click.echo(
        f"An explanation of {count(found.draws, 'draw')}, not an outcome: the logged states, the same noise\n"
        "(the Gumbel-max coupling; another would give other draws). " + NOT_FOUND
    )
    if not found.draws:
        return
    levels = (("island", "another island"), ("clusters", "other clusters"), ("programs", "other programs"))
    shares = ", ".join(f"{100 * found.changed(level):.1f} % {words}" for level, words in levels)
    click.echo(f"Draws that change: {shares}.")
    print_table(
        ("draws", "island", "clusters", "programs", "best shown", "logged", "age", "logged", "programs shown",
         "logged"),
        [
            (
                f"{row['first_draw']}-{row['last_draw']}",
                *(f"{100 * row[level]:.0f} %" for level, _ in levels),
                *(f"{row[name]:.6g}" for name in ("best", "logged_best")),
                *(f"{row[name]:.0f}" for name in ("age", "logged_age")),
                *(f"{row[name]:.1f}" for name in ("effective", "logged_effective")),
            )
            for row in found.stretches
        ],
    )  # fmt: skip
    if found.lineage:
        click.echo("The line of the best, draw by draw: how likely its prompt was.")
        print_table(
            ("program", "score", "draw", "logged", "under this policy", "drawn with the same noise"),
            [
                (
                    row["program_id"],
                    None if row["score"] is None else f"{row['score']:.6g}",
                    row["draw_id"],
                    f"{row['logged_chance']:.3g}",
                    f"{row['chance']:.3g}",
                    "yes" if row["same"] else "no",
                )
                for row in found.lineage
            ],
        )


def print_off_policy(found: OffPolicy) -> None:
    """Print the estimates, or why there are none."""
    impossible = 100 * found.impossible / max(found.draws, 1)
    overlap = (
        f"{count(found.draws, 'answered draw')}, {found.effective:.0f} effective; mean weight "
        f"{found.mean_weight:.3f}, largest {found.largest:.3g};\n"
        f"{impossible:.1f} % of the logged prompts this policy would never draw"
    )
    if found.refusal:
        click.echo(f"Refused: {found.refusal}.")
        click.echo(f"Overlap: {overlap}.")
        click.echo(f"What would answer it: {found.remedy}.")
        return
    click.echo(f"SNIPS over {overlap}.")
    click.echo(
        "Assumes that a prompt's children depend on the prompt alone; 95 % intervals, clustered by prompt."
    )
    click.echo("Per draw, holding the archive as it was. " + NOT_FOUND)
    print_table(
        ("a child", "children", "under this policy", "95 %", "logged", "difference", "95 %"),
        [tuple(_row(each)) for each in found.estimates],
    )


def _row(each: Estimate) -> Iterator[Any]:
    from fsdb.replay.counterfactual import OUTCOMES

    yield OUTCOMES[each.outcome]
    yield each.children
    yield f"{each.estimate:.5g}"
    yield _interval(each.interval)
    yield f"{each.logged:.5g}"
    yield f"{each.difference:+.3g}"
    yield _interval(each.difference_interval)


def _interval(interval: tuple[float, float] | None) -> str:
    return "none: too rare" if interval is None else f"{interval[0]:.4g} to {interval[1]:.4g}"


def answers_object(
    name: str, exact: Exact, specs: Sequence[str], answers: Sequence[Counterfactual]
) -> dict[str, Any]:
    """Return all answers as JSON has them, each kind under its own name."""
    policies = [
        {
            "policy": safe(spec),
            "state_by_state": answer.slowly,
            "one_step": {
                "kind": "explanation, not an outcome: the logged states and the same noise",
                "changed": {
                    level: answer.one_step.changed(level) if answer.one_step.draws else None
                    for level in ("island", "clusters", "programs")
                },
                **asdict(answer.one_step),
            },
            "off_policy": {
                "kind": "estimate per draw on this archive; not what a run would have found",
                **asdict(answer.off_policy),
            },
        }
        for spec, answer in zip(specs, answers, strict=False)
    ]
    return {"run": name, "exact": exact_object(exact), "policies": policies}


def exact_object(exact: Exact) -> dict[str, Any]:
    """Return an exact replay as JSON has it."""
    return {
        "same": exact.same,
        "draws": exact.draws,
        "random_draws": exact.random_draws,
        "states": exact.states,
        "resets": exact.resets,
        "programs": exact.programs,
        "scores": exact.scores,
        "written_elsewhere": exact.elsewhere,
        "state_by_state": exact.slowly,
        "differences": [
            {
                "seq": each.seq,
                "what": each.what,
                "field": each.field or None,
                "logged": each.logged,
                "remade": each.remade,
                "rounding": each.rounding,
            }
            for each in exact.differences
        ],
    }
