"""A run's log in Python, and what docs/python.md says of it."""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
from pathlib import Path

import duckdb
import polars as pl
import pytest

import fsdb
from fsdb.errors import UsageError
from fsdb.log import LogWriter
from tests.report.logs import child, hand_made, write

PAGE = Path(__file__).parents[2] / "docs" / "python.md"


def test_every_table_is_a_frame_and_a_relation(real: Path) -> None:
    with fsdb.open(real) as run:
        for table in run.tables:
            frame, relation = run[table], run.relation(table)
            assert isinstance(frame, pl.DataFrame)
            assert isinstance(relation, duckdb.DuckDBPyRelation)
            assert frame.columns == relation.columns
            assert frame.height == len(relation)
        assert run["programs"].height == run.frame("programs", as_of=run.last_seq).height
        assert run.frame("programs", as_of=1).height == 1
        assert run.relation("programs", as_of=1).fetchall()[0][0] == 0


def test_a_query_takes_parameters(real: Path) -> None:
    with fsdb.open(real) as run:
        found = run.sql("select program_id from programs where program_id = $id", {"id": 3})
        assert found.to_dicts() == [{"program_id": 3}]
        assert run.started["problem"] == "cubes"
        assert run.program().score == run["progress"]["best_score"][0]
        assert run.program(0) == run.program("seed")


def test_questions_are_asked_by_name(real: Path) -> None:
    with fsdb.open(real) as run:
        stages = run.query("operators", by="stage", stages=2)
        assert stages["value"].to_list() == ["1", "2"]
        assert run.query("lineage")["program_id"][0] == run.program().program_id
        with pytest.raises(UsageError, match="no question 'nothing'"):
            run.query("nothing")
        with pytest.raises(UsageError, match="no parameter x"):
            run.query("operators", x=1)


def test_a_run_is_found_by_name_path_or_age(real: Path) -> None:
    for found in (fsdb.open(real.name, runs_dir=real.parent), fsdb.open(runs_dir=real.parent)):
        assert (found.name, found.path) == (real.name, real)
        assert repr(found) == f"<fsdb run 'cubes-1' as of event {found.last_seq}>"
    with pytest.raises(UsageError, match="no run 'x'"):
        fsdb.open("x", runs_dir=real.parent)


def test_what_is_no_table_is_told(real: Path) -> None:
    with fsdb.open(real) as run:
        for table in ("nothing", "programs; drop view programs", ""):
            with pytest.raises(UsageError, match="no table"):
                run[table]
        with pytest.raises(UsageError, match="no table"):
            run.frame("events", as_of=3)


def test_refresh_takes_in_what_was_written_since(tmp_path: Path) -> None:
    log = hand_made(tmp_path)
    log.evaluated([-4.0, -4.0])
    run_dir = write(log, tmp_path / "run")
    run = fsdb.open(run_dir)
    child(log, [-3.0, -3.0], [0])
    with LogWriter.open(run_dir) as writer:
        for event in log.events[2:]:
            writer.append(event.type, event.fields)
        writer.commit()
    assert run["programs"].height == 1
    assert run.refresh() == run.last_seq == 4
    assert run["programs"].height == 2


def test_importing_fsdb_imports_nothing_heavy() -> None:
    script = "import sys, fsdb; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert not {"duckdb", "polars", "pyarrow", "fsdb.report"} & set(done.stdout.split())


@pytest.mark.slow
@pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="another Python writes programs differently")
def test_the_page_prints_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = PAGE.read_text(encoding="utf-8")
    (command,) = re.findall(r"```bash\n(.*?)```", text, re.DOTALL)
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    subprocess.run(
        ["bash", "-c", f"{command.strip()} --quiet"],
        cwd=tmp_path,
        env={**os.environ, "PATH": path},
        capture_output=True,
        check=True,
    )
    monkeypatch.chdir(tmp_path)
    examples = "\n".join(re.findall(r"```python\n(.*?)```", text, re.DOTALL))
    test = doctest.DocTestParser().get_doctest(examples, {}, "python.md", str(PAGE), 0)
    told: list[str] = []
    failed, attempted = doctest.DocTestRunner(verbose=False).run(test, out=told.append)
    assert failed == 0, "".join(told)
    assert attempted > 10
