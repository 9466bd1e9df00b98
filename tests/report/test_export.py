"""A run's log as Parquet tables, as a DuckDB file, and as training data."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from fsdb.errors import UsageError
from fsdb.report.export import to_duckdb, to_jsonl, to_parquet
from fsdb.report.runs import open_run
from fsdb.report.training import Filter
from fsdb.samplers.base import Parent, Prompt
from fsdb.samplers.prompts import render
from tests.report.logs import SEED_PROGRAM, child, hand_made, problem, write
from tests.state.logs import Log


def test_parquet_has_a_file_for_each_table(real: Path, tmp_path: Path) -> None:
    with open_run(real) as log:
        names = to_parquet(log, tmp_path / "tables")
        assert sorted(f"{name}.parquet" for name in names) == sorted(
            path.name for path in (tmp_path / "tables").iterdir()
        )
        for name in names:
            (expected,) = log.rows(f"select count(*) as n from {name}")
            assert pl.read_parquet(tmp_path / "tables" / f"{name}.parquet").height == expected["n"]


def test_a_duckdb_file_needs_no_fsdb(real: Path, tmp_path: Path) -> None:
    with open_run(real) as log:
        names = to_duckdb(log, tmp_path / "run's.duckdb")
        for name in names:
            expected = log.rows(f"select count(*) as n from {name}")
            with duckdb.connect(str(tmp_path / "run's.duckdb"), read_only=True) as con:
                assert con.sql(f"select count(*) from {name}").fetchall() == [(expected[0]["n"],)]
        then = log.rows("from islands_as_of(200) order by island_id")
    script = (
        "import sys, duckdb; con = duckdb.connect(sys.argv[1], read_only=True)\n"
        "print(con.sql('select best_score from islands_as_of(200) order by island_id').fetchall())\n"
        "assert 'fsdb' not in sys.modules\n"
        "print(con.sql(\"select comment from duckdb_columns() where column_name = 'draw_id'\").fetchall()[0])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "run's.duckdb")],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[0] == str([(row["best_score"],) for row in then])


def test_what_is_there_is_not_replaced_unasked(real: Path, tmp_path: Path) -> None:
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "mine").touch()
    with open_run(real) as log:
        with pytest.raises(UsageError, match="there already"):
            to_parquet(log, tmp_path / "tables")
        assert (tmp_path / "tables" / "mine").exists()
        to_parquet(log, tmp_path / "tables", force=True)
        assert not (tmp_path / "tables" / "mine").exists()
        for write_to in (to_parquet, to_duckdb):
            with pytest.raises(UsageError, match="cannot be written"):
                write_to(log, tmp_path / "absent" / "x")
    assert [path.name for path in tmp_path.iterdir()] == ["tables"]


def answered(log: Log, folder: Path, parents: list[int], score: float, **fields: Any) -> None:
    """Append a child of programs that a chat model wrote, with the prompt that it was sent."""
    rows = [event.fields for event in log.events if event.type == "program_evaluated"]
    shown = tuple(Parent(p, rows[p]["source"], rows[p]["score"]) for p in parents)
    prompt = render(problem(folder), Prompt(0, "parents", 0, shown, (0,)))
    known = {"template": prompt.template, "prompt_hash": prompt.prompt_hash, "sampler": "openai"}
    draw = log.drawn(0, parents, **{**known, **fields.pop("drawn", {})})
    number = len(rows)
    text = f"```python\ndef cube_v{len(parents)}(x):\n    return x + {number}\n```"
    completion = log.received(draw, text=text, sampler="openai")
    log.evaluated(
        [score, score],
        draw=draw,
        completion_id=completion,
        parents=parents,
        **{"source": f"def cube(x):\n    return x + {number}\n", **fields},
    )


@pytest.fixture
def chat(tmp_path: Path) -> tuple[Path, Log]:
    """A seed; children that gain 1, lose, gain 3 with the first's source, gain 2, gain 1 too late."""
    log = hand_made(tmp_path)
    log.evaluated([-9.0, -9.0], source=SEED_PROGRAM)
    answered(log, tmp_path, [0], -8.0)
    answered(log, tmp_path, [0, 1], -8.5)
    answered(log, tmp_path, [0], -6.0, source="def cube(x):\n    return x + 1\n")
    answered(log, tmp_path, [0, 1], -6.0)
    answered(log, tmp_path, [0, 3], -5.0, status="stale")
    return tmp_path, log


def exported(chat: tuple[Path, Log], chosen: Filter = Filter(), **options: Any) -> list[list[dict[str, str]]]:  # noqa: B008
    folder, log = chat
    if not (folder / "run").exists():
        write(log, folder / "run")
    with open_run(folder / "run") as opened:
        count = to_jsonl(opened, folder / "data.jsonl", chosen, force=True, **options)
    lines = (folder / "data.jsonl").read_text().splitlines()
    assert len(lines) == count
    return [json.loads(line)["messages"] for line in lines]


def test_examples_are_answers_better_than_what_was_shown(chat: tuple[Path, Log]) -> None:
    found = exported(chat)
    assert [message["role"] for message in found[0]] == ["system", "user", "assistant"]
    assert [messages[-1]["content"].splitlines()[2] for messages in found] == [
        "    return x + 1",
        "    return x + 4",
    ]
    assert "Write `cube_v1`" in found[0][1]["content"]
    assert "score -9" in found[0][1]["content"]


def test_filters(chat: tuple[Path, Log]) -> None:
    def programs(**chosen: Any) -> list[str]:
        return [messages[-1]["content"].splitlines()[2][-1] for messages in exported(chat, Filter(**chosen))]

    assert programs(min_gain=2.0) == ["3", "4"]
    assert programs(deduplicate=False) == ["1", "3", "4"]
    assert programs(only_ok=False) == ["1", "4", "5"]
    assert programs(only_ok=False, best=1) == ["5"]
    assert programs(min_gain=100.0) == []


def test_the_program_can_stand_for_what_was_received(chat: tuple[Path, Log]) -> None:
    (first, _) = exported(chat, answer="program")
    assert first[-1]["content"] == (
        '```python\ndef cube_v1(x):\n    """Improved version of `cube_v0`."""\n    return x + 1\n```'
    )


@pytest.mark.parametrize(
    ("drawn", "told"),
    [
        ({"prompt_hash": "0" * 64}, "otherwise than it was sent"),
        ({"template": "completion-1"}, "of the form completion-1"),
        ({"template": None, "prompt_hash": None, "sampler": "mutation"}, "no text was sent"),
    ],
)
def test_a_prompt_that_was_not_sent_is_refused(
    drawn: dict[str, Any], told: str, chat: tuple[Path, Log]
) -> None:
    answered(chat[1], chat[0], [0], -1.0, drawn=drawn)
    with pytest.raises(UsageError, match=told) as caught:
        exported(chat)
    assert "--as-chat" in caught.value.cure
    assert not (chat[0] / "data.jsonl").exists()
    last = exported(chat, as_chat=True)[-1]
    assert last[-1]["content"].startswith("```python\ndef cube_v1(x)")


def test_a_run_without_a_model_gives_examples_too(real: Path, tmp_path: Path) -> None:
    with open_run(real) as log:
        assert to_jsonl(log, tmp_path / "data.jsonl", Filter(), as_chat=True) > 0


def test_a_child_of_nothing_is_no_example(tmp_path: Path) -> None:
    log = hand_made(tmp_path)
    child(log, [-1.0, -1.0], [])
    with open_run(write(log, tmp_path / "run")) as opened:
        assert to_jsonl(opened, tmp_path / "data.jsonl", Filter()) == 0
