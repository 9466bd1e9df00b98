"""Who wrote the programs, and how good they were at it."""

from __future__ import annotations

from typing import Any

import altair as alt

from fsdb import queries
from fsdb.report.page import charts
from fsdb.report.page.blocks import Chart, Section, Table
from fsdb.report.page.text import count, line, listed, share
from fsdb.report.runs import RunLog

CONFIDENCE = 0.95
_SHOWN = 24
_FEWEST = 30
"""Trials with which one is compared with others."""

_DRAWN = 12
"""Trials with which one is drawn: with fewer its interval says nothing, and would flatten all others."""


def operators(log: RunLog, key: str) -> Section:
    """What made better programs?"""
    title, question = "Operators", "What made programs that beat their parents?"
    rows = log.rows(queries.text("report/operators.sql"), {"confidence": CONFIDENCE})
    tried = [row for row in rows if row["trials"]]
    if not tried:
        return Section(key, title, question, "No program was made from parents yet.", known=False)
    for row in rows:
        row["name"] = _name(row, rows)
    trials, beats = sum(row["trials"] for row in tried), sum(row["beats_parent"] for row in tried)
    answer = (
        f"{share(beats / trials)} of {count(trials, 'program')} made from parents scored higher than the "
        f"better of them. {_compared(tried)} {_later(log)}"
    )
    often = [row for row in tried if row["trials"] >= _DRAWN] or tried
    shown = sorted(often[:_SHOWN], key=lambda row: (-row["share"], row["name"]))
    return Section(key, title, question, answer.strip(), (_chart(shown, beats / trials), _table(rows)))


def _name(row: dict[str, Any], rows: list[dict[str, Any]]) -> str:
    several = len({each["writer"] for each in rows}) > 1
    writer, operator = line(row["writer"], 40), row["operator"]
    if operator is None:
        return writer
    return f"{writer}: {line(operator, 30)}" if several else line(operator, 30)


def _compared(tried: list[dict[str, Any]]) -> str:
    """Return which stand out: those whose whole interval lies above, or below, that of another."""
    enough = [row for row in tried if row["trials"] >= _FEWEST]
    if len(enough) < 2:
        return (
            "There is nothing to compare it with." if len(tried) < 2 else "The rest is too rare to compare."
        )
    best = max(enough, key=lambda row: row["low"])
    beaten = [row["name"] for row in enough if row["high"] < best["low"]]
    if not beaten:
        return "No one of them is surely better than another: the intervals overlap."
    what = (
        "every other one of them"
        if len(beaten) == len(enough) - 1 > 1
        else listed(beaten[:4]) + (f" and {len(beaten) - 4} more" if len(beaten) > 4 else "")
    )
    return f"{best['name']} does so surely more often ({share(best['share'])}) than {what}."


def _later(log: RunLog) -> str:
    """Return whether it grew harder in the course of the run."""
    stages = [row for row in log.analysis("operators", by="stage", stages=4) if row["trials"] >= _FEWEST]
    if len(stages) < 2:
        return ""
    first, last = stages[0], stages[-1]
    change = f"from {share(first['beats_parent_share'])} in the first quarter to "
    change += f"{share(last['beats_parent_share'])} in the last"
    if last["beats_parent_high"] < first["beats_parent_low"]:
        return f"It grew harder as the run went on, {change}."
    if last["beats_parent_low"] > first["beats_parent_high"]:
        return f"It grew easier as the run went on, {change}."
    return "It did not surely grow harder as the run went on."


def _chart(rows: list[dict[str, Any]], mean: float) -> Chart:
    values = [
        {name: row[name] for name in ("name", "share", "low", "high", "trials", "beats_parent")}
        for row in rows
    ]
    y = alt.Y(
        "name:N", title=None, sort=[row["name"] for row in rows], axis=alt.Axis(grid=False, labelLimit=220)
    )
    base = alt.Chart(charts.data(values))
    axis = alt.Axis(format=".0%" if max(row["high"] for row in rows) > 0.05 else ".1%")
    ranges = base.mark_rule(strokeWidth=2, color=charts.MUTED).encode(
        x=alt.X("low:Q", title="share that beats the better parent", axis=axis), x2="high:Q", y=y
    )
    points = base.mark_circle(size=70, color=charts.ACCENT, opacity=1).encode(
        x="share:Q",
        y=y,
        tooltip=[
            alt.Tooltip("name:N", title="by"),
            alt.Tooltip("share:Q", format=".2%"),
            alt.Tooltip("low:Q", title="from", format=".2%"),
            alt.Tooltip("high:Q", title="to", format=".2%"),
            alt.Tooltip("beats_parent:Q", title="better"),
            alt.Tooltip("trials:Q", title="of"),
        ],
    )
    overall = (
        alt.Chart(charts.data([{"share": mean}]))
        .mark_rule(strokeDash=[4, 3], color=charts.WARM, strokeWidth=1.5)
        .encode(x="share:Q")
    )
    caption = (
        "How often a program beat the better of its parents, with the interval of 95 % (Wilson's, which "
        "takes programs for independent). The dashed line is the share of all. Where two intervals overlap, "
        "the data do not say which is better."
    )
    return Chart(charts.finished(overall + ranges + points, height=max(70, 26 * len(rows))), caption)


def _table(rows: list[dict[str, Any]]) -> Table:
    cells = [
        (
            row["name"],
            f"{row['proposals']:,}",
            share(row["valid"] / row["proposals"]),
            f"{row['beats_parent']:,} of {row['trials']:,}",
            f"{row['global_best']:,}",
        )
        for row in rows[:_SHOWN]
    ]
    columns = ("by", "programs", "valid", "beat the better parent", "new bests of the run")
    return Table(columns, cells, "The same in numbers.", frozenset({1, 2, 3, 4}), folded=len(cells) > 6)
