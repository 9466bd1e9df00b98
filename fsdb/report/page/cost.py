"""What a run cost: time, tokens, money."""

from __future__ import annotations

from typing import Any

import altair as alt

from fsdb.report.page import charts
from fsdb.report.page.blocks import Chart, Section, Table
from fsdb.report.page.text import count, line, number, seconds, share
from fsdb.report.runs import RunLog

_PARTS = 40

ACTIVITIES = {
    "drawing": "drawing prompts",
    "model": "waiting for the model",
    "queue": "waiting for an evaluator",
    "evaluation": "evaluating programs",
    "processor": "evaluating, processor time",
}


def cost(log: RunLog, key: str) -> Section:
    """What did it cost?"""
    title, question = "Cost", "What did it cost, and where did the time go?"
    (summary,) = log.analysis("run_summary")
    spent = log.analysis("time_spent")
    if not summary["samples"] or not spent:
        return Section(key, title, question, "Nothing yet: no sample was received.", known=False)
    working = summary["active_seconds"]
    tokens = (summary["tokens_in"] or 0) + (summary["tokens_out"] or 0)
    answer = f"{seconds(working)} of work"
    if tokens:
        money = "" if summary["cost_usd"] is None else f", US$ {summary['cost_usd']:,.2f}"
        answer += f", {tokens:,} tokens ({summary['tokens_out'] or 0:,} of them written){money}"
    answer += f", for {count(summary['programs'], 'program')}"
    if working:
        answer += f": {number(summary['programs'] / working, 3)} a second"
    answer += f". {_busiest(spent)}"
    if not tokens:
        paid = summary["model"] is not None
        so = "the log cannot tell what the model cost" if paid else "none were paid for"
        answer += f" No tokens are reported, so {so}."
    blocks: list[Any] = [_table(spent, working)]
    rates = [
        row for row in log.analysis("throughput", parts=_PARTS) if row["programs_per_second"] is not None
    ]
    if len(rates) > 1:
        blocks.insert(0, _chart(rates))
    models = _models(log)
    if models is not None:
        blocks.append(models)
    return Section(key, title, question, answer, tuple(blocks))


def _busiest(spent: list[dict[str, Any]]) -> str:
    busy = {row["activity"]: row for row in spent if row["activity"] in ("drawing", "model", "evaluation")}
    row = max(busy.values(), key=lambda row: row["seconds"] or 0.0)
    at_a_time = "" if row["at_a_time"] is None else f", {number(row['at_a_time'], 2)} at a time"
    return f"Most of it went into {ACTIVITIES[row['activity']]}: {seconds(row['seconds'])} in all{at_a_time}."


def _table(spent: list[dict[str, Any]], working: float | None) -> Table:
    rows = [
        (
            ACTIVITIES.get(row["activity"], line(row["activity"], 40)),
            f"{row['times']:,}",
            seconds(row["seconds"]),
            seconds(row["median_seconds"]),
            seconds(row["p95_seconds"]),
            number(row["at_a_time"], 3),
        )
        for row in spent
    ]
    caption = (
        "Activities go on side by side, so that their times add up to more than the "
        f"{seconds(working)} of the run; the last column is how many went on at a time."
    )
    columns = ("activity", "times", "in all", "half under", "95 % under", "at a time")
    return Table(columns, rows, caption, frozenset(range(1, 6)))


def _chart(rates: list[dict[str, Any]]) -> Chart:
    in_minutes = rates[-1]["from_seconds"] > 300
    unit = 60 if in_minutes else 1
    values = [{"at": row["from_seconds"] / unit, "rate": row["programs_per_second"]} for row in rates]
    title = f"{'minutes' if in_minutes else 'seconds'} of work"
    chart = (
        alt.Chart(charts.data(values))
        .mark_line(interpolate="step-after", color=charts.ACCENT, strokeWidth=2)
        .encode(
            x=alt.X("at:Q", title=title, scale=alt.Scale(nice=False)),
            y=alt.Y("rate:Q", title="programs a second", scale=alt.Scale(zero=True)),
            tooltip=[
                alt.Tooltip("at:Q", title=title, format=".1f"),
                alt.Tooltip("rate:Q", title="programs a second", format=".3g"),
            ],
        )
    )
    return Chart(
        charts.finished(chart, height=170), "How fast programs were made, while a writer was at work."
    )


def _models(log: RunLog) -> Table | None:
    rows = log.rows(
        "select coalesce(model, sampler) as writer, count(*) as samples, count(error) as failed, "
        "sum(tokens_in)::bigint as tokens_in, sum(tokens_out)::bigint as tokens_out, "
        "sum(cost_usd) as cost_usd, median(latency_seconds) as latency "
        "from completion_received group by writer order by samples desc limit 20"
    )
    if all(row["tokens_out"] is None and row["latency"] is None for row in rows):
        return None
    cells = [
        (
            line(row["writer"], 60),
            f"{row['samples']:,}",
            share(row["failed"] / row["samples"]),
            "" if row["tokens_in"] is None else f"{row['tokens_in']:,}",
            "" if row["tokens_out"] is None else f"{row['tokens_out']:,}",
            "" if row["cost_usd"] is None else f"{row['cost_usd']:,.2f}",
            "" if row["latency"] is None else seconds(row["latency"]),
        )
        for row in rows
    ]
    columns = ("by", "samples", "without an answer", "tokens in", "tokens out", "US$", "half answered within")
    return Table(columns, cells, "Who was asked, and what that took.", frozenset(range(1, 7)))
