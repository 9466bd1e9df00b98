"""Several logs side by side."""

from __future__ import annotations

from pathlib import Path

import pytest

from fsdb.errors import LogError, UsageError
from fsdb.report.locked import labels
from fsdb.report.runs import find_runs
from fsdb.report.sql import ask
from tests.report.logs import child, hand_made, write


@pytest.fixture
def runs_dir(tmp_path: Path) -> Path:
    """`a`, and a run with a name to stumble over."""
    for number, name in enumerate(("a", "b\"'; drop view programs; --")):
        log = hand_made(tmp_path)
        seed = log.evaluated([-4.0, -4.0])
        for _ in range(number):
            child(log, [-3.0, -3.0], [seed])
        write(log, tmp_path / "runs" / name)
    return tmp_path / "runs"


def test_each_view_has_the_rows_of_all_runs(runs_dir: Path) -> None:
    runs = find_runs(runs_dir, "*")
    found = ask(runs, "select run, count(*) as n from programs group by run order by run")
    assert found.rows == [["a", 1], ["b\"'; drop view programs; --", 2]]
    tables = {row[0] for row in ask(runs, "show tables").rows}
    for table in sorted(tables - {"log_0", "log_1"}):
        assert ask(runs, f"from {table}").columns[0] == "run"


def test_functions_are_there_too(runs_dir: Path) -> None:
    runs = find_runs(runs_dir, "*")
    assert ask(runs, "select round(wilson_low(5, 10, 1.96), 3) as low").rows == [[0.237]]


def test_nothing_can_be_changed_or_read_beside_the_logs(runs_dir: Path) -> None:
    runs = find_runs(runs_dir, "*")
    for query in (
        "create table x as select 1",
        "attach 'x.db'",
        "from read_blob('/etc/passwd')",
        "set enable_external_access = true",
    ):
        with pytest.raises(UsageError):
            ask(runs, query)


def test_runs_of_one_name_are_told_apart_by_their_paths(tmp_path: Path) -> None:
    one, two = tmp_path / "x" / "run", tmp_path / "y" / "Run"
    assert labels([one, two]) == [str(one), str(two)]
    assert labels([one, tmp_path / "temp"]) == ["run", str(tmp_path / "temp")]


def test_runs_may_be_called_as_duckdb_calls_its_own(tmp_path: Path) -> None:
    for name in ("main", "temp", "memory"):
        log = hand_made(tmp_path)
        log.evaluated([-4.0, -4.0])
        write(log, tmp_path / "runs" / name)
    runs = find_runs(tmp_path / "runs", "*")
    assert ask(runs, "select count(*) as n, count(distinct run) as runs from programs").rows == [[3, 3]]


def test_a_log_that_cannot_be_read_is_told(runs_dir: Path) -> None:
    broken = runs_dir / "broken" / "events"
    broken.mkdir(parents=True)
    (broken / "000000000000-000000000001.parquet").write_bytes(b"")
    with pytest.raises(LogError):
        ask(find_runs(runs_dir, "*"), "select 1")


def test_runs_are_found_once_each(runs_dir: Path) -> None:
    assert [path.name for path in find_runs(runs_dir, "a,a*,a")] == ["a"]
    assert [path.name for path in find_runs(runs_dir, None)] == [find_runs(runs_dir, "*")[-1].name]
    assert [path.name for path in find_runs(Path("absent"), f"{runs_dir}/a*")] == ["a"]
