"""What a program descends from, the differences on the way, and the formats of graph tools."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from fsdb.errors import UsageError
from fsdb.report.difference import Line, changed, difference
from fsdb.report.graphs import to_dot, to_graphml, to_mermaid
from fsdb.report.lineage import Lineage, lineage
from fsdb.report.programs import find_program
from fsdb.report.runs import open_run
from tests.report.logs import SEED_PROGRAM, child, hand_made, write


@pytest.fixture
def run_dir(tmp_path: Path) -> Path:
    """Seed 0; 1 from it; 2 from 0 and 1; 3, the best, from 1 and 2; 4 failed, from 3 twice; 5 is alone."""
    log = hand_made(tmp_path)
    seed = log.evaluated([-4.0, -4.0], source=SEED_PROGRAM)
    one = child(log, [-3.0, -3.0], [seed])
    two = child(log, [-2.0, -2.0], [seed, one])
    best = child(log, [-1.0, -1.0], [one, two])
    child(log, [-9.0, None], [best, best], status="runtime_error", error="no")
    child(log, [-8.0, -8.0], [])
    return write(log, tmp_path / "run")


def of(run_dir: Path, which: str, **options: object) -> Lineage:
    with open_run(run_dir) as log:
        return lineage(log, which, **options)


def test_every_ancestor_is_there_once(run_dir: Path) -> None:
    found = of(run_dir, "4")
    assert {own: each.parents for own, each in found.programs.items()} == {
        4: (3,),
        3: (1, 2),
        2: (0, 1),
        1: (0,),
        0: (),
    }
    assert {own: each.steps for own, each in found.programs.items()} == {4: 0, 3: 1, 2: 2, 1: 2, 0: 3}
    assert found.line == (4, 3, 2, 1, 0)


def test_the_line_alone_follows_best_parents(run_dir: Path) -> None:
    found = of(run_dir, "best", only_line=True)
    assert found.line == (3, 2, 1, 0)
    assert sorted(found.programs) == [0, 1, 2, 3]
    assert found.programs[3].parents == (2,)


def test_depth_ends_it(run_dir: Path) -> None:
    found = of(run_dir, "best", depth=1)
    assert sorted(found.programs) == [1, 2, 3]
    # 2 is reached, but what lies beyond is not; between 1 and 2 there is a step too.
    assert found.programs[2].parents == (1,)
    assert found.line == (3, 2)
    assert sorted(of(run_dir, "best", depth=0).programs) == [3]
    assert of(run_dir, "best", depth=0).line == (3,)


def test_a_gain_is_over_the_best_parent(run_dir: Path) -> None:
    found = of(run_dir, "4")
    assert found.gain(3) == 1.0
    assert found.gain(0) is None
    assert found.gain(4) is None


def test_seed_is_the_first_program(run_dir: Path) -> None:
    with open_run(run_dir) as log:
        assert find_program(log, "seed").program_id == 0
    assert of(run_dir, "seed").line == (0,)


def test_a_program_that_is_not_there_is_told(run_dir: Path) -> None:
    with pytest.raises(UsageError, match="no program 99"):
        of(run_dir, "99")


def test_a_run_without_a_seed_program_is_told(tmp_path: Path) -> None:
    log = hand_made(tmp_path)
    child(log, [-1.0, -1.0], [])
    with pytest.raises(UsageError, match="seed"):
        of(write(log, tmp_path / "run"), "seed")


def test_a_forged_log_comes_to_an_end(tmp_path: Path) -> None:
    log = hand_made(tmp_path)
    log.evaluated([-1.0, -1.0], parents=[1])
    log.evaluated([-2.0, -2.0], parents=[0, 7])
    found = of(write(log, tmp_path / "run"), "1")
    assert found.line == (1, 0)


def test_dot_names_every_edge_once(run_dir: Path) -> None:
    text = to_dot(of(run_dir, "4"))
    edges = re.findall(r"^  (\d+) -> (\d+)", text, re.MULTILINE)
    assert sorted(edges) == [("0", "1"), ("0", "2"), ("1", "2"), ("1", "3"), ("2", "3"), ("3", "4")]
    assert text.startswith("digraph ")
    assert text.rstrip().endswith("}")


def test_mermaid_marks_the_line(run_dir: Path) -> None:
    lines = to_mermaid(of(run_dir, "best")).splitlines()
    assert lines[0] == "flowchart TD"
    assert "  p2 ==> p3" in lines
    assert "  p1 --> p3" in lines


def test_graphml_is_xml_whatever_stands_in_a_name(tmp_path: Path) -> None:
    log = hand_made(tmp_path)
    seed = log.evaluated([-4.0, -4.0])
    child(
        log,
        [-1.0, -1.0],
        [seed],
        status="ok",
    )
    log.evaluated([-1.0, -1.0], parents=[1], sampler='<a & "b">\x1b\ufffe')
    run_dir = write(log, tmp_path / 'run "<&\x1b')
    root = ElementTree.fromstring(to_graphml(of(run_dir, "2")))
    space = "{http://graphml.graphdrawing.org/xmlns}"
    nodes = root.findall(f".//{space}node")
    assert [node.get("id") for node in nodes] == ["0", "1", "2"]
    samplers = [d.text for d in root.iter(f"{space}data") if d.get("key") == "sampler"]
    assert samplers[-1] == '<a & "b">\ufffd\ufffd'
    assert "\x1b" not in to_dot(of(run_dir, "2")) + to_mermaid(of(run_dir, "2"))


def test_a_difference_is_hunks_of_lines() -> None:
    lines = difference("a\nb\nc\n", "a\nB\nc\nd\n", context=0)
    assert lines == [
        Line("@", "@@ -2 +2 @@"),
        Line("-", "b"),
        Line("+", "B"),
        Line("@", "@@ -3,0 +4 @@"),
        Line("+", "d"),
    ]
    assert changed(lines) == (2, 1)


def test_a_difference_of_equal_or_missing_sources() -> None:
    assert difference("a\n", "a") == []
    assert difference(None, None) == []
    assert [line.sign for line in difference(None, "a\n")] == ["@", "+"]
    assert difference("--- x\n+++ y\n", "--- x\n+++ z\n", context=0) == [
        Line("@", "@@ -2 +2 @@"),
        Line("-", "+++ y"),
        Line("+", "+++ z"),
    ]
