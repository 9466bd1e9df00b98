"""`fsdb compare`: runs side by side."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fsdb.cli.options import json_option, runs_dir_option
from fsdb.cli.printing import print_heading, print_json, print_table, rounded, seconds, share, warn

if TYPE_CHECKING:
    from fsdb.report.side_by_side import SideBySide


@click.command(short_help="Show runs side by side: settings that differ, and what came of them.")
@click.argument("runs", nargs=-1, required=True, metavar="RUN RUN…")
@runs_dir_option
@json_option
def compare(runs: tuple[str, ...], runs_dir: Path, as_json: bool) -> None:
    """Show several RUNs side by side: settings that differ, results, bests at equal samples, who wrote what.

    A RUN may be a pattern in quotes. Runs that were set alike but for their seeds count as one group: the
    mean of their bests, with the lowest and the highest. One run of each setting says little: start several,
    with --seed 1, 2, 3, ….

    \b
    fsdb compare cap_set-1 cap_set-2
    fsdb compare "cap_set-*" --json
    """
    from fsdb.report.runs import find_runs
    from fsdb.report.side_by_side import side_by_side

    found = side_by_side(find_runs(runs_dir, ",".join(runs)))
    if as_json:
        print_json(_object(found))
        return
    _print_settings(found)
    _print_results(found)
    _print_bests(found)
    _print_expected(found)
    _print_writers(found)
    if not found.comparable:
        warn(
            "These runs are not of the same problem on the same inputs: their scores cannot be compared.",
            "Compare runs of one problem.",
        )


def _print_settings(found: SideBySide) -> None:
    from fsdb.report.side_by_side import shown_setting

    print_heading("Settings that differ")
    if not found.differing:
        click.echo("None.")
        return
    print_table(
        ("setting", *(run.name for run in found.runs)),
        (
            (name, *(shown_setting(name, value) for value in values))
            for name, values in found.differing.items()
        ),
    )


def _print_results(found: SideBySide) -> None:
    print_heading("Results")
    print_table(
        (
            "run",
            "best score",
            "samples to it",
            "samples",
            "programs",
            "valid",
            "tokens",
            "US$",
            "time at work",
        ),
        (
            (
                run.name,
                rounded(run.summary["best_score"]),
                run.improvements[-1]["samples"] if run.improvements else None,
                run.summary["samples"],
                run.summary["programs"],
                share(run.summary["valid"], run.summary["programs"]),
                _tokens(run.summary),
                rounded(run.summary["cost_usd"]),
                None if run.summary["active_seconds"] is None else seconds(run.summary["active_seconds"]),
            )
            for run in found.runs
        ),
    )


def _print_bests(found: SideBySide) -> None:
    print_heading("Best score after so many samples")
    if not found.checkpoints:
        click.echo("One of them has no sample yet.")
        return
    if all(len(group.runs) == 1 for group in found.groups):
        print_table(
            ("samples", *(run.name for run in found.runs)),
            ((n, *(rounded(run.best_after.get(n)) for run in found.runs)) for n in found.checkpoints),
        )
        click.echo("One run of each setting: chance alone can make such differences.")
        return
    print_table(
        ("samples", *(_named(group.runs) for group in found.groups)),
        ((n, *(_spread(group.best_after.get(n)) for group in found.groups)) for n in found.checkpoints),
    )
    click.echo("Means over runs that were set alike but for their seeds, with the lowest and the highest.")


def _print_expected(found: SideBySide) -> None:
    """Print what a run of each setting is worth on average, where there are several runs of one."""
    if not any(row["runs"] > 1 for row in found.expected):
        return
    samples = f"{found.expected[0]['budget']:,.0f}"
    print_heading(f"Expected best after {samples} samples, with the interval of 95 % (bootstrap)")
    print_table(
        ("setting", "runs", "mean", "from", "to", "worst", "best"),
        (
            (
                row["setting"],
                row["runs"],
                rounded(row["mean_best"]),
                rounded(row["mean_best_low"]) if row["runs"] > 1 else None,
                rounded(row["mean_best_high"]) if row["runs"] > 1 else None,
                *(rounded(row[name]) for name in ("worst", "best")),
            )
            for row in found.expected
        ),
    )
    if found.pairs:
        print_heading("The same, on the same seeds")
        print_table(
            ("setting", "less", "pairs", "difference", "from", "to", "wins", "ties"),
            (
                (
                    row["setting"],
                    row["other"],
                    row["pairs"],
                    *(rounded(row[name]) for name in ("difference", "difference_low", "difference_high")),
                    row["wins"],
                    row["ties"],
                )
                for row in found.pairs
            ),
        )


def _print_writers(found: SideBySide) -> None:
    print_heading("Programs that beat the better of their parents, with the interval of 95 %")
    print_table(
        ("run", "by", "programs", "valid", "beat it", "from", "to", "new bests"),
        (
            (
                run.name,
                row["value"],
                row["proposals"],
                share(row["valid"], row["proposals"]),
                share(row["beats_parent"], row["trials"]),
                _percent(row["beats_parent_low"]),
                _percent(row["beats_parent_high"]),
                row["global_best"],
            )
            for run in found.runs
            for row in run.writers
        ),
    )


def _named(runs: tuple[str, ...]) -> str:
    return runs[0] if len(runs) == 1 else f"{runs[0]} and {len(runs) - 1} more"


def _spread(bests: tuple[float, float, float] | None) -> str | None:
    if bests is None:
        return None
    mean, low, high = bests
    return f"{mean:.6g}" if low == high else f"{mean:.6g} ({low:.6g} to {high:.6g})"


def _percent(value: float | None) -> str:
    return "" if value is None else f"{100 * value:.1f} %"


def _tokens(summary: dict[str, Any]) -> int | None:
    parts = [summary["tokens_in"], summary["tokens_out"]]
    return None if parts == [None, None] else sum(part or 0 for part in parts)


def _object(found: SideBySide) -> dict[str, Any]:
    return {
        "comparable": found.comparable,
        "settings": {
            name: dict(zip((run.name for run in found.runs), values, strict=True))
            for name, values in found.differing.items()
        },
        "runs": [
            {
                "run": run.name,
                **{
                    name: run.summary[name]
                    for name in ("best_score", "best_program_id", "samples", "programs", "valid", "resets")
                },
                "tokens": _tokens(run.summary),
                "cost_usd": run.summary["cost_usd"],
                "active_seconds": run.summary["active_seconds"],
                "samples_to_best": run.improvements[-1]["samples"] if run.improvements else None,
                "best_after": run.best_after,
                "writers": run.writers,
            }
            for run in found.runs
        ],
        "expected": found.expected,
        "pairs": found.pairs,
        "groups": [
            {
                "runs": group.runs,
                "best_after": {
                    n: {"mean": mean, "lowest": low, "highest": high}
                    for n, (mean, low, high) in group.best_after.items()
                },
            }
            for group in found.groups
        ],
    }
