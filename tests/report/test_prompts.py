"""Prompts made again from a log."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from fsdb.cli.prompt import prompt as command
from fsdb.errors import FsdbError, UsageError
from fsdb.report.prompts import PromptMaker
from fsdb.report.runs import open_run
from fsdb.samplers.base import Failure
from fsdb.search.prompts import RecentFailures
from fsdb.state.database import connect_table
from tests.queries.rows import rows, views
from tests.report.logs import SEED_PROGRAM, hand_made, write
from tests.report.test_export import answered
from tests.state.logs import Log


def with_failures() -> Log:
    log = Log(2)
    log.evaluated([1.0], source="def f():\n    return 1\n")
    for number in range(12):
        draw = log.drawn(number % 2, [0], completions=1)
        log.evaluated(None, number % 2, draw=draw, status="timeout", error=f"error {number}")
    draw = log.drawn(0, [0])
    log.evaluated(None, 0, draw=draw, status="no_program", source=None)
    log.drawn(0, [0])
    return log


def test_a_prompt_showed_the_last_failures_of_its_island_as_of_its_draw() -> None:
    with views(with_failures()) as con:
        shown = dict(
            rows(con, "select draw_id, [f.error for f in failures] from prompts_shown('prompt_drawn')")
        )
        recent = rows(con, "select island_id, error from recent_failures order by island_id, seq desc")
    assert shown[0] == []
    assert shown[4] == ["error 2", "error 0"]
    assert shown[11] == ["error 9", "error 7", "error 5", "error 3", "error 1"]
    assert shown[13] == ["error 10", "error 8", "error 6", "error 4", "error 2", "error 0"]
    assert [error for island, error in recent if island == 0] == shown[13]


def test_the_search_knows_the_same_failures_as_the_log() -> None:
    log, behind = with_failures(), Log(2)
    with connect_table(behind.table()) as con:
        carried = RecentFailures(con)
    carried.fold([event.fields for event in log.events if event.type == "program_evaluated"])
    with connect_table(log.table()) as con:
        read = RecentFailures(con)
    for island in (0, 1):
        assert carried.newest(island) == read.newest(island) != ()
    assert carried.newest(1)[0] == Failure("timeout", "error 11")


@pytest.fixture
def run_dir(tmp_path: Path) -> Path:
    log = hand_made(tmp_path)
    log.evaluated([-9.0, -9.0], source=SEED_PROGRAM)
    answered(log, tmp_path, [0], -8.0)
    answered(log, tmp_path, [0, 1], -7.0, drawn={"prompt_hash": "0" * 64})
    log.drawn(0, [1], template=None)
    return write(log, tmp_path / "run")


def test_a_prompt_that_was_sent_is_proved_by_its_hash(run_dir: Path) -> None:
    with open_run(run_dir) as log:
        remade, template = PromptMaker(log).of_draw(0)
        assert remade.sent
        assert template == remade.rendered.template == "chat-1"
        with pytest.raises(FsdbError, match="draw 1 comes out otherwise"):
            PromptMaker(log).of_draw(1)
        with pytest.raises(UsageError, match="no draw 7 in run: it has 0 to 2"):
            PromptMaker(log).of_draw(7)


def test_the_command_shows_it(run_dir: Path) -> None:
    def asked(*arguments: str) -> str:
        return CliRunner().invoke(command, [*arguments], catch_exceptions=False).output

    run = str(run_dir)
    assert "Draw 0, chat-1: as it was sent; the hash is the logged one." in asked(run, "0")
    assert "## cube_v0, score -9" in asked(run, "0")
    assert "no model was asked" in asked(run, "2")
    told = json.loads(asked(run, "0", "--json"))
    assert told["sent"] is True
    assert [message["role"] for message in told["messages"]] == ["system", "user"]


def test_the_next_prompt_is_drawn_and_written_nowhere(real: Path) -> None:
    before = sorted((real / "events").iterdir())
    with open_run(real) as log:
        remade = PromptMaker(log).next()
        (last,) = log.rows("select max(draw_id) as draw from prompt_drawn")
    assert remade.prompt.draw_id == last["draw"] + 1
    assert not remade.sent
    assert all(parent.inputs for parent in remade.prompt.parents)
    assert sorted((real / "events").iterdir()) == before
