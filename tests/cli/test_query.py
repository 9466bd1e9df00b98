"""`fsdb query`: its list, its arguments, its refusals, its reference."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from fsdb.queries.catalogue import GROUPS, analyses
from tests.cli.conftest import Fsdb

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "docs" / "example"
ACROSS = [analysis.name for analysis in analyses().values() if analysis.group == "across"]


def test_without_a_name_every_query_is_listed_with_its_question(fsdb: Fsdb) -> None:
    said = fsdb("query")
    assert said.code == 0
    for title in GROUPS.values():
        assert f"\n{title}\n" in said.out
    for analysis in analyses().values():
        assert f"  {analysis.name} " in said.out
        assert analysis.question in said.out
    listed = json.loads(fsdb("query", "--json").out)
    assert [each["name"] for each in listed] == list(analyses())
    assert {each["group"] for each in listed} == set(GROUPS)


@pytest.mark.parametrize("name", analyses())
def test_every_query_runs_with_no_parameter_given(name: str, fsdb: Fsdb, runs_dir: Path) -> None:
    """On a run whose every text is hostile, and which never ended."""
    said = fsdb("query", name, "--json", "--runs-dir", runs_dir)
    assert (said.code, said.err) == (0, "")
    rows = json.loads(said.out)
    for row in rows:
        assert list(row) == list(analyses()[name].columns)


def test_a_query_is_asked_of_the_newest_run_or_of_the_one_named(fsdb: Fsdb, runs_dir: Path) -> None:
    (newest,) = json.loads(fsdb("query", "run_summary", "--json", "--runs-dir", runs_dir).out)
    (named,) = json.loads(fsdb("query", "plain", "run_summary", "--json", "--runs-dir", runs_dir).out)
    assert (newest["sampler"], named["sampler"]) == ("openai", "mutation")
    by_path = fsdb("query", runs_dir / "plain", "run_summary", "--json", "--runs-dir", "nowhere")
    assert json.loads(by_path.out) == [named]


def test_parameters_are_set_by_name(fsdb: Fsdb, runs_dir: Path) -> None:
    def ask(*arguments: str) -> list[int]:
        said = fsdb("query", "plain", "ancestors", *arguments, "--json", "--runs-dir", runs_dir)
        return [row["program_id"] for row in json.loads(said.out)]

    assert ask("program=3") == [3, 2, 0]
    assert ask("program=0") == [0]
    assert ask() == ask("program=best") == [2, 0]
    assert ask("program=99") == []


def test_text_of_a_run_comes_through_as_data(fsdb: Fsdb, runs_dir: Path) -> None:
    said = fsdb("query", "hostile", "path_of_bests", "--runs-dir", runs_dir)
    assert said.code == 0
    assert "\x1b" not in said.out
    whole = fsdb("query", "hostile", "path_of_bests", "--csv", "--runs-dir", runs_dir)
    rows = list(csv.DictReader(io.StringIO(whole.out)))
    assert [row["program_id"] for row in rows] == ["0", "1"]
    assert "\x1b" in rows[1]["source"]


@pytest.mark.parametrize(
    ("arguments", "message", "cure"),
    [
        (("improvments",), "no query 'improvments'", "improvements"),
        (("qqqqqq",), "no query 'qqqqqq'", "lists"),
        (("operators", "foo=1"), "no parameter 'foo'", "by=sampler"),
        (("failures", "foo=1"), "no parameter 'foo'", "It has none"),
        (("operators", "by=nothing"), "by=nothing", "template"),
        (("ancestors", "program=x"), "program=x", "program's number, or best"),
        (("stagnation", "top=1.5"), "top=1.5", "whole number"),
        (("operators", "confidence=nan"), "confidence=nan", "number"),
        (("plain", "hostile", "operators"), "one run", "across"),
        (("nothing", "operators"), "no run 'nothing'", "fsdb runs"),
        (("nothing-*", "success_rate"), "called 'nothing-\\*'", "fsdb runs"),
        (("plain", "plain*", "success_rate", "threshold="), "threshold=", "number"),
        (("failures", "--format", "parquet"), "into a file", "-o FILE"),
    ],
)
def test_what_is_off_is_told(
    arguments: tuple[str, ...], message: str, cure: str, fsdb: Fsdb, runs_dir: Path
) -> None:
    said = fsdb("query", *arguments, "--runs-dir", runs_dir)
    assert (said.code, said.out) == (2, "")
    assert message.replace("\\", "") in said.err.splitlines()[0]
    assert cure in said.err.splitlines()[1]


def test_runs_are_named_by_pattern_or_are_all(fsdb: Fsdb) -> None:
    def runs(*arguments: str) -> dict[str, int]:
        said = fsdb("query", *arguments, "success_rate", "--json", "--runs-dir", EXAMPLE)
        return {row["setting"]: row["runs"] for row in json.loads(said.out)}

    assert runs() == {"mutation funsearch": 3, "mutation uniform": 3}
    assert runs("funsearch-*", "uniform-1") == {"mutation funsearch": 3, "mutation uniform": 1}
    assert runs("uniform-[12]") == {"mutation uniform": 2}


def test_an_answer_goes_into_a_file(fsdb: Fsdb, runs_dir: Path, tmp_path: Path) -> None:
    for form in ("parquet", "csv", "md"):
        file = tmp_path / f"out.{form}"
        said = fsdb("query", "plain", "ancestors", "--format", form, "-o", file, "--runs-dir", runs_dir)
        assert (said.code, said.out) == (0, f"2 rows in {file}\n")
    assert pq.read_table(tmp_path / "out.parquet")["program_id"].to_pylist() == [2, 0]


def test_a_query_is_described(fsdb: Fsdb) -> None:
    said = fsdb("query", "operators", "--describe").out
    for part in ("Are the proposals any good", "One row for each", "Parameters", "by ", "beats_parent_low"):
        assert part in said
    assert fsdb("query", "operators", "--sql").out == analyses()["operators"].sql


def test_the_queries_of_a_run_are_tables_of_sql(fsdb: Fsdb, runs_dir: Path) -> None:
    for name, analysis in analyses().items():
        if name not in ACROSS:
            said = fsdb("sql", "plain", f"describe (from {name}())", "--json", "--runs-dir", runs_dir)
            assert [row["column_name"] for row in json.loads(said.out)] == list(analysis.columns)
    said = fsdb("sql", "plain", "select step from path_of_bests(program := 3, \"by\" := 'nearest')",
                "--runs-dir", runs_dir)  # fmt: skip
    assert said.out.split() == ["step", "0", "1", "2"]
    said = fsdb("sql", "plain", "select value from operators(by := 'stage')", "--runs-dir", runs_dir)
    assert said.code == 0


def test_the_reference_is_current(fsdb: Fsdb) -> None:
    """If this fails: fsdb query --md --runs-dir docs/example > docs/queries.md"""
    assert fsdb("query", "--md", "--runs-dir", EXAMPLE).out == (ROOT / "docs" / "queries.md").read_text()
