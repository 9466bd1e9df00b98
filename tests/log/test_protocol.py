"""PROTOCOL.md: its examples run as they stand, and what it says agrees with the code."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from fsdb import schema
from fsdb.log import LogWriter, read_files, scan
from fsdb.log.merge import MergePolicy, merge
from tests.log.samples import OFTEN, event_at, rows, write_log

TEXT = (files("fsdb.schema") / "PROTOCOL.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```python\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A log in the middle of a merge, so that an example that forgets superseded files is wrong."""
    run = write_log(tmp_path / "run", [20, 20, 20])
    merge(run, read_files(run)[:2], OFTEN)
    assert scan(run).superseded
    return run


def example(*words: str) -> str:
    """The one example that has all the words."""
    (found,) = [text for text in EXAMPLES if all(word in text for word in words)]
    return found


def execute(run: Path, *examples: str) -> dict[str, Any]:
    names: dict[str, Any] = {"run": run}
    for text in examples:
        exec(text, names)
    return names


def test_every_example_is_tried_here():
    assert len(EXAMPLES) == 6


def test_the_files_that_count(run: Path):
    names = execute(run, example("def log_files"))
    assert names["log_files"](run) == [str(file.path) for file in read_files(run)]


def test_duckdb_example(run: Path, capfd: pytest.CaptureFixture[str]):
    execute(run, example("def log_files"), example("import duckdb"))
    assert "program_id" in capfd.readouterr().out


def test_polars_example(run: Path):
    names = execute(run, example("def log_files"), example("import polars"))
    programs = [event_at(seq)[1]["status"] for seq in range(60) if event_at(seq)[0] == "program_evaluated"]
    assert sorted(names["statuses"]["status"]) == sorted(programs)


def test_pyarrow_example(run: Path):
    names = execute(run, example("def log_files"), example("import pyarrow.dataset"))
    assert names["event"]["run_started"] == event_at(0)[1]


def test_writing_example(run: Path):
    before = rows(run)
    execute(run, example("def log_files"), example("import fcntl"))
    assert scan(run, check=True).whole
    after = rows(run)
    assert after[:-1] == before
    assert after[-1][:2] == (60, "run_stopped")
    with LogWriter.open(run, merge=False) as writer:
        assert writer.next_seq == 61
    assert not scan(run).superseded


def test_chance_example(run: Path):
    execute(run, example("def gumbel"))


def test_chance_is_duckdbs(run: Path):
    """md5_number_lower in Python is DuckDB's function of that name."""
    import duckdb

    names = execute(run, example("def gumbel"))
    for text in ("", "island:3", "7|0|cluster:1", "∀"):
        (found,) = duckdb.execute("select md5_number_lower($1)", [text]).fetchone() or ()
        assert names["md5_number_lower"](text) == found


@pytest.mark.parametrize("name", schema.event_types())
def test_every_event_type_is_told_of(name: str):
    assert f"**`{name}`**" in TEXT


def test_every_envelope_column_is_told_of():
    for column in schema.columns():
        if column.table == schema.ENVELOPE:
            assert f"| `{column.column}` |" in TEXT


def test_numbers_agree_with_the_code():
    policy = MergePolicy()
    assert f"This is version {schema.SCHEMA_VERSION}." in TEXT
    assert f"row groups of {policy.row_group_events:,} events" in TEXT
    assert f"merges {policy.files} files, or {policy.small_events:,} events" in TEXT
    assert f"files of {policy.large_events:,} events or {policy.large_bytes >> 20} MiB" in TEXT


def test_links_lead_to_headings():
    headings = {heading.lower().replace(" ", "-") for heading in re.findall(r"^## (.*)$", TEXT, re.MULTILINE)}
    assert set(re.findall(r"\]\(#(.*?)\)", TEXT)) <= headings
