"""`fsdb sql`: its arguments, its formats, its refusals."""

from __future__ import annotations

import csv
import io
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest

from tests.cli.conftest import Fsdb


def test_one_argument_is_a_query_of_the_newest_run(fsdb: Fsdb, runs_dir: Path) -> None:
    assert fsdb("sql", "select name from run_started", "--runs-dir", runs_dir).out.split() == [
        "name",
        "hand-made",
    ]
    newest = fsdb("sql", "select count(*) as n from programs", "--runs-dir", runs_dir)
    named = fsdb("sql", "hostile", "select count(*) as n from programs", "--runs-dir", runs_dir)
    assert newest.out == named.out == "n\n4\n"


def test_a_table_is_aligned_and_shortens_long_values(fsdb: Fsdb, runs_dir: Path) -> None:
    said = fsdb(
        "sql",
        "plain",
        "select 'a' as text, 1 as number, repeat('x', 200) as long, null as nothing "
        "union all select 'longer', 1000, 'y\nz', null order by number",
        "--runs-dir",
        runs_dir,
    )
    head, first, second = said.out.splitlines()
    assert head.startswith("text    number  long")
    assert first == f"a            1  {'x' * 59}…"
    assert second == "longer    1000  y\\nz"


def test_no_rows_are_left_out_unless_asked_for(fsdb: Fsdb, runs_dir: Path) -> None:
    query = "select range as n from range(3000)"
    assert len(fsdb("sql", query, "--runs-dir", runs_dir).out.splitlines()) == 3001
    assert fsdb("sql", query, "--limit", 2, "--runs-dir", runs_dir).out == "n\n0\n1\n"


def test_csv_is_read_back_as_it_was(fsdb: Fsdb, runs_dir: Path) -> None:
    said = fsdb(
        "sql", "plain", "from programs order by program_id", "--format", "csv", "--runs-dir", runs_dir
    )
    rows = list(csv.DictReader(io.StringIO(said.out)))
    assert [row["score"] for row in rows] == ["-9.0", "-9.0", "-1.5", ""]
    assert rows[2]["source"] == "def cube(x):\n    return x\n"
    assert json.loads(rows[2]["parents"]) == [0]


def test_json_is_rows_by_column(fsdb: Fsdb, runs_dir: Path) -> None:
    query = "select program_id, score, 'nan'::double as odd, recorded_at from programs order by 1 limit 1"
    for flag in (["--json"], ["--format", "json"]):
        (row,) = json.loads(fsdb("sql", "plain", query, *flag, "--runs-dir", runs_dir).out)
        assert (row["program_id"], row["score"], row["odd"]) == (0, -9.0, None)
        assert row["recorded_at"].endswith("Z")


def test_markdown_is_a_table(fsdb: Fsdb, runs_dir: Path) -> None:
    said = fsdb("sql", "select 'a|b' as x, 1.5 as y", "--format", "md", "--runs-dir", runs_dir)
    assert said.out == "| x | y |\n| --- | --- |\n| a\\|b | 1.5 |\n"


@pytest.mark.parametrize("form", ["csv", "json", "md", "table", "parquet"])
def test_an_answer_goes_into_a_file(form: str, fsdb: Fsdb, runs_dir: Path, tmp_path: Path) -> None:
    out = tmp_path / f"out.{form}"
    query = "select program_id, source from programs order by program_id"
    said = fsdb("sql", "plain", query, "--format", form, "-o", out, "--runs-dir", runs_dir)
    assert (said.code, said.out) == (0, f"4 rows in {out}\n")
    if form == "parquet":
        assert pl.read_parquet(out)["program_id"].to_list() == [0, 1, 2, 3]
    elif form == "csv":
        assert pl.read_csv(out)["program_id"].to_list() == [0, 1, 2, 3]
    elif form == "json":
        assert json.loads(out.read_text())[2]["source"] == "def cube(x):\n    return x\n"
    else:
        assert "program_id" in out.read_text()


def test_a_file_that_cannot_be_written_is_told(fsdb: Fsdb, runs_dir: Path, tmp_path: Path) -> None:
    for form in ("csv", "parquet"):
        said = fsdb(
            "sql", "select 1", "--format", form, "-o", tmp_path / "no" / "out", "--runs-dir", runs_dir
        )
        assert said.code == 2
        assert "cannot be written" in said.err
    assert "-o FILE" in fsdb("sql", "select 1", "--format", "parquet", "--runs-dir", runs_dir).err


def test_a_plan_is_printed_as_it_is(fsdb: Fsdb, runs_dir: Path) -> None:
    said = fsdb("sql", "explain select 1", "--runs-dir", runs_dir)
    assert "Projection" in said.out
    assert "explain_key" not in said.out
    assert len(said.out.splitlines()) > 3


def test_a_query_can_be_piped_in(runs_dir: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "fsdb", "sql", "plain", "-", "--runs-dir", str(runs_dir)],
        input="select count(*) as n\nfrom programs\n",
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "n\n4\n"


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("copy events to 'x.csv'", "COPY statements are refused"),
        ("from read_csv('/etc/passwd')", "no other file"),
        ("selec 1", "syntax error"),
        ("from nothing_of_the_kind", "show tables"),
        ("select 1; select 2", "2 statements"),
        ("", "no query"),
    ],
)
def test_errors_are_two_lines_and_no_traceback(query: str, told: str, fsdb: Fsdb, runs_dir: Path) -> None:
    said = fsdb("sql", query, "--runs-dir", runs_dir)
    assert (said.code, said.out) == (2, "")
    assert told in said.err
    assert said.err.startswith("Error: ")
    assert "Traceback" not in said.err


def test_too_many_arguments_are_told(fsdb: Fsdb, runs_dir: Path) -> None:
    said = fsdb("sql", "plain", "select", "1", "--runs-dir", runs_dir)
    assert said.code == 2
    assert "[RUN] QUERY" in said.err


def test_a_query_that_takes_too_long_can_be_interrupted(runs_dir: Path) -> None:
    query = "select count(*) from range(10000000) as a, range(10000000) as b where a.range * b.range % 7 = 3"
    with subprocess.Popen(
        [sys.executable, "-X", "importtime", "-m", "fsdb", "sql", query, "--runs-dir", str(runs_dir)],
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        while "fsdb.report.sql" not in process.stderr.readline():
            pass
        time.sleep(1.0)
        process.send_signal(signal.SIGINT)
        _, printed = process.communicate(timeout=120)
    assert process.returncode == 130
    assert "Traceback" not in printed


def test_a_reader_that_goes_away_is_no_error(runs_dir: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "fsdb", "sql", "from range(200000)", "--runs-dir", str(runs_dir)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == " range\n"
        process.stdout.close()
        assert process.stderr.read() == ""
        assert process.wait() in (1, 141)


def test_several_runs_are_asked_at_once(fsdb: Fsdb, runs_dir: Path) -> None:
    query = "select run, count(*) as programs from programs group by run order by run"
    expected = "run      programs\nhostile         4\nplain           4\n"
    for runs in ("plain,hostile", "*", "pl*,hostile,plain"):
        assert fsdb("sql", runs, query, "--runs-dir", runs_dir).out == expected
    one = fsdb("sql", "*", 'select count(*) as n from "plain".programs', "--runs-dir", runs_dir)
    assert one.out == "n\n4\n"


def test_a_pattern_that_fits_no_run_is_told(fsdb: Fsdb, runs_dir: Path) -> None:
    said = fsdb("sql", "x*", "select 1", "--runs-dir", runs_dir)
    assert (said.code, "like 'x*'" in said.err) == (2, True)
    assert fsdb("sql", ",", "select 1", "--runs-dir", runs_dir).code == 2


def test_several_runs_let_no_other_file_be_read(fsdb: Fsdb, runs_dir: Path) -> None:
    for query in ("from read_csv('/etc/passwd')", "from '/etc/passwd'", "from glob('/*')"):
        said = fsdb("sql", "*", query, "--runs-dir", runs_dir)
        assert (said.code, said.out) == (2, "")
