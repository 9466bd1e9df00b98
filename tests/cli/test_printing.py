"""What is printed: on a terminal, in a pipe, for machines; nothing hostile in any of them."""

from __future__ import annotations

import datetime
import json
import os
import pty
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fsdb.cli import printing
from tests.cli.conftest import Fsdb
from tests.cli.test_reading import FORBIDDEN


def on_a_terminal(*arguments: object, columns: int = 120) -> str:
    """Run `fsdb` on a terminal of its own, and return all that the terminal got."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "COLUMNS": str(columns), "TERM": "xterm-256color"}
    environment.pop("NO_COLOR", None)
    with subprocess.Popen(
        [sys.executable, "-m", "fsdb", *map(str, arguments)], stdout=theirs, stderr=theirs, env=environment
    ) as process:
        os.close(theirs)
        got = b""
        while True:
            try:
                data = os.read(ours, 65536)
            except OSError:
                break
            if not data:
                break
            got += data
        assert process.wait() == 0
    os.close(ours)
    return got.decode()


@pytest.mark.parametrize(
    "command",
    [["best"], ["show", "2", "--completion"], ["sql", "select source, error from programs"]],
)
def test_a_hostile_program_does_not_take_over_a_terminal(command: list[str], runs_dir: Path) -> None:
    got = on_a_terminal(*command, "--runs-dir", runs_dir)
    assert "\x1b[" in got  # there is colour, ours
    for text in FORBIDDEN:
        assert text not in got
    assert "x1b]0;owned" in got  # it is told what stands there


def test_markup_in_a_text_is_not_interpreted(runs_dir: Path) -> None:
    assert "gpt-[red]x[/red]\\x1b[31m" in on_a_terminal("runs", "--runs-dir", runs_dir, columns=400)


def test_a_program_is_plain_in_a_pipe(fsdb: Fsdb, runs_dir: Path) -> None:
    piped = fsdb("best", "plain", "--runs-dir", runs_dir)
    assert "\x1b" not in piped.out
    assert piped.out.endswith("\ndef cube(x):\n    return x\n")


@given(st.text(st.characters(exclude_categories=()), max_size=60))
def test_no_text_gets_through_that_does_not_print(text: str) -> None:
    assert printing.safe(text).isprintable()
    shown = printing.safe_lines(text)
    assert shown.replace("\n", "").replace("\t", "").isprintable()
    shown.encode()
    if text.isprintable():
        assert printing.safe(text) == text


def test_json_holds_every_value(capsys: pytest.CaptureFixture[str]) -> None:
    printing.print_json(
        {
            "nan": float("nan"),
            "infinite": [float("inf"), -float("inf")],
            "whole": Decimal("12345678901234567890123"),
            "exact": Decimal("0.25"),
            "odd": Decimal("NaN"),
            "moment": datetime.datetime(2026, 1, 2, 3, 4, 5),
            "there": datetime.datetime(2026, 1, 2, tzinfo=datetime.UTC),
            "day": datetime.date(2026, 1, 2),
            "span": datetime.timedelta(seconds=1.5),
            "bytes": b"\x00\xff",
            "path": Path("a/b"),
            "text": "\u202e\x9b",
            1: True,
        }
    )
    printed = capsys.readouterr().out
    assert printed.isascii()
    assert json.loads(printed) == {
        "nan": None,
        "infinite": [None, None],
        "whole": 12345678901234567890123,
        "exact": 0.25,
        "odd": None,
        "moment": "2026-01-02T03:04:05Z",
        "there": "2026-01-02T00:00:00+00:00",
        "day": "2026-01-02",
        "span": 1.5,
        "bytes": "00ff",
        "path": "a/b",
        "text": "\u202e\x9b",
        "1": True,
    }


def test_a_table_in_a_pipe_is_plain_and_aligned(capsys: pytest.CaptureFixture[str]) -> None:
    printing.print_table(
        ("name", "share", "n"), [("a\tb", "5.0 %", 1), ("c", None, 20_000), ("d", "10.0 %", None)]
    )
    assert (
        capsys.readouterr().out
        == "name   share      n\na\\tb   5.0 %      1\nc             20000\nd     10.0 %\n"
    )
    printing.print_table(("a",), [], comment="# ")
    assert capsys.readouterr().out == "# a\n"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.04, "0.0 s"), (59.94, "59.9 s"), (61, "1 min 1 s"), (3600, "1 h 0 min"), (90061, "25 h 1 min")],
)
def test_spans_of_time_read_well(seconds: float, text: str) -> None:
    assert printing.seconds(seconds) == text


@pytest.mark.parametrize(
    ("amount", "text"), [(0, "0 bytes"), (1023, "1023 bytes"), (1536, "1.5 KiB"), (5 * 2**30, "5.0 GiB")]
)
def test_sizes_read_well(amount: int, text: str) -> None:
    assert printing.size(amount) == text
