"""Numbers and texts for people."""

from __future__ import annotations

import pytest

from fsdb.report.page.text import LONGEST, count, line, listed, number, seconds, share, signed, visible


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "none"),
        (0.0, "0"),
        (-4.118268, "−4.118"),
        (81.0, "81"),
        (12345.0, "12,345"),
        (0.000123456, "0.0001235"),
        (1e300, "1e+300"),
        (-1e300, "−1e+300"),
    ],
)
def test_numbers(value: float | None, shown: str) -> None:
    assert number(value) == shown


def test_signs_shares_counts_and_times() -> None:
    assert [signed(value) for value in (1.5, -1.5, 0.0)] == ["+1.5", "−1.5", "+0"]
    assert [share(part) for part in (None, 0.0, 0.0001, 0.056, 0.5, 1.0)] == [
        "none",
        "0 %",
        "under 0.1 %",
        "5.6 %",
        "50 %",
        "100 %",
    ]
    assert [count(1, "copy", "copies"), count(2, "copy", "copies"), count(0, "step")] == [
        "1 copy",
        "2 copies",
        "0 steps",
    ]
    assert [seconds(value) for value in (None, 0.05, 12.3, 600.0, 7200.0, 400_000.0)] == [
        "unknown",
        "50 ms",
        "12 s",
        "10 min",
        "2.0 h",
        "4.6 days",
    ]
    assert [listed([]), listed(["a"]), listed(["a", "b", "c"])] == ["none", "a", "a, b and c"]


def test_what_does_not_print_is_written_out() -> None:
    assert visible("a\x1b[31m\u202e\u2028\x00\ufeff\r\n\tb") == "a\\x1b[31m\\u202e\\u2028\\x00\\ufeff\\r\n\tb"
    assert visible("𝔘nicode é ✓") == "𝔘nicode é ✓"
    assert line("a\nb\tc", 20) == "a\\nb\\tc"
    assert line("x" * 50, 10) == "x" * 9 + "…"
    assert visible("x" * (LONGEST + 5)).endswith("… and 5 characters")
