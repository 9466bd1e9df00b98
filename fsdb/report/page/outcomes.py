"""What became of the programs: how many failed, when, and of what."""

from __future__ import annotations

from typing import Any

import altair as alt

from fsdb.report.page import charts
from fsdb.report.page.blocks import Chart, Section, Table
from fsdb.report.page.text import count, line, share
from fsdb.report.runs import RunLog

_PARTS = 24

MEANINGS = {
    "ok": "joined its island",
    "duplicate": "was there already",
    "stale": "came after its island was reset",
    "runtime_error": "raised an error",
    "timeout": "took too long",
    "syntax_error": "is no Python",
    "no_program": "the answer held no program",
    "memory": "took too much memory",
    "invalid_score": "its score is no number",
    "sandbox_error": "the sandbox failed",
}


def failures(log: RunLog, key: str) -> Section:
    """What kept programs from counting?"""
    title, question = "Failures", "What kept programs from counting, and did it get better?"
    parts = log.analysis("outcomes_over_time", parts=_PARTS)
    if not parts:
        return Section(key, title, question, "No program was made yet.", known=False)
    total = sum(row["programs"] for row in parts)
    failed = log.analysis("failures")
    bad = sum(row["programs"] for row in parts if row["status"] != "ok")
    if not failed:
        answer = f"Nothing did: all {count(total, 'program')} joined their islands."
        return Section(key, title, question, answer)
    worst = failed[0]
    answer = (
        f"{count(bad, 'program')} of {total:,} ({share(bad / total)}) did not join an island; most often, "
        f"{worst['programs']:,} times, the reason was {_reason(worst['status'])}. {_trend(parts)}"
    )
    rows = [
        (
            _reason(row["status"]),
            f"{row['programs']:,}",
            share(row["programs"] / total),
            "" if row["error"] is None else line(row["error"], 140),
            f"{row['example']:,}",
        )
        for row in failed
    ]
    caption = (
        "Each reason, with the error met most often and the newest program that had it "
        f"(fsdb show {log.name} {worst['example']})."
    )
    table = Table(
        ("reason", "programs", "share", "most common error", "example"), rows, caption, frozenset({1, 2, 4})
    )
    return Section(key, title, question, answer, (_chart(parts), table))


def _reason(status: str) -> str:
    meaning = MEANINGS.get(status)
    plain = line(status, 40).replace("_", " ")
    return f"{plain} ({meaning})" if meaning else plain


def _trend(parts: list[dict[str, Any]]) -> str:
    """Return whether failures grew rarer, from the first quarter of the run to the last."""
    quarter = max(1, _PARTS // 4)

    def failing(chosen: range) -> tuple[int, int]:
        rows = [row for row in parts if row["part"] in chosen]
        return sum(row["programs"] for row in rows if row["status"] != "ok"), sum(
            row["programs"] for row in rows
        )

    (early, early_all), (late, late_all) = (
        failing(range(1, quarter + 1)),
        failing(range(_PARTS - quarter + 1, _PARTS + 1)),
    )
    if min(early_all, late_all) < 20:
        return "There are too few programs to tell whether that changed."
    before, after = early / early_all, late / late_all
    # Twice the standard error of a difference of shares.
    doubt = 2 * (before * (1 - before) / early_all + after * (1 - after) / late_all) ** 0.5
    change = f"from {share(before)} in the first quarter to {share(after)} in the last"
    if abs(after - before) <= doubt:
        return f"That stayed about the same ({change})."
    return f"That grew {'rarer' if after < before else 'more frequent'}, {change}."


def _chart(parts: list[dict[str, Any]]) -> Chart:
    totals: dict[str, int] = {}
    for row in parts:
        totals[row["status"]] = totals.get(row["status"], 0) + row["programs"]
    order = sorted((status for status in totals if status != "ok"), key=lambda status: -totals[status])[:7]
    rows = [
        {
            "from": row["first_program_id"],
            "to": row["last_program_id"] + 1,
            "status": line(row["status"], 40).replace("_", " ") if row["status"] in order else "other",
            "share": row["share"],
            "n": row["programs"],
        }
        for row in parts
        if row["status"] != "ok"
    ]
    names = [line(status, 40).replace("_", " ") for status in order]
    chart = (
        alt.Chart(charts.data(rows))
        .transform_stack(as_=["low", "high"], stack="share", groupby=["from"], sort=[alt.SortField("status")])
        .mark_rect()
        .encode(
            x=charts.counted("from:Q", "programs made"),
            x2="to:Q",
            y=alt.Y("low:Q", title=None, axis=alt.Axis(format=".0%")),
            y2="high:Q",
            color=alt.Color(
                "status:N",
                title=None,
                sort=names,
                scale=alt.Scale(domain=[*names, *(["other"] if len(totals) > 8 else [])]),
            ),
            tooltip=[
                alt.Tooltip("status:N"),
                alt.Tooltip("n:Q", title="programs"),
                alt.Tooltip("share:Q", format=".1%"),
                alt.Tooltip("from:Q", title="from program", format=","),
            ],
        )
    )
    caption = "The share of programs that did not join their island, by the reason, in each part of the run."
    return Chart(charts.finished(chart, height=220), caption)
