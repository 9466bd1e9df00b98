"""Runs side by side."""

from __future__ import annotations

from typing import Any

import altair as alt

from fsdb.report.page import charts
from fsdb.report.page.blocks import Chart, Section, Table
from fsdb.report.page.text import count, line, listed, number, share
from fsdb.report.side_by_side import Group, SideBySide, shown_setting

_FEWEST = 3
"""Runs of a setting, or pairs of them, with which something can be said of chance."""


def versus(found: SideBySide, key: str) -> Section:
    """Which did better?"""
    title, question = "Bests", "Which run did better at equal cost, and is that more than chance?"
    blocks: list[Any] = [_results(found)]
    if not found.comparable:
        answer = "That cannot be said: they are not of the same problem on the same inputs."
        return Section(key, title, question, answer, tuple(blocks), known=False)
    scored = [run for run in found.runs if run.summary["best_score"] is not None]
    if not scored or not found.checkpoints:
        return Section(
            key, title, question, "That cannot be said: one has no sample.", tuple(blocks), known=False
        )
    blocks = [_chart(found), *blocks, _at_equal_samples(found), *_expected(found)]
    return Section(key, title, question, f"{_leader(found)} {_chance(found)}", tuple(blocks))


def settings(found: SideBySide, key: str) -> Section:
    """What tells them apart?"""
    title, question = "Differences", "What was set otherwise?"
    names = [line(run.name, 40) for run in found.runs]
    if not found.differing:
        return Section(key, title, question, "Nothing: they are the same run, done again.")
    answer = (
        f"{listed([line(name, 40) for name in list(found.differing)[:6]])}"
        f"{f' and {len(found.differing) - 6} more' if len(found.differing) > 6 else ''}."
    )
    rows = [
        (line(name, 40), *(line(shown_setting(name, value), 80) for value in values))
        for name, values in found.differing.items()
    ]
    return Section(key, title, question, answer, (Table(("setting", *names), rows),))


def _leader(found: SideBySide) -> str:
    last = found.checkpoints[-1]
    samples = count(last, "sample")
    after = {run.name: run.best_after.get(last) for run in found.runs}
    known = {name: score for name, score in after.items() if score is not None}
    if not known:
        return f"After {samples}, as many as the shortest has, none has a score."
    best = max(known.values())
    first = [line(name, 40) for name, score in known.items() if score == best]
    if len(first) == len(found.runs):
        return f"None: after {samples}, as many as the shortest has, all stand at {number(best, 6)}."
    return (
        f"After {samples}, as many as the shortest has, {listed(first)} "
        f"{'leads' if len(first) == 1 else 'lead'} with {number(best, 6)}."
    )


def _chance(found: SideBySide) -> str:
    """Return what can be said of chance: whether settings lie apart by more than their runs do."""
    if len(found.expected) < 2:
        return "All were set alike but for their seeds: how far they lie apart is chance."
    paired = [row for row in found.pairs if row["pairs"] >= _FEWEST]
    for row in paired:
        if row["differs"]:
            return (
                f"On {count(row['pairs'], 'seed')} that both ran, {line(row['setting'], 80)} came "
                f"{number(row['difference'])} higher than {line(row['other'], 80)} (95 %: "
                f"{number(row['difference_low'])} to {number(row['difference_high'])}), more than chance."
            )
    if paired:
        return "On the seeds that both ran, the settings do not differ by more than chance."
    enough = [row for row in found.expected if row["runs"] >= _FEWEST]
    if len(enough) < 2:
        return (
            f"Whether that is chance the data cannot tell: it takes {_FEWEST} runs or more of each setting."
        )
    best = max(enough, key=lambda row: row["mean_best"])
    if all(row["mean_best_high"] < best["mean_best_low"] for row in enough if row is not best):
        return f"The runs of {line(best['setting'], 80)} lie above the others by more than chance."
    return "The intervals of the settings overlap, so that it may be chance."


def _name(group: Group) -> str:
    first = line(group.runs[0], 40)
    return first if len(group.runs) == 1 else f"{first} and {len(group.runs) - 1} more"


def _chart(found: SideBySide) -> Chart:
    points = []
    for run in found.runs:
        steps = [(rise["samples"], rise["score"]) for rise in run.improvements]
        if steps:
            steps.append((max(run.summary["samples"], steps[-1][0]), steps[-1][1]))
        group = next(_name(group) for group in found.groups if run.name in group.runs)
        points += [
            {"run": line(run.name, 40), "setting": group, "x": samples, "y": score}
            for samples, score in steps
        ]
    names = [_name(group) for group in found.groups]
    chart = (
        alt.Chart(charts.data(points))
        .mark_line(interpolate="step-after", strokeWidth=2)
        .encode(
            x=charts.counted("x:Q", "samples"),
            y=alt.Y("y:Q", title="best score so far", scale=alt.Scale(zero=False)),
            color=alt.Color("setting:N", title=None, sort=names, legend=alt.Legend(columns=2)),
            detail="run:N",
            tooltip=[
                alt.Tooltip("run:N"),
                alt.Tooltip("x:Q", title="samples", format=","),
                alt.Tooltip("y:Q", title="score", format=".6g"),
            ],
        )
    )
    caption = (
        "The best score of each run over the samples that it took. Runs that were set alike but for their "
        "seeds share a colour."
    )
    return Chart(charts.finished(chart, height=300), caption)


def _results(found: SideBySide) -> Table:
    rows = [
        (
            line(run.name, 40),
            number(run.summary["best_score"], 6),
            f"{run.improvements[-1]['samples']:,}" if run.improvements else "",
            f"{run.summary['samples']:,}",
            share(run.summary["valid"] / run.summary["programs"]) if run.summary["programs"] else "",
            _beats(run.writers),
        )
        for run in found.runs
    ]
    columns = ("run", "best score", "samples to it", "samples", "valid", "beat the better parent")
    return Table(columns, rows, "What came of each run, in the end.", frozenset(range(1, 6)))


def _beats(writers: list[dict[str, Any]]) -> str:
    trials, beats = sum(row["trials"] for row in writers), sum(row["beats_parent"] for row in writers)
    return share(beats / trials) if trials else ""


def _at_equal_samples(found: SideBySide) -> Table:
    rows = [
        (f"{samples:,}", *(_spread(group.best_after.get(samples)) for group in found.groups))
        for samples in found.checkpoints
    ]
    caption = "The best score after so many samples"
    if any(len(group.runs) > 1 for group in found.groups):
        caption += (
            "; of runs that were set alike but for their seeds the mean, with the lowest and the highest"
        )
    columns = ("samples", *(_name(group) for group in found.groups))
    return Table(columns, rows, f"{caption}.", frozenset(range(len(columns))))


def _expected(found: SideBySide) -> list[Table]:
    if not any(row["runs"] > 1 for row in found.expected):
        return []
    rows = [
        (
            line(row["setting"], 80),
            f"{row['runs']:,}",
            number(row["mean_best"], 6),
            f"{number(row['mean_best_low'], 6)} to {number(row['mean_best_high'], 6)}"
            if row["runs"] > 1
            else "",
            _interval(row["worst"], row["best"]),
        )
        for row in found.expected
    ]
    caption = (
        f"What a run of each setting finds on average in {found.expected[0]['budget']:,.0f} samples, with "
        "the interval of 95 % (bootstrap over the runs, which is too narrow for a few)."
    )
    columns = ("setting", "runs", "mean best", "interval", "worst to best")
    return [Table(columns, rows, caption, frozenset(range(1, 5)))]


def _interval(low: float, high: float) -> str:
    return f"{number(low, 6)} to {number(high, 6)}"


def _spread(bests: tuple[float, float, float] | None) -> str:
    if bests is None:
        return ""
    mean, low, high = (number(value, 6) for value in bests)
    return mean if low == high else f"{mean} ({low} to {high})"
