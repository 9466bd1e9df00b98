"""Charts: the look that all share, and what a page needs to draw them without a network.

Colours are those of the page's style sheet (`currentColor`, `var(--…)`), so that light, dark and paper need
no second drawing; that works because charts are drawn as SVG.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import altair as alt

ACCENT, MUTED, WARM = "var(--accent)", "var(--muted)", "var(--warm)"
SERIES = tuple(f"var(--series-{number})" for number in range(8))
INK = "currentColor"

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif"

_AXIS = {
    "domainColor": INK,
    "domainOpacity": 0.35,
    "tickColor": INK,
    "tickOpacity": 0.35,
    "gridColor": INK,
    "gridOpacity": 0.09,
    "labelColor": INK,
    "labelOpacity": 0.75,
    "labelFont": FONT,
    "labelFontSize": 12,
    "titleColor": INK,
    "titleOpacity": 0.75,
    "titleFont": FONT,
    "titleFontSize": 12,
    "titleFontWeight": "normal",
    "labelFlush": False,
}
_CONFIG: dict[str, Any] = {
    "background": "transparent",
    "font": FONT,
    "view": {"stroke": None},
    "axis": _AXIS,
    "axisY": {"titleAnchor": "end", "titleAngle": 0, "titleAlign": "left", "titleY": -10, "titleX": 0},
    "legend": {
        "labelColor": INK,
        "labelFont": FONT,
        "labelFontSize": 12,
        "titleColor": INK,
        "titleFont": FONT,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "orient": "top",
        "symbolStrokeWidth": 2,
        "offset": 22,
    },
    "range": {"category": list(SERIES)},
    "text": {"color": INK, "font": FONT},
    "line": {"strokeJoin": "round"},
}

Layer = alt.Chart | alt.LayerChart


def finished(chart: Layer, *, height: int = 260) -> dict[str, Any]:
    """Return a chart's specification in the shared look, as wide as the page has room."""
    sized = chart.properties(
        width="container", height=height, autosize={"type": "fit-x", "contains": "padding"}
    )
    spec: dict[str, Any] = sized.configure(**_CONFIG).to_dict()
    return spec


def counted(field: str, title: str, *, end: float | None = None) -> alt.X:
    """Return the axis of what is counted (programs, samples, draws), from 0 to `end` if that is given."""
    scale = alt.Scale(nice=False) if end is None else alt.Scale(domain=[0, max(end, 1)], nice=False)
    return alt.X(field, title=title, scale=scale, axis=alt.Axis(format=",d", tickMinStep=1))


def data(rows: list[dict[str, Any]]) -> alt.InlineData:
    """Return rows as a chart's data."""
    return alt.InlineData(values=rows)


def domain(values: list[float], *, room: float = 0.05) -> list[float]:
    """Return a scale's ends, with a little room around the values."""
    low, high = min(values), max(values)
    margin = (high - low) * room or abs(high) * room or 1.0
    return [low - margin, high + margin]


def embedded(value: Any) -> str:
    """Return JSON for a script element: in ASCII, and with nothing that could end the element."""
    text = json.dumps(value, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


@cache
def script() -> str:
    """Return the libraries that draw the charts, as one script without anything to load."""
    import vl_convert

    bundle: str = vl_convert.javascript_bundle(
        "window.fsdbEmbed = vegaEmbed;", vl_version=".".join(alt.SCHEMA_VERSION.lstrip("v").split(".")[:2])
    )
    # The end of the element must not stand inside it, not even in a string.
    return bundle.replace("</script", "<\\/script").replace("<!--", "<\\!--")
