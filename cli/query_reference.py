"""The reference of all views and queries, answered by runs: what `fsdb query --md` prints.

fsdb query --md --runs-dir docs/example > docs/queries.md
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fsdb.cli.printing import cell, plain, rounded, safe, shorten
from fsdb.queries.catalogue import GROUPS, Analysis, analyses
from fsdb.state.database import STATE_VIEWS

_HEAD = """\
# Queries

Made from the queries by `fsdb query --md --runs-dir docs/example > docs/queries.md`; do not edit it.

A query is a question with an answer in rows. It stands in one SQL file of `queries/analyses/`, says what a
row is, and has parameters with defaults, so that each can be asked as it is:

    fsdb query                                         # list them
    fsdb query improvements                            # ask one of the newest run
    fsdb query RUN operators by=stage --json           # of a run, with a parameter
    fsdb query 'cap_set-*' success_rate threshold=82   # of several runs
    fsdb sql "from operators(by := 'stage') where trials > 100"

`program=best` is the first program with the run's best score. Intervals are of 95 %: Wilson's for shares, the
normal for means, the bootstrap's percentiles across runs. All is deterministic, resampling too.

What a query cannot say: it tells what happened in a run, and not why. A writer that was asked late, when
parents were good, beats them more rarely than one that was asked early; compare by stage, or run both.

Answers below are those of small runs of `cap_set` in five dimensions: {example}. Long ones are cut to their
first rows, and long values end in "…".
"""

_ROWS = 6
_WIDEST = 40


def reference(runs_dir: Path) -> str:
    """Return the reference as Markdown, answered by the runs in a directory; of one run by the first."""
    from fsdb.report import across
    from fsdb.report.runs import open_run, run_dirs

    runs = sorted(run_dirs(runs_dir), key=lambda path: path.name)
    names = ", ".join(f"`{path.name}`" for path in runs) or "none"
    parts = [_HEAD.format(example=names), _contents(), _views()]
    with across.connect(runs) as con:
        log = open_run(runs[0]) if runs else None
        for group, title in GROUPS.items():
            parts.append(f"## {title}\n")
            if group == "across":
                parts.append(_ACROSS)
            for analysis in analyses().values():
                if analysis.group != group:
                    continue
                if group == "across" and runs:
                    result = con.execute(analysis.sql, analysis.defaults)
                    columns = [column[0] for column in result.description or ()]
                    rows = [dict(zip(columns, row, strict=True)) for row in result.fetchall()]
                else:
                    rows = log.analysis(analysis.name) if log is not None else []
                parts.append(_section(analysis, rows, runs[0].name if runs else ""))
        if log is not None:
            log.close()
    return "\n".join(parts)


_ACROSS = """\
A log's views hold one run; several are not put into one. `fsdb query` asks each run the same questions
instead, and puts the answers into three tables, which these queries read: `runs` (one row for each run),
`runs_progress` (one row for each new best of each run) and `runs_operators` (one row for each writer of each
run). Runs are of one *setting* if they have the same writer, policies and parameters; it is called by what
differs.
"""


def _contents() -> str:
    lines = ["- [The views](#the-views)"]
    for group, title in GROUPS.items():
        lines.append(f"- [{title}](#{title.lower().replace(' ', '-')})")
        lines += [
            f"  - [`{analysis.name}`](#{analysis.name}): {analysis.question}"
            for analysis in analyses().values()
            if analysis.group == group
        ]
    return "\n".join(lines) + "\n"


def _views() -> str:
    names = ", ".join(f"[`{name}`](state.md#{name})" for name in STATE_VIEWS)
    return (
        "## The views\n\n"
        "The queries read the events (one view for each type, [events.sql](../schema/events.sql)) and the "
        f"state, which [state.md](state.md) describes column by column: {names}.\n"
    )


def _section(analysis: Analysis, rows: Sequence[dict[str, Any]], run: str) -> str:
    lines = [f"### {analysis.name}\n", f"**{analysis.question}**\n"]
    grain = f"{analysis.grain[:1].upper()}{analysis.grain[1:]}."
    lines.append(f"{grain} Reads {', '.join(f'`{name}`' for name in analysis.reads)}.\n")
    if analysis.notes:
        lines.append(f"{analysis.notes}\n")
    if analysis.parameters:
        lines += ["| parameter | type | default | meaning |", "|---|---|---|---|"]
        for parameter in analysis.parameters:
            choices = f" One of {', '.join(parameter.choices)}." if parameter.choices else ""
            default = f"`{parameter.shown_default}`" if parameter.shown_default else ""
            meaning = _escape(f"{parameter.meaning}{'.' if choices else ''}{choices}")
            lines.append(f"| `{parameter.name}` | {parameter.type} | {default} | {meaning} |")
        lines.append("")
    lines += ["| column | meaning |", "|---|---|"]
    lines += [f"| `{column}` | {_escape(meaning)} |" for column, meaning in analysis.columns.items()]
    asked = "" if analysis.group == "across" else f"{run} "
    lines += ["", f"`fsdb query {asked}{analysis.name}`\n", *_answer(analysis, rows), ""]
    return "\n".join(lines)


def _answer(analysis: Analysis, rows: Sequence[dict[str, Any]]) -> list[str]:
    if not rows:
        return ["No rows."]
    lines = [
        f"| {' | '.join(f'`{name}`' for name in analysis.columns)} |",
        "|---" * len(analysis.columns) + "|",
    ]
    lines += ["| " + " | ".join(_value(value) for value in row.values()) + " |" for row in rows[:_ROWS]]
    if len(rows) > _ROWS:
        lines += ["", f"… {len(rows):,} rows in all."]
    return lines


def _value(value: Any) -> str:
    """Return a value as a cell; figures that follow the clock are the log's own, and so always the same."""
    if isinstance(value, float):
        value = rounded(value)
    elif isinstance(value, list | dict):
        value = plain(value)
    return _escape(shorten(safe(cell(value)), _WIDEST))


def _escape(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*")
