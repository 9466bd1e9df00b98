"""How the policy chose, and whether what came of it was new."""

from __future__ import annotations

from typing import Any

import altair as alt

from fsdb.report.page import charts
from fsdb.report.page.blocks import Chart, Section
from fsdb.report.page.text import count, number, share
from fsdb.report.runs import RunLog

_PARTS = 20
_DRAWS = 1000
_FEWEST = 60
"""Programs, or draws, of which something can be said in parts."""


def selection(log: RunLog, key: str) -> Section:
    """Did the policy still choose?"""
    title, question = "Selection", "Did the policy choose among many programs, or had it settled on a few?"
    (drawn,) = log.rows("select count(*) as draws from prompt_drawn where kind = 'parents'")
    if drawn["draws"] < _FEWEST:
        answer = f"That cannot be said of {count(drawn['draws'], 'draw')}: it takes {_FEWEST} or more."
        return Section(key, title, question, answer, known=False)
    parts = [
        row
        for row in log.analysis("selection_entropy", parts=min(_PARTS, drawn["draws"] // _FEWEST * 2 or 1))
        if row["effective_clusters"] is not None
    ]
    pressure = [
        row for row in log.analysis("selection_pressure", draws=_DRAWS) if row["pressure"] is not None
    ]
    if not parts:
        return Section(key, title, question, "The log holds no probabilities of its draws.", known=False)
    last = parts[-1]
    answer = (
        f"In the last draws a prompt chose, in effect, among {number(last['effective_clusters'], 2)} of "
        f"{number(last['clusters'], 2)} clusters of an island, and among "
        f"{number(last['effective_programs'], 2)} programs."
    )
    if last["same_program_share"] is not None:
        answer += f" {share(last['same_program_share'])} of the prompts showed one program in every place."
    answer += _verdict(parts, pressure)
    blocks = [_effective(parts)] if len(parts) > 1 else []
    if pressure:
        blocks.append(_pressure(pressure))
    return Section(key, title, question, answer, tuple(blocks))


def diversity(log: RunLog, key: str) -> Section:
    """Did it still find anything new?"""
    title, question = "Diversity", "Did the search still find anything new?"
    parts = log.analysis("diversity", parts=_PARTS)
    programs = sum(row["programs"] for row in parts)
    if programs < _FEWEST:
        answer = f"That cannot be said of {count(programs, 'program')}: it takes {_FEWEST} or more."
        return Section(key, title, question, answer, known=False)
    quarter = max(1, len(parts) // 4)
    early, late = _news(parts[:quarter]), _news(parts[-quarter:])
    last = parts[-1]
    answer = (
        f"Of the programs with a score in the last quarter {share(late)} did something that no program had "
        f"done before, that is, had new scores on the inputs (in the first quarter {share(early)}). "
        f"{share(last['revisited_share'])} of the last ones repeated a program, but for comments and spaces. "
        f"In all there were {count(last['signatures'], 'signature')} of "
        f"{count(last['structures'], 'different program')}."
    )
    return Section(key, title, question, answer, (_novelty(parts),))


def _news(parts: list[dict[str, Any]]) -> float | None:
    scored = sum(row["scored"] for row in parts)
    return sum(row["new_signatures"] for row in parts) / scored if scored else None


def _verdict(parts: list[dict[str, Any]], pressure: list[dict[str, Any]]) -> str:
    collapsed = [row for row in parts if row["warning"]]
    said = ""
    if pressure and pressure[0]["tenth"] == 1:
        top = pressure[0]
        said = (
            f" The best tenth of the clusters gave {share(top['taken_share'])} of the parents, "
            f"{number(top['pressure'], 2)} times what chance would give."
        )
    if not collapsed:
        return said
    return (
        f"{said} Draws had collapsed in {len(collapsed)} of {count(len(parts), 'part')} of the run, so that "
        "there the search no longer chose: a higher temperature, or --policy funsearch:normalise=range, "
        "spreads them."
    )


def _effective(parts: list[dict[str, Any]]) -> Chart:
    kinds = (
        ("clusters", "clusters there were"),
        ("effective_clusters", "clusters chosen among, in effect"),
        ("effective_programs", "programs chosen among, in effect"),
    )
    values = [
        {"draw": row["last_draw_id"], "n": row[name], "what": what}
        for row in parts
        for name, what in kinds
        if row[name] is not None and row[name] >= 1
    ]
    chart = (
        alt.Chart(charts.data(values))
        .mark_line(strokeWidth=2, point={"size": 28})
        .encode(
            x=charts.counted("draw:Q", "prompts drawn"),
            y=alt.Y(
                "n:Q",
                title=None,
                axis=alt.Axis(tickCount=4, format="d"),
                scale=alt.Scale(type="log", domainMin=1, nice=False),
            ),
            color=alt.Color(
                "what:N",
                title=None,
                sort=[what for _, what in kinds],
                scale=alt.Scale(range=[charts.MUTED, charts.ACCENT, charts.WARM]),
                legend=alt.Legend(columns=1, labelLimit=320),
            ),
            tooltip=[
                alt.Tooltip("what:N", title="what"),
                alt.Tooltip("n:Q", title="how many", format=".3g"),
                alt.Tooltip("draw:Q", title="until draw", format=","),
            ],
        )
    )
    caption = (
        "How many there were on the island drawn, and among how many the draw chose in effect: as many "
        "equally likely ones would leave as much to chance. Estimated from the logged probabilities. At 1 "
        "there is no choice left."
    )
    return Chart(charts.finished(chart, height=230), caption)


def _pressure(rows: list[dict[str, Any]]) -> Chart:
    values = [
        {
            "tenth": row["tenth"],
            "taken": row["taken_share"],
            "expected": row["expected_share"],
            "n": row["taken"],
        }
        for row in rows
    ]
    base = alt.Chart(charts.data(values))
    x = alt.X("tenth:O", title="tenth of the clusters by score, the best first", axis=alt.Axis(labelAngle=0))
    bars = base.mark_bar(color=charts.ACCENT).encode(
        x=x,
        y=alt.Y("taken:Q", title=None, axis=alt.Axis(format=".0%")),
        tooltip=[
            alt.Tooltip("tenth:O"),
            alt.Tooltip("taken:Q", title="share of parents", format=".1%"),
            alt.Tooltip("expected:Q", title="by chance", format=".1%"),
            alt.Tooltip("n:Q", title="parents"),
        ],
    )
    marks = base.mark_tick(color=charts.WARM, thickness=3, opacity=1).encode(x=x, y="expected:Q")
    caption = (
        f"Where the parents of the last {_DRAWS:,} draws came from (bars), and where they would come from if "
        "every cluster of the island were as likely (orange)."
    )
    return Chart(charts.finished(bars + marks, height=190), caption)


def _novelty(parts: list[dict[str, Any]]) -> Chart:
    kinds = ("scores that are new", "the source, seen before", "the program but for comments, seen before")
    values = []
    for row in parts:
        shares = (
            row["new_signatures"] / row["scored"] if row["scored"] else None,
            row["repeated_share"],
            row["revisited_share"],
        )
        values += [
            {"part": row["part"] / len(parts), "share": value, "what": what}
            for what, value in zip(kinds, shares, strict=True)
            if value is not None
        ]
    chart = (
        alt.Chart(charts.data(values))
        .mark_line(strokeWidth=2, point={"size": 28})
        .encode(
            x=alt.X(
                "part:Q", title="part of the run", axis=alt.Axis(format=".0%"), scale=alt.Scale(domain=[0, 1])
            ),
            y=alt.Y("share:Q", title=None, axis=alt.Axis(format=".0%")),
            color=alt.Color(
                "what:N", title=None, sort=list(kinds), legend=alt.Legend(columns=1, labelLimit=320)
            ),
            tooltip=[
                alt.Tooltip("what:N", title="share with"),
                alt.Tooltip("share:Q", format=".1%"),
                alt.Tooltip("part:Q", title="until", format=".0%"),
            ],
        )
    )
    caption = (
        "The share of the programs of each part of the run whose scores no program had had before, and of "
        "those that had been proposed before."
    )
    return Chart(charts.finished(chart, height=210), caption)
