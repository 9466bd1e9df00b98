"""Numbers and texts for people; whatever a program wrote is made harmless and visible."""

from __future__ import annotations

from datetime import datetime

LONGEST = 60_000
"""Characters of a source that a page shows."""


def visible(text: object) -> str:
    """Return a text in which every character that does not print stands as Python would write it.

    That goes for control characters, marks of writing direction, zero-width and unassigned ones, and line
    ends other than that of Unix. What is special in HTML is left: templates and highlighters escape it.
    """
    shown = "".join(c if c in "\n\t" or c.isprintable() else repr(c)[1:-1] for c in str(text))
    return shown if len(shown) <= LONGEST else f"{shown[:LONGEST]}\n… and {len(shown) - LONGEST:,} characters"


def line(text: object, widest: int = 200) -> str:
    """Return the same in one line, shortened."""
    shown = visible(text).replace("\n", "\\n").replace("\t", "\\t")
    return shown if len(shown) <= widest else shown[: widest - 1] + "…"


def number(value: float | None, digits: int = 4) -> str:
    """Return a number with as many digits as a person cares for; "none" for none."""
    if value is None:
        return "none"
    if value == int(value) and abs(value) < 1e15:
        return f"{int(value):,}".replace("-", "−")
    return f"{value:,.{digits}g}".replace("-", "−")


def signed(value: float, digits: int = 4) -> str:
    """Return a number with its sign."""
    return ("+" if value >= 0 else "") + number(value, digits)


def share(part: float | None) -> str:
    """Return a share in percent."""
    if part is None:
        return "none"
    if part == 0:
        return "0 %"
    if part < 0.001:
        return "under 0.1 %"
    return f"{100 * part:.1f} %" if part < 0.1 else f"{100 * part:.0f} %"


def count(amount: int, noun: str, plural: str = "") -> str:
    """Return how many of something there are."""
    return f"{amount:,} {noun if amount == 1 else plural or noun + 's'}"


def seconds(value: float | None) -> str:
    """Return a span of time."""
    if value is None:
        return "unknown"
    if value < 1:
        return f"{1000 * value:.0f} ms"
    if value < 90:
        return f"{value:.0f} s"
    if value < 5400:
        return f"{value / 60:.0f} min"
    return f"{value / 3600:.1f} h" if value < 172_800 else f"{value / 86_400:.1f} days"


def moment(value: datetime | None) -> str:
    """Return a time, UTC."""
    return "unknown" if value is None else f"{value:%Y-%m-%d %H:%M} UTC"


def listed(words: list[str]) -> str:
    """Return words as a list in a sentence."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else "none"
