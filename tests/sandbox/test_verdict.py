"""What is believed of a report, byte by byte."""

from __future__ import annotations

import signal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fsdb.sandbox.messages import Limits
from fsdb.sandbox.supervisor import Reply
from fsdb.sandbox.verdict import REPORTED, Outcome, escape, judge

OK = b'{"status":"ok","error":null}\n'
NAMES = ("a", "b")


def reply(**changes: Any) -> Reply:
    fields: dict[str, Any] = {
        "ended": "closed",
        "exit_code": 0,
        "signal": None,
        "seconds": 0.5,
        "cpu_seconds": 0.25,
        "overflow": False,
    }
    if "signal" in changes:
        fields["exit_code"] = None
    return Reply(**{**fields, **changes})


def outcome(report: bytes, output: bytes = b"", **changes: Any) -> Outcome:
    return judge(reply(**changes), report, output, NAMES, Limits(timeout_seconds=3, output_bytes=20))


def test_a_whole_report() -> None:
    assert outcome(b"LCM1.5\n-2.0\n" + OK, b"hello") == Outcome(
        "ok", (1.5, -2.0), None, "hello", seconds=0.5, cpu_seconds=0.25
    )


@pytest.mark.parametrize("status", [status for status in REPORTED if status != "ok"])
def test_what_a_child_reports(status: str) -> None:
    result = outcome(b'LC{"status":"%s","error":"why"}\n' % status.encode())
    assert (result.status, result.scores, result.error) == (status, (None, None), "why")


@pytest.mark.parametrize(
    ("report", "changes", "status", "error"),
    [
        (b"", {}, "sandbox_error", "the sandbox could not be set up: exit code 0"),
        (b"", {"exit_code": 1}, "sandbox_error", "the sandbox could not be set up: exit code 1"),
        (b"", {"signal": signal.SIGSEGV}, "sandbox_error", "died of SIGSEGV"),
        (b'{"status":"sandbox_error","error":"landlock"}\n', {}, "sandbox_error", "set up: landlock"),
        (b"L", {"signal": signal.SIGSEGV}, "syntax_error", "the compiler died of SIGSEGV"),
        (
            b"L",
            {"ended": "deadline", "signal": 9},
            "timeout",
            "no end after 3 s (while it was being compiled)",
        ),
        (b"LC", {"ended": "deadline", "signal": 9}, "timeout", "no end after 3 s"),
        (b"LCM", {"ended": "deadline", "signal": 9}, "timeout", "no end after 3 s\n  on input a"),
        (b"LCM1.0\n", {"ended": "deadline", "signal": 9}, "timeout", "no end after 3 s\n  on input b"),
        (b"LCM1.0\n", {"signal": signal.SIGXCPU}, "timeout", "of processor time\n  on input b"),
        (b"LCM", {"signal": 9, "cpu_seconds": 4.0}, "timeout", "no end after 4 s of processor time"),
        (b"LCM", {"signal": 9, "cpu_seconds": 1.0}, "memory", "run out of memory\n  on input a"),
        (b"LCM", {"signal": signal.SIGABRT}, "runtime_error", "died of SIGABRT (Aborted)\n  on input a"),
        (b"LCM", {"signal": signal.SIGRTMIN + 1}, "runtime_error", "died of signal 35"),
        (b"LCM", {"exit_code": 7}, "runtime_error", "exit code 7 and no result\n  on input a"),
        (b"LCM", {"ended": "lingered", "signal": 9}, "runtime_error", "went on running"),
        (b"LCM1.0\n2.", {}, "runtime_error", "no result\n  on input b"),
    ],
)
def test_what_is_told_from_outside(report: bytes, changes: dict[str, Any], status: str, error: str) -> None:
    result = outcome(report, **changes)
    assert result.status == status
    assert result.error is not None
    assert error in result.error


def test_slow_to_leave_after_the_verdict_is_no_failure() -> None:
    assert outcome(b"LCM1.0\n1.0\n" + OK, ended="lingered", signal=9).status == "ok"


def test_a_long_error_does_not_hide_the_input() -> None:
    error = outcome(b'LCM{"status":"runtime_error","error":"%s"}\n' % (b"x" * 9000)).error
    assert error is not None
    assert error.endswith("x\n  on input a")
    assert len(error) == 2000


def test_scores_before_the_end_are_kept() -> None:
    assert outcome(b"LCM1.0\n", ended="deadline", signal=9).scores == (1.0, None)


def test_a_lie_does_not_hide_how_it_ended() -> None:
    assert outcome(b"LCMgarbage\n", ended="deadline", signal=9).status == "timeout"
    assert outcome(b"LCMgarbage\n", signal=signal.SIGSEGV).status == "runtime_error"
    assert outcome(b"LCM1.0\n1.0\n" + OK, ended="deadline", signal=9).status == "timeout"


@pytest.mark.parametrize(
    "report",
    [
        b"LCM1.0\n" + OK,
        b"LCM1.0\n1.0\n1.0\n" + OK,
        b"LCM1.0\n1.0\n" + OK + b" ",
        b"LCM1.0\n1.0\n" + OK + OK,
        b"LCM1.0\n" + OK + b"1.0\n",
        b"LCMtrue\n1.0\n" + OK,
        b"LCM1.0\n1e400\n" + OK,
        b"LCM1.0\nInfinity\n" + OK,
        b'LCM1.0\n1.0\n{"status":"ok"}\n',
        b'LCM1.0\n1.0\n{"status":"ok","error":null,"score":9}\n',
        b'LCM1.0\n1.0\n{"status":"ok","error":"all is well"}\n',
        b'LCM{"status":"duplicate","error":"x"}\n',
        b'LCM{"status":"sandbox_error","error":"x"}\n',
        b'LCM{"status":"runtime_error","error":null}\n',
        b'LCM{"status":["ok"],"error":null}\n',
        b'LCM{"status":"runtime_error","error":"\xff"}\n',
        b"LCM" + b"[" * 9999 + b"\n",
    ],
)
def test_a_report_that_no_child_writes_is_an_invalid_score(report: bytes) -> None:
    result = outcome(report)
    assert (result.status, result.scores) == ("invalid_score", (None, None))
    assert result.error is not None
    assert result.error.startswith("the result cannot be read: ")
    assert outcome(b"LCM1.0\n1.0\n" + OK, overflow=True).status == "invalid_score"


@given(st.binary(max_size=200), st.booleans())
def test_no_report_is_a_surprise(garbage: bytes, believed: bool) -> None:
    result = outcome((b"LCM" if believed else b"") + garbage)
    assert result.status != "ok" or garbage.endswith(OK)
    assert len(result.scores) == 2


class TestEscaping:
    @pytest.mark.parametrize(
        ("text", "shown"),
        [
            ("plain\nlines", "plain\nlines"),
            ("\x1b[31mred\x07", "\\x1b[31mred\\x07"),
            ("a\r\tb\x00", "a\\r\\tb\\x00"),
            ("größe → ∞ 🙂", "größe → ∞ 🙂"),
            ("\u202eabc\u200b\u2028", "\\u202eabc\\u200b\\u2028"),
            ("\ud800", "\\ud800"),
            ("\x9b\x85\xa0", "\\x9b\\x85\\xa0"),
            ("'\"\\", "'\"\\"),
        ],
    )
    def test_what_does_not_print(self, text: str, shown: str) -> None:
        assert escape(text, 100) == shown

    @given(st.text(st.characters()), st.integers(0, 50))
    def test_is_short_and_harmless(self, text: str, limit: int) -> None:
        shown = escape(text, limit)
        assert len(shown) <= limit
        assert all(character.isprintable() or character == "\n" for character in shown)
        shown.encode()

    def test_output_is_cut_and_empty_output_is_none(self) -> None:
        assert outcome(b"LCM1.0\n1.0\n" + OK, b"x" * 99).output == "x" * 20
        assert outcome(b"LCM1.0\n1.0\n" + OK, b"\xff\x1b").output == "\\xff\\x1b"
        assert outcome(b"LCM1.0\n1.0\n" + OK, b"").output is None
