"""`fsdb lineage` and `fsdb diff`."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Fsdb


def test_the_line_of_the_best_program(fsdb: Fsdb, runs_dir: Path) -> None:
    said = fsdb("lineage", "plain", "--runs-dir", runs_dir)
    head, best, seed = said.out.splitlines()
    assert head == "program 2 of plain: score -1.5, 1 step back to the seed program"
    assert best.split() == ["●", "2", "-1.5", "+7.5", "island", "0,", "mutation"]
    assert seed.split() == ["●", "0", "-9", "island", "0,", "seed"]


def test_a_single_argument_is_a_program_or_a_run(fsdb: Fsdb, runs_dir: Path) -> None:
    newest = fsdb("lineage", "--runs-dir", runs_dir)
    assert newest.out.startswith("program 1 of hostile")
    assert fsdb("lineage", "hostile", "--runs-dir", runs_dir).out == newest.out
    assert fsdb("lineage", "best", "--runs-dir", runs_dir).out == newest.out
    assert fsdb("lineage", "3", "--runs-dir", runs_dir).out.startswith("program 3 of hostile")
    assert fsdb("lineage", "nothing", "--runs-dir", runs_dir).code == 2
    assert fsdb("lineage", "a", "b", "c", "--runs-dir", runs_dir).code == 2


def test_each_step_can_be_shown(fsdb: Fsdb, runs_dir: Path) -> None:
    said = fsdb("lineage", "plain", "--diff", "--runs-dir", runs_dir)
    assert "│ +    return x\n" in said.out
    assert "│ -    estimate = 3.0 * x\n" in said.out
    assert fsdb("lineage", "plain", "--diff", "--format", "dot", "--runs-dir", runs_dir).code == 2


def test_graphs_and_json(fsdb: Fsdb, runs_dir: Path) -> None:
    for form, begin in (("dot", "digraph"), ("mermaid", "flowchart"), ("graphml", "<?xml")):
        assert fsdb("lineage", "plain", "--format", form, "--runs-dir", runs_dir).out.startswith(begin)
    found = json.loads(fsdb("lineage", "plain", "--json", "--diff", "--runs-dir", runs_dir).out)
    assert found["line"] == [2, 0]
    assert [each["program_id"] for each in found["programs"]] == [2, 0]
    assert {"sign": "+", "text": "    return x"} in found["programs"][0]["difference"]


def test_a_real_tree_shows_each_line_once(fsdb: Fsdb, real: Path) -> None:
    lines = fsdb("lineage", real, "best", "--parents", "all").out.splitlines()[1:]
    full = [line for line in lines if "which is" not in line]
    ids = [line.replace("├─", "").replace("│", "").split()[1] for line in full]
    assert len(ids) == len(set(ids)) > 1
    found = json.loads(fsdb("lineage", real, "--json").out)
    assert sorted(map(int, ids)) == sorted(each["program_id"] for each in found["programs"])


def test_hostile_text_is_escaped(fsdb: Fsdb, runs_dir: Path) -> None:
    for arguments in (("lineage", "hostile", "--diff"), ("diff", "hostile", "0", "1")):
        said = fsdb(*arguments, "--runs-dir", runs_dir)
        assert said.code == 0
        assert "\\x1b]0;owned" in said.out
        assert all(c.isprintable() or c == "\n" for c in said.out)


def test_the_difference_of_two_programs(fsdb: Fsdb, runs_dir: Path) -> None:
    said = fsdb("diff", "plain", "seed", "best", "--runs-dir", runs_dir)
    lines = said.out.splitlines()
    assert lines[:2] == [
        "--- program 0: score -9, ok, island 0, seed",
        "+++ program 2: score -1.5, ok, island 0, mutation",
    ]
    assert "+    return x" in lines
    found = json.loads(fsdb("diff", "plain", "seed", "best", "--json", "--runs-dir", runs_dir).out)
    assert (found["a"]["program_id"], found["b"]["program_id"], found["gain"]) == (0, 2, 7.5)


def test_the_difference_of_equal_programs(fsdb: Fsdb, runs_dir: Path) -> None:
    assert "are the same" in fsdb("diff", "plain", "0", "1", "--runs-dir", runs_dir).out


def test_one_program_is_too_few(fsdb: Fsdb, runs_dir: Path) -> None:
    said = fsdb("diff", "best", "--runs-dir", runs_dir)
    assert said.code == 2
    assert "[RUN] A B" in said.err


def test_depth_is_generations_of_the_line(fsdb: Fsdb, real: Path) -> None:
    whole = fsdb("lineage", real).out.splitlines()
    line = [text for text in whole if text.startswith("●")]
    assert len(line) > 2
    short = fsdb("lineage", real, "--depth", 1).out.splitlines()
    shown = [text for text in short if text.startswith("●")]
    assert [text.split()[1] for text in shown] == [text.split()[1] for text in line[:2]]
