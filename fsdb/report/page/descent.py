"""The genealogy of a run: who descends from whom, drawn so that it can be read at any size."""

from __future__ import annotations

from typing import Any

import altair as alt

from fsdb import queries
from fsdb.errors import UsageError
from fsdb.report.lineage import Lineage, lineage
from fsdb.report.page import charts
from fsdb.report.page.blocks import Chart, Section
from fsdb.report.page.text import count, number, share
from fsdb.report.runs import RunLog

POINTS = 1500
"""Programs that are drawn one by one; where there are more, they are counted in the cells of a grid."""

EDGES = 250
"""Programs whose edges to best parents are all drawn; where there are more, only those of the best's line."""

ANCESTORS = 120
"""Ancestors of the best whose every edge is drawn."""

_COLUMNS, _ROWS = 90, 36


def descent(log: RunLog, key: str) -> Section:
    """Who descends from whom?"""
    title, question = (
        "Genealogy",
        "Who descends from whom, and how much of the search went into the best one?",
    )
    (spread,) = log.rows(queries.text("report/spread.sql"), {})
    if not spread["scored"]:
        return Section(
            key, title, question, "No program has a score, so there is no line to draw.", known=False
        )
    try:
        best = lineage(log, "best")
    except UsageError as error:
        return Section(key, title, question, error.message, known=False)
    made = spread["last_program_id"] + 1
    ancestors = len(best.programs) - 1
    (barren,) = log.rows("select count(*) as parents from (select distinct parent_id from edges)")
    answer = (
        f"The best program descends from {count(ancestors, 'other')} of {count(made, 'program')} "
        f"({share(ancestors / made)}), by every parent; its line of best parents is "
        f"{count(len(best.line) - 1, 'step')} long. {count(barren['parents'], 'program')} "
        f"({share(barren['parents'] / made)}) {'was' if barren['parents'] == 1 else 'were'} ever a parent: "
        "what the rest found was never built on."
    )
    blocks = [_chart(log, best, spread)]
    said, chart = _takeover(log, best)
    return Section(key, title, question, answer + said, (*blocks, *chart))


def _takeover(log: RunLog, best: Lineage) -> tuple[str, tuple[Chart, ...]]:
    """Return how far the offspring of the line's largest rise spread, in a sentence and a chart."""
    rises = [own for own in best.line[:-1] if (best.gain(own) or 0) > 0]
    if not rises:
        return "", ()
    largest = max(rises, key=lambda own: best.gain(own) or 0)
    moments = [
        row for row in log.analysis("takeover", program=largest, points=60) if row["share"] is not None
    ]
    if len(moments) < 2:
        return "", ()
    last = moments[-1]
    said = (
        f" {share(last['share'])} of the programs that live at the end descend from program {largest:,}, the "
        f"largest rise on that line, on {count(last['islands'], 'island')}."
    )
    made = log.rows(queries.text("report/made.sql"), {"seqs": [row["seq"] for row in moments]})
    positions = {row["seq"]: row["programs"] for row in made}
    # Of the moments between two programs the last one.
    at = {positions[row["seq"]]: row for row in moments}
    values = [{"x": x, "share": row["share"], "islands": row["islands"]} for x, row in at.items()]
    chart = (
        alt.Chart(charts.data(values))
        .mark_area(color=charts.WARM, opacity=0.25, line={"color": charts.WARM, "strokeWidth": 2})
        .encode(
            x=charts.counted("x:Q", "programs made", end=values[-1]["x"]),
            y=alt.Y(
                "share:Q", title=None, stack=None, axis=alt.Axis(format=".0%"), scale=alt.Scale(domain=[0, 1])
            ),
            tooltip=[
                alt.Tooltip("x:Q", title="programs made", format=","),
                alt.Tooltip("share:Q", format=".1%"),
                alt.Tooltip("islands:Q"),
            ],
        )
    )
    caption = (
        f"The share of living programs that descend, by any parent, from program {largest:,}. Where it comes "
        "near 100 %, one line has taken over."
    )
    return said, (Chart(charts.finished(chart, height=150), caption),)


def _chart(log: RunLog, best: Lineage, spread: dict[str, Any]) -> Chart:
    made = spread["last_program_id"] + 1
    low = _lowest(best, spread)
    height = spread["highest"] - low
    scales = {
        "x": charts.counted("x:Q", "programs made", end=made),
        "y": alt.Y(
            "y:Q",
            title="score",
            scale=alt.Scale(
                domain=[low - 0.02 * height, spread["highest"] + 0.04 * height], zero=False, nice=False
            ),
        ),
    }
    layers: list[Any] = []
    single = spread["scored"] <= POINTS
    layers += _points(log, low, scales) if single else [_cells(log, low, scales)]
    if len(best.programs) <= ANCESTORS:
        layers.append(_edges(_all_edges(best), low, scales, width=0.9, opacity=0.55, color=charts.WARM))
    layers.append(_edges(_line_edges(best), low, scales, width=2.2, opacity=1.0, color=charts.WARM))
    layers.append(_line_dots(best, low, scales))
    caption = (
        "Each program by when it was made and how it scored"
        + ("" if single else "; the stronger a cell's colour, the more of them, by their logarithm")
        + ". Orange is the best program's line of best parents, from the beginning up to it"
        + ("; thin orange leads to its other ancestors" if len(best.programs) <= ANCESTORS else "")
        + ("; grey joins each program with its best parent" if single and spread["scored"] <= EDGES else "")
        + (f". Scores below {number(low)} are drawn at the lower edge." if spread["lowest"] < low else ".")
    )
    drawn: Any = alt.layer(*layers)
    return Chart(charts.finished(drawn, height=380), caption)


def _points(log: RunLog, low: float, scales: dict[str, Any]) -> list[Any]:
    rows = log.rows(queries.text("report/scored.sql"))
    layers = []
    if len(rows) <= EDGES:
        edges = [
            (row["parent_id"], row["parent_score"], row["program_id"], row["score"])
            for row in rows
            if row["parent_score"] is not None
        ]
        layers.append(_edges(edges, low, scales, width=0.7, opacity=0.3, color=charts.INK))
    points = [
        {
            "x": row["program_id"],
            "y": max(row["score"], low),
            "score": row["score"],
            "island": row["island_id"],
        }
        for row in rows
    ]
    tooltip = [
        alt.Tooltip("x:Q", title="program"),
        alt.Tooltip("score:Q", format=".6g"),
        alt.Tooltip("island:N"),
    ]
    layers.append(
        alt.Chart(charts.data(points))
        .mark_circle(size=22, color=charts.ACCENT, opacity=0.5)
        .encode(**scales, tooltip=tooltip)
    )
    return layers


def _cells(log: RunLog, low: float, scales: dict[str, Any]) -> Any:
    rows = log.rows(queries.text("report/cloud.sql"), {"columns": _COLUMNS, "rows": _ROWS, "low": low})
    cells = [
        {
            "x": row["from_program"],
            "x2": row["to_program"],
            "y": row["from_score"],
            "y2": row["to_score"],
            "n": row["programs"],
        }
        for row in rows
    ]
    most = max(cell["n"] for cell in cells)
    opacity = alt.Opacity(
        "n:Q", scale=alt.Scale(type="log", domain=[1, max(most, 2)], range=[0.1, 0.9]), legend=None
    )
    return (
        alt.Chart(charts.data(cells))
        .mark_rect(color=charts.ACCENT)
        .encode(
            **scales,
            x2="x2:Q",
            y2="y2:Q",
            opacity=opacity,
            tooltip=[
                alt.Tooltip("n:Q", title="programs"),
                alt.Tooltip("x:Q", title="from program", format=",.0f"),
                alt.Tooltip("y:Q", title="score from", format=".5g"),
                alt.Tooltip("y2:Q", title="to", format=".5g"),
            ],
        )
    )


Edge = tuple[int, float, int, float]
"""A parent and its score, a child and its score."""


def _edges(
    edges: list[Edge], low: float, scales: dict[str, Any], *, width: float, opacity: float, color: str
) -> Any:
    rows = [
        {"x": parent, "y": max(before, low), "x2": child, "y2": max(after, low)}
        for parent, before, child, after in edges
    ]
    return (
        alt.Chart(charts.data(rows))
        .mark_rule(strokeWidth=width, opacity=opacity, color=color, clip=True)
        .encode(**scales, x2="x2:Q", y2="y2:Q")
    )


def _all_edges(best: Lineage) -> list[Edge]:
    return [
        edge
        for program in best.programs.values()
        for parent in program.parents
        for edge in _edge(best, parent, program.program_id)
    ]


def _line_edges(best: Lineage) -> list[Edge]:
    pairs = zip(best.line[1:], best.line, strict=False)
    return [edge for parent, child in pairs for edge in _edge(best, parent, child)]


def _edge(best: Lineage, parent: int, child: int) -> list[Edge]:
    before, after = best.programs[parent].score, best.programs[child].score
    return [] if before is None or after is None else [(parent, before, child, after)]


def _line_dots(best: Lineage, low: float, scales: dict[str, Any]) -> Any:
    rows = [
        {
            "x": own,
            "y": max(best.programs[own].score or 0.0, low),
            "score": best.programs[own].score,
            "island": best.programs[own].island_id,
        }
        for own in best.line
        if best.programs[own].score is not None
    ]
    return (
        alt.Chart(charts.data(rows))
        .mark_circle(size=42, color=charts.WARM, opacity=1)
        .encode(
            **scales,
            tooltip=[
                alt.Tooltip("x:Q", title="program"),
                alt.Tooltip("score:Q", format=".6g"),
                alt.Tooltip("island:N"),
            ],
        )
    )


def _lowest(best: Lineage, spread: dict[str, Any]) -> float:
    """Return the score at the lower edge: what the best descends from is above it, and most programs are."""
    line = [score for own in best.line if (score := best.programs[own].score) is not None]
    high = spread["highest"]
    base = min(*line, spread["lower_quartile"])
    if base == high:
        base = spread["lowest"]
    # A few scores far below all others would leave no room for the others.
    lowest: float = max(spread["lowest"], base - 0.3 * (high - base)) if base < high else high - 1.0
    return lowest
