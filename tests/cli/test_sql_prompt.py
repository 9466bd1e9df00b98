"""The prompt of `fsdb sql`, typed at as by a user."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from fsdb.cli import sql_prompt
from fsdb.cli.sql_prompt import Prompt
from tests.cli.conftest import Fsdb


@pytest.fixture(autouse=True)
def _state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def typed(keys: str, run_dirs: list[Path], capsys: pytest.CaptureFixture[str], **options: int) -> str:
    """Return what is printed while these keys are typed, and then Ctrl-D."""
    with create_pipe_input() as source:
        source.send_text(keys + "\x04")
        Prompt(run_dirs, source=source, screen=DummyOutput(), **options).run()
    return capsys.readouterr().out


def test_answers_come_one_after_the_other(runs_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = typed("select 1 as a\r;\rselect 2 as b;\r", [runs_dir / "plain"], capsys)
    assert "a\n1\n1 row (" in said
    assert "b\n2\n1 row (" in said


def test_a_query_may_have_lines(runs_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = typed("select 1 as a,\x1b\r2 as b\r", [runs_dir / "plain"], capsys)
    assert "a  b\n1  2\n" in said


def test_an_error_ends_nothing(runs_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = typed("selec 1\rcopy events to 'x'\r.nothing\rselect 5 as a\r", [runs_dir / "plain"], capsys)
    assert "syntax error" in said
    assert "COPY statements are refused" in said
    assert "no command .nothing" in said
    assert "a\n5\n" in said


def test_no_other_file_can_be_read(runs_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for run_dirs in ([runs_dir / "plain"], [runs_dir / "plain", runs_dir / "hostile"]):
        assert "no other file" in typed("from read_text('/etc/passwd')\r", run_dirs, capsys)


def test_form_and_rows_can_be_set(runs_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keys = ".format csv\r.limit 2\rselect range as n from range(5)\r.help\r.quit\rselect 1\r"
    said = typed(keys, [runs_dir / "plain"], capsys)
    assert "n\n0\n1\n2 rows of more" in said
    assert "Alt-Enter" in said
    assert "1 row" not in said


def test_hostile_text_is_escaped(runs_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = typed("select source from programs\r", [runs_dir / "hostile"], capsys)
    assert "\\x1b]0;owned" in said
    assert "\x1b" not in said


def test_names_are_completed(runs_dir: Path) -> None:
    names = sql_prompt._Names([runs_dir / "plain"])

    def completed(text: str) -> list[str]:
        return [each.text for each in names.get_completions(Document(text), CompleteEvent())]

    assert completed("from best_so") == ["best_so_far", "best_so_far_as_of"]
    assert "island_id" in completed("select isl")
    assert "order" in completed("from islands ORD")
    assert completed("from islands ") == []


def test_queries_are_remembered(runs_dir: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    typed("select 41 + 1 as a\r", [runs_dir / "plain"], capsys)
    history = tmp_path / "state" / "fsdb" / "sql_history"
    assert "select 41 + 1 as a" in history.read_text()
    assert history.stat().st_mode & 0o077 == 0
    assert "a\n42\n" in typed("\x1b[A\r", [runs_dir / "plain"], capsys)


def test_without_a_place_for_a_history_there_is_none(
    runs_dir: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    assert "a\n1\n" in typed("select 1 as a\r", [runs_dir / "plain"], capsys)


def test_without_a_terminal_there_is_no_prompt(fsdb: Fsdb, runs_dir: Path) -> None:
    for arguments in ((), ("plain",)):
        with contextlib.suppress(EOFError):
            said = fsdb("sql", *arguments, "--runs-dir", runs_dir)
            assert said.code == 2
            assert "There is no query" in said.err
