"""How the best score rose, on the whole and on each island."""

from __future__ import annotations

from typing import Any

import altair as alt

from fsdb import queries
from fsdb.report.page import charts
from fsdb.report.page.blocks import Chart, Section, Table
from fsdb.report.page.text import count, line, number, seconds, share
from fsdb.report.runs import RunLog

_PARTS = 300
_STRIPS = 60
_LISTED = 25


def course(log: RunLog, key: str) -> Section:
    """How did the best score rise?"""
    title, question = "Course", "How did the best score rise, and would going on help?"
    rises = log.analysis("improvements")
    (summary,) = log.analysis("run_summary")
    if not rises:
        return Section(key, title, question, "It did not: no program has a score.", known=False)
    last = rises[-1]
    programs = summary["programs"]
    if len(rises) == 1:
        answer = "It did not: nothing scored more than the first program."
    else:
        half = rises[0]["score"] + (last["score"] - rises[0]["score"]) / 2
        halfway = next(rise for rise in rises if rise["score"] >= half)
        answer = (
            f"It rose {count(len(rises) - 1, 'time')}. Half of the gain was there after "
            f"{count(halfway['programs'], 'program')} of {programs:,}; "
            f"the last rise came with the {_ordinal(last['programs'])}."
        )
    behind = programs - last["programs"]
    answer += _outlook(behind, programs, len(rises) - 1)
    blocks: list[Any] = [_chart(log, rises)]
    if len(rises) > 1:
        blocks.append(_table(rises))
    return Section(key, title, question, answer, tuple(blocks))


def islands(log: RunLog, key: str) -> Section:
    """Did the islands differ, and what did resets do?"""
    title, question = "Islands", "Did the islands go different ways, and what did resets bring?"
    now = log.rows("select island_id, epoch, best_score from islands order by island_id")
    resets = log.rows("select reset_id, seq, island_id, reset, best_score, founder_program_id from resets")
    if len(now) < 2:
        return Section(key, title, question, "There is one island, and so nothing to compare.", known=False)
    scores = [row["best_score"] for row in now if row["best_score"] is not None]
    if not scores:
        return Section(key, title, question, "No island has a program with a score.", known=False)
    at_best = sum(score == max(scores) for score in scores)
    different = len(set(scores))
    answer = (
        f"Of {len(now)} islands {at_best} {'holds' if at_best == 1 else 'hold'} a program with the best "
        "score; "
        f"their best scores take {count(different, 'value')}"
        + (f", from {number(min(scores), 6)} to {number(max(scores), 6)}. " if different > 1 else ". ")
    )
    answer += _resets_said(log, resets)
    strip = log.rows(queries.text("report/island_strip.sql"), {"parts": _STRIPS})
    return Section(key, title, question, answer, (_strip_chart(log, strip, resets),))


def _outlook(behind: int, programs: int, rises: int) -> str:
    if not programs or not rises:
        return ""
    if behind / programs > 0.5:
        return (
            f" The {count(behind, 'program')} since ({share(behind / programs)} of the run) brought nothing: "
            "more of the same is unlikely to help."
        )
    if behind / programs > 0.25:
        return f" Nothing came of the {count(behind, 'program')} since: it slows down, and may have ended."
    return " It was still rising towards the end: a longer run may well find more."


def _chart(log: RunLog, rises: list[dict[str, Any]]) -> Chart:
    bests = log.rows(queries.text("report/island_bests.sql"), {"parts": _PARTS})
    (spread,) = log.rows(queries.text("report/spread.sql"))
    end = spread["last_program_id"] or 0
    steps = [{"program": rise["program_id"], "score": rise["score"], "rise": True} for rise in rises]
    steps.append({"program": end, "score": rises[-1]["score"], "rise": False})
    low = min(rises[0]["score"], rises[-1]["score"])
    reach = charts.domain([low, rises[-1]["score"], *_lows(bests, low)])
    x = charts.counted("program:Q", "programs made", end=end)
    y = alt.Y("score:Q", title="best score so far", scale=alt.Scale(domain=reach, zero=False, nice=False))
    island_lines = (
        alt.Chart(
            charts.data(
                [
                    {
                        "program": row["program_id"],
                        "score": row["best_score"],
                        "island": row["island_id"],
                        "life": f"{row['island_id']}/{row['epoch']}",
                    }
                    for row in bests
                ]
            )
        )
        .mark_line(interpolate="step-after", strokeWidth=1, color=charts.INK, opacity=0.28, clip=True)
        .encode(x=x, y=y, detail="life:N")
    )
    base = alt.Chart(charts.data(steps))
    best = base.mark_line(interpolate="step-after", strokeWidth=2.5, color=charts.ACCENT, clip=True).encode(
        x=x, y=y
    )
    dots = (
        base.transform_filter("datum.rise")
        .mark_circle(size=46, color=charts.ACCENT, opacity=1)
        .encode(
            x=x,
            y=y,
            tooltip=[
                alt.Tooltip("program:Q", title="program"),
                alt.Tooltip("score:Q", title="score", format=".6g"),
            ],
        )
    )
    caption = (
        "The best score of the run (blue; a dot is a new best) and of each island (grey); a grey line ends "
        "where its island was reset."
    )
    return Chart(charts.finished(island_lines + best + dots, height=300), caption)


def _lows(bests: list[dict[str, Any]], low: float) -> list[float]:
    """Return the islands' lowest scores that are not so far below the rest that they would flatten it."""
    scores = sorted(row["best_score"] for row in bests)
    return [scores[len(scores) // 20]] if scores and scores[len(scores) // 20] < low else []


def _table(rises: list[dict[str, Any]]) -> Table:
    shown = rises[-_LISTED:]
    has_tokens = any(rise["tokens"] for rise in rises)
    rows = [
        (
            f"{rise['program_id']:,}",
            number(rise["score"], 6),
            "" if rise["gain"] is None else number(rise["gain"]),
            f"{rise['programs_since']:,}",
            seconds(rise["seconds_since"]),
            *(
                (f"{rise['tokens_since']:,}" if rise["tokens_since"] is not None else "",)
                if has_tokens
                else ()
            ),
            str(rise["island_id"]),
            line(rise["sampler"], 40),
        )
        for rise in reversed(shown)
    ]
    columns = ["program", "score", "gain", "programs since", "time since", "island", "by"]
    if has_tokens:
        columns.insert(5, "tokens since")
    caption = "Each new best, the last first, and what it cost since the one before."
    if len(shown) < len(rises):
        caption += f" The first {len(rises) - len(shown)} are left out."
    return Table(columns, rows, caption, frozenset(range(len(columns) - 1)))


def _resets_said(log: RunLog, resets: list[dict[str, Any]]) -> str:
    if not resets:
        return "No island was reset, so none learnt from another."
    times = len({row["reset_id"] for row in resets})
    fell = [row for row in resets if row["reset"]]
    (after,) = log.rows("select count(*) as bests from best_so_far where epoch > 0 and gain is not null")
    (all_bests,) = log.rows("select count(*) as bests from best_so_far where gain is not null")
    return (
        f"There {'was' if times == 1 else 'were'} {count(times, 'reset')}, in which islands restarted "
        f"{count(len(fell), 'time')}; {after['bests']:,} of {count(all_bests['bests'], 'new best')} "
        "came from an island that had been restarted." + _caught_up(log)
    )


def _caught_up(log: RunLog) -> str:
    """Return how many islands that were restarted came to where the best island stood then."""
    fallen = log.analysis("island_resets")
    caught = sorted(row["programs_until"] for row in fallen if row["caught_up_program_id"] is not None)
    if not fallen:
        return ""
    if not caught:
        return " None of them came, in its new life, to where the best island stood when it fell."
    at_once = sum(programs <= 1 for programs in caught)
    later = caught[at_once:]
    said = (
        f" {len(caught):,} of the {len(fallen):,} came, in their new life, to where the best island stood "
        "when they fell"
    )
    if at_once:
        said += f", {at_once:,} of them at once, by their founder"
    if later:
        half = count(later[len(later) // 2], "program")
        said += f"; {len(later):,} by programs of their own, half within {half}"
    return said + "."


def _strip_chart(log: RunLog, strip: list[dict[str, Any]], resets: list[dict[str, Any]]) -> Chart:
    (spread,) = log.rows(queries.text("report/spread.sql"))
    programs = (spread["last_program_id"] or 0) + 1
    scores = sorted(row["best_score"] for row in strip if row["best_score"] is not None)
    low, high = scores[len(scores) // 50], scores[-1]
    cells = [
        {
            "island": row["island_id"],
            "from": row["part"] * programs / _STRIPS,
            "to": (row["part"] + 1) * programs / _STRIPS,
            "score": row["best_score"],
            "shade": 1.0 if high == low else max(0.0, (row["best_score"] - low) / (high - low)),
        }
        for row in strip
        if row["best_score"] is not None
    ]
    at = _positions(log, resets)
    marks = [
        {"island": row["island_id"], "program": at[row["reset_id"]], "founder": row["founder_program_id"]}
        for row in resets
        if row["reset"] and row["reset_id"] in at
    ]
    x = charts.counted("from:Q", "programs made", end=programs)
    y = alt.Y("island:O", title="island", axis=alt.Axis(grid=False, domain=False, ticks=False))
    heat = (
        alt.Chart(charts.data(cells))
        .mark_rect(color=charts.ACCENT)
        .encode(
            x=x,
            x2="to:Q",
            y=y,
            opacity=alt.Opacity("shade:Q", scale=alt.Scale(domain=[0, 1], range=[0.06, 1]), legend=None),
            tooltip=[
                alt.Tooltip("island:O"),
                alt.Tooltip("from:Q", title="from program", format=",.0f"),
                alt.Tooltip("score:Q", title="best score", format=".6g"),
            ],
        )
    )
    drawn: charts.Layer = heat
    if marks:
        drawn = heat + alt.Chart(charts.data(marks)).mark_tick(
            color=charts.WARM, thickness=3, height=16, opacity=1
        ).encode(
            x=alt.X("program:Q"),
            y=y,
            tooltip=[
                alt.Tooltip("island:O"),
                alt.Tooltip("program:Q", title="reset at program"),
                alt.Tooltip("founder:Q", title="restarted from program"),
            ],
        )
    caption = (
        f"The best score living on each island, from {number(low)} to {number(high)}: the stronger the "
        "colour, the higher. An orange mark is a reset of that island."
    )
    islands = len({row["island_id"] for row in strip})
    return Chart(charts.finished(drawn, height=max(90, 24 * min(islands, 30))), caption)


def _positions(log: RunLog, resets: list[dict[str, Any]]) -> dict[int, int]:
    """Return at which program each reset came."""
    if not resets:
        return {}
    rows = log.rows(
        "select reset_id, min(programs.program_id) as program_id "
        "from (select distinct reset_id, seq from resets) as resets "
        "inner join programs on programs.seq > resets.seq group by reset_id"
    )
    return {row["reset_id"]: row["program_id"] for row in rows}


def _ordinal(position: int) -> str:
    if position % 100 not in (11, 12, 13) and position % 10 in (1, 2, 3):
        return f"{position:,}{('st', 'nd', 'rd')[position % 10 - 1]}"
    return f"{position:,}th"
