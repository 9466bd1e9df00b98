"""A run as one page of HTML that needs no network: questions, answered from its log."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import resources, util
from pathlib import Path
from typing import TYPE_CHECKING, Any

import fsdb
from fsdb.errors import UsageError
from fsdb.report.page.blocks import Section
from fsdb.report.page.text import count, line, listed, moment, visible
from fsdb.report.runs import RUNNING, RunLog, open_run, state_of

if TYPE_CHECKING:
    from markupsafe import Markup

NEEDED = ("altair", "jinja2", "pygments", "vl_convert")
"""Packages of the extra `report`."""


@dataclass(frozen=True)
class Part:
    """What a page says of one run, or of several together."""

    name: str
    lead: str
    sections: tuple[Section, ...]


def require() -> None:
    """Raise UsageError unless what makes a page is installed."""
    missing = [name for name in NEEDED if util.find_spec(name) is None]
    if missing:
        raise UsageError(
            f"A report needs packages that are not installed: {', '.join(missing)}.",
            cure="pip install 'fsdb[report]'",
        )


def render(run_dirs: Sequence[Path], told: Callable[[str], None] = lambda text: None) -> str:
    """Return the page of runs; `told` is called with what is being done. LogError where none can be read."""
    require()
    parts: list[Part] = []
    for run_dir in run_dirs:
        with open_run(run_dir) as log:
            parts.append(_of_run(log, f"r{len(parts) + 1}", told))
    if len(run_dirs) > 1:
        told("comparing")
        parts.insert(0, _of_several(run_dirs))
    title = parts[0].name if len(run_dirs) == 1 else f"{len(run_dirs)} runs"
    lead = (
        parts[0].lead if len(run_dirs) == 1 else f"{listed([part.name for part in parts[1:]])}, side by side."
    )
    told("drawing")
    return _html(title, lead, parts)


def _of_run(log: RunLog, key: str, told: Callable[[str], None]) -> Part:
    from fsdb.report.page import choices, cost, course, descent, found, operators, outcomes, settings

    makers: dict[str, Callable[[RunLog, str], Section]] = {
        "result": found.found,
        "course": course.course,
        "path": found.path,
        "genealogy": descent.descent,
        "islands": course.islands,
        "failures": outcomes.failures,
        "operators": operators.operators,
        "selection": choices.selection,
        "diversity": choices.diversity,
        "cost": cost.cost,
        "settings": settings.settings,
    }
    sections = []
    for name, make in makers.items():
        told(f"{log.name}: {name}")
        sections.append(make(log, f"{key}-{name}"))
    return Part(log.name, _lead(log), tuple(sections))


def _of_several(run_dirs: Sequence[Path]) -> Part:
    from fsdb.report.page import versus
    from fsdb.report.side_by_side import side_by_side

    found = side_by_side(run_dirs)
    return Part("Comparison", "", (versus.versus(found, "all-bests"), versus.settings(found, "all-settings")))


def _lead(log: RunLog) -> str:
    (summary,) = log.analysis("run_summary")
    state = state_of(log.path, summary["last_type"])
    reason = f" ({summary['stop_reason']})" if summary["stop_reason"] else ""
    by = line(summary["model"] or summary["sampler"] or "unknown", 60)
    said = (
        f"A search on {line(summary['problem'] or 'an unknown problem', 60)} by {by}, begun "
        f"{moment(summary['started_at'])}, {state}{reason}: {count(summary['events'], 'event')} until "
        f"{moment(summary['last_event_at'])}."
    )
    if state == RUNNING:
        said += " It goes on; this is how it stood then."
    if log.damages:
        said += f" The log is damaged ({log.damages[0]}); this is what can be read."
    return said


def _html(title: str, lead: str, parts: list[Part]) -> str:
    import jinja2

    from fsdb.report.page import charts

    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=False)
    environment.filters.update(visible=visible, embedded=_embedded, highlighted=highlighted)
    library, script = charts.script(), _file("page.js")
    page = environment.from_string(_file("page.html")).render(
        title=title,
        lead=lead,
        parts=parts,
        css=_file("page.css"),
        library=library,
        script=script,
        hashes=" ".join(_hash(text) for text in (library, script)),
        foot=f"Made by fsdb {fsdb.__version__} on {datetime.now(UTC):%Y-%m-%d %H:%M} UTC. "
        "This page is one file and loads nothing.",
    )
    return page + "\n"


def highlighted(source: str) -> Markup:
    """Return a program's text as HTML, coloured by classes, whatever stands in it."""
    from markupsafe import Markup
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import PythonLexer

    lexer = PythonLexer(stripnl=False, ensurenl=False)
    marked: str = highlight(visible(source), lexer, HtmlFormatter(nowrap=True))
    return Markup(marked)


def _embedded(value: Any) -> Markup:
    from markupsafe import Markup

    from fsdb.report.page import charts

    return Markup(charts.embedded(value))


def _hash(text: str) -> str:
    """Return what a policy of contents calls a script by."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _file(name: str) -> str:
    return resources.files(__name__).joinpath(name).read_text(encoding="utf-8")
