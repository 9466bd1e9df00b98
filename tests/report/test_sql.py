"""A log can be asked anything, and asking touches nothing else."""

from __future__ import annotations

import datetime
import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from fsdb.errors import FsdbError, LogError, UsageError
from fsdb.log import read_files
from fsdb.report.sql import ask, export
from tests.report.logs import child, hand_made, merge_all, stopped, write


@pytest.fixture(scope="module")
def run_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sql")
    log = hand_made(folder)
    seed = log.evaluated([-1.0, -2.0])
    child(log, [-0.5, -0.5], [seed])
    stopped(log)
    return write(log, folder / "run", commit_events=2)


def test_every_view_and_macro_can_be_asked(run_dir: Path) -> None:
    views = [name for (name,) in ask(run_dir, "show tables").rows]
    assert {"events", "run_started", "programs", "islands", "best_so_far", "edges"} <= set(views)
    counts = ask(run_dir, "select " + ", ".join(f"(select count(*) from {view})" for view in views))
    assert dict(zip(views, counts.rows[0], strict=True))["program_evaluated"] == 2
    assert ask(run_dir, "select programs from islands_as_of(1)").rows == [[1]]
    assert ask(run_dir, "select programs from islands").rows == [[2]]
    found = ask(run_dir, "select program_id, score from programs order by score desc")
    assert (found.columns, found.rows) == (["program_id", "score"], [[1, -0.5], [0, -1.5]])


@pytest.mark.parametrize(
    "query",
    [
        "from programs",
        "values (1)",
        "with a as (select 1) from a",
        "describe programs",
        "summarize programs",
        "show tables",
        "explain from programs",
        "explain analyze from programs",
        "pivot programs on status using count(*)",
        "select 1; -- a comment",
        "table islands",
    ],
)
def test_what_reads_is_answered(query: str, run_dir: Path) -> None:
    assert ask(run_dir, query).rows


@pytest.mark.parametrize(
    "query",
    [
        "copy (select 1) to '{out}'",
        "copy events to '{out}' (format parquet)",
        "attach '{out}' as other",
        "install httpfs",
        "load httpfs",
        "create table t as select 1",
        "create or replace view events as select 1",
        "create macro f(a) as a",
        "insert into events values (1)",
        "delete from events",
        "update events set seq = 1",
        "drop view events",
        "set enable_external_access = true",
        "reset allowed_paths",
        "pragma database_list",
        "call pragma_version()",
        "export database '{out}'",
        "import database '{out}'",
        "use memory",
        "begin",
        "vacuum",
        "checkpoint",
        "prepare p as select 1",
        "execute p",
        "detach memory",
        "alter view events rename to e",
    ],
)
def test_what_does_not_read_is_refused(query: str, run_dir: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="statements are refused"):
        ask(run_dir, query.format(out=tmp_path / "out"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "query",
    [
        "from read_csv('/etc/passwd')",
        "from '/etc/passwd'",
        "from read_text('/etc/passwd')",
        "from read_blob('/etc/passwd')",
        "from read_json('/proc/self/environ')",
        "from glob('/etc/*')",
        "from sniff_csv('/etc/passwd')",
        "from parquet_metadata('{log}')",
        "from read_parquet('{log}')",
        "from '{log}'",
        "from query('from read_csv(''/etc/passwd'')')",
        "from query_table('/etc/passwd')",
        "select getenv('HOME')",
        "from 'https://example.org/a.csv'",
        "from read_duckdb('{out}')",
        "explain analyze copy (select 1) to '{out}'",
        "with a as (copy (select 1) to '{out}') select 1",
        "with a as (copy (select 1) to '{log}' (format csv, use_tmp_file false)) select 1",
        "explain analyze with a as (copy (select 1) to '{log}' (format csv, use_tmp_file false)) select 1",
        "with a as (copy (select 1) to '{log}' (format csv, use_tmp_file false)) "
        "pivot islands on epoch using count(*)",
        "from json_execute_serialized_sql(json_serialize_sql("
        "'with a as (copy (select 1) to ''{log}'' (format csv, use_tmp_file false)) select 1'))",
        "with a as (insert into events select * from events) select 1",
        "select * from run_dir",
    ],
)
def test_no_query_reaches_another_file_or_changes_the_log(query: str, run_dir: Path, tmp_path: Path) -> None:
    """Nor the process: its environment and its variables, such as `run_dir` here."""
    before = digests(run_dir)
    with pytest.raises(FsdbError) as caught:
        ask(run_dir, query.format(out=tmp_path / "out", log=read_files(run_dir)[0].path))
    assert isinstance(caught.value, UsageError)
    assert digests(run_dir) == before
    assert list(tmp_path.iterdir()) == []


def digests(run_dir: Path) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (run_dir / "events").iterdir()
    }


def test_several_statements_or_none_are_told(run_dir: Path) -> None:
    with pytest.raises(UsageError, match="2 statements"):
        ask(run_dir, "select 1; select 2")
    for nothing in ("", "  ", "-- a comment", ";"):
        with pytest.raises(UsageError, match="no query"):
            ask(run_dir, nothing)


def test_an_error_in_a_query_is_told_with_where_to_look(run_dir: Path) -> None:
    with pytest.raises(UsageError, match="nothere") as caught:
        ask(run_dir, "select nothere from programs")
    assert "show tables" in caught.value.cure
    with pytest.raises(UsageError, match="syntax error"):
        ask(run_dir, "selec 1")


def test_what_a_query_puts_into_an_error_is_escaped(run_dir: Path) -> None:
    with pytest.raises(UsageError) as caught:
        ask(run_dir, "select error(chr(27) || '[31m' || chr(8238))")
    assert "\x1b" not in caught.value.message
    assert "\\x1b[31m\\u202e" in caught.value.message


def test_values_of_every_kind_come_through(run_dir: Path) -> None:
    found = ask(
        run_dir,
        "select 1::hugeint as huge, 1.5::decimal(9, 3) as exact, interval 90 seconds as span, "
        "interval 14 months as months, 'x'::blob as bytes, {'a': [1, null]} as nested, now() as moment, "
        "timestamp '2026-01-02 03:04:05' as stamp, 'nan'::double as nan, null as nothing, true as yes",
    )
    row = dict(zip(found.columns, found.rows[0], strict=True))
    assert (row["huge"], float(row["exact"]), row["bytes"], row["nested"]) == (1, 1.5, b"x", {"a": [1, None]})
    assert row["span"] == datetime.timedelta(seconds=90)
    assert row["months"] == "14 months 0 days 0 s"
    assert row["stamp"] == datetime.datetime(2026, 1, 2, 3, 4, 5)
    assert row["moment"].tzinfo is not None
    assert (row["nothing"], row["yes"]) == (None, True)


def test_rows_are_limited_only_on_demand_and_keep_their_order(run_dir: Path) -> None:
    query = "select range as n from range(5000) order by n desc"
    assert [n for (n,) in ask(run_dir, query).rows] == list(range(4999, -1, -1))
    assert [n for (n,) in ask(run_dir, query, limit=3).rows] == [4999, 4998, 4997]
    assert ask(run_dir, query, limit=0).rows == []
    assert ask(run_dir, "explain from islands", limit=1).is_plan


def test_columns_of_one_name_are_all_there(run_dir: Path, tmp_path: Path) -> None:
    query = "select 1 as a, 2 as a, 3 as b"
    found = ask(run_dir, query)
    assert (found.columns, found.rows) == (["a", "a", "b"], [[1, 2, 3]])
    assert export(run_dir, query, tmp_path / "out.parquet") == 1
    assert pq.read_table(tmp_path / "out.parquet").column_names == ["a", "a_1", "b"]


def test_an_answer_can_go_into_a_parquet_file(run_dir: Path, tmp_path: Path) -> None:
    assert export(run_dir, "from programs order by program_id", tmp_path / "out.parquet") == 2
    assert pq.read_table(tmp_path / "out.parquet")["program_id"].to_pylist() == [0, 1]
    with pytest.raises(UsageError, match="cannot be written"):
        export(run_dir, "from programs", tmp_path / "absent" / "out.parquet")


def test_a_damaged_log_is_asked_as_far_as_it_can_be_read(tmp_path: Path) -> None:
    log = hand_made(tmp_path)
    for _ in range(6):
        log.evaluated([-1.0, -1.0])
    damaged = write(log, tmp_path / "run", commit_events=2)
    read_files(damaged)[1].path.write_bytes(b"PAR1")
    found = ask(damaged, "select count(*) from events")
    assert found.rows == [[5]]
    assert [damage.file for damage in found.damages] == ["000000000002-000000000003.parquet"]
    for file in read_files(damaged):
        file.path.write_bytes(b"")
    with pytest.raises(LogError, match="damaged"):
        ask(damaged, "select 1")


def test_asking_goes_on_while_files_are_merged_away(tmp_path: Path) -> None:
    log = hand_made(tmp_path)
    for _ in range(40):
        log.evaluated([-1.0, -1.0])
    run_dir = write(log, tmp_path / "run", commit_events=2)
    script = (
        "import sys; from pathlib import Path; from fsdb.report.sql import ask\n"
        "print('asking', flush=True)\n"
        "while not (Path(sys.argv[1]) / 'done').exists():\n"
        "    assert ask(Path(sys.argv[1]), 'select count(*) from events').rows == [[41]]\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(run_dir)], stdout=subprocess.PIPE, text=True, env=os.environ
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "asking\n"
        merge_all(run_dir)
        (run_dir / "done").touch()
        assert process.wait() == 0
    assert len(read_files(run_dir)) == 1
