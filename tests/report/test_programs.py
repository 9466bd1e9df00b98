"""What the log says of one program."""

from __future__ import annotations

from pathlib import Path

import pytest

from fsdb.errors import UsageError
from fsdb.report.programs import find_program
from fsdb.report.runs import open_run
from tests.report.logs import SEED_PROGRAM, child, hand_made, write


@pytest.fixture
def run_dir(tmp_path: Path) -> Path:
    """Seed 0; 1 and 2 from it; 3, the best, from 1 and 2 (2 is the better one); 4 failed, from 3 twice."""
    log = hand_made(tmp_path)
    seed = log.evaluated([-4.0, -4.0], source=SEED_PROGRAM)
    one = child(log, [-3.0, -3.0], [seed])
    two = child(log, [-2.0, -2.0], [seed, seed])
    best = child(log, [-1.0, -1.0], [one, two])
    child(log, [-9.0, None], [best, best], status="runtime_error", error="ValueError: no")
    return write(log, tmp_path / "run")


def test_the_best_program_is_told_with_its_lineage(run_dir: Path) -> None:
    with open_run(run_dir) as log:
        best = find_program(log, "best")
        assert find_program(log, "3") == best
    assert (best.program_id, best.status, best.score) == (3, "ok", -1.0)
    assert best.scores == {"few": -1.0, "many": -1.0}
    assert [(parent["program_id"], parent["score"]) for parent in best.parents] == [(1, -3.0), (2, -2.0)]
    assert best.generations == 2
    assert (best.children, best.valid_children) == (1, 0)
    assert best.draw is not None
    assert [parent["program_id"] for parent in best.draw["parents"]] == [1, 2]
    assert best.completion is not None
    assert best.completion["text"] == "return 1"


def test_the_line_goes_back_by_the_best_parents(run_dir: Path) -> None:
    with open_run(run_dir) as log:
        line = log.analysis("lineage", program=4)
    assert [step["program_id"] for step in line] == [4, 3, 2, 0]


def test_a_failure_is_told_with_its_error(run_dir: Path) -> None:
    with open_run(run_dir) as log:
        failure = find_program(log, "4")
    assert (failure.status, failure.error, failure.score) == ("runtime_error", "ValueError: no", None)
    assert failure.scores == {"few": -9.0, "many": None}
    assert failure.cluster_id is None


def test_the_seed_program_has_no_draw(run_dir: Path) -> None:
    with open_run(run_dir) as log:
        seed = find_program(log, "0")
    assert (seed.draw, seed.completion, seed.parents, seed.generations) == (None, None, [], 0)
    assert (seed.children, seed.source) == (2, SEED_PROGRAM)


@pytest.mark.parametrize("which", ["5", "-1", "x", "", "99999999999999999999", "²"])
def test_a_program_that_is_not_there_is_told(which: str, run_dir: Path) -> None:
    with open_run(run_dir) as log, pytest.raises(UsageError) as caught:
        find_program(log, which)
    assert caught.value.cure


def test_a_run_without_a_score_has_no_best(tmp_path: Path) -> None:
    log = hand_made(tmp_path)
    log.evaluated([None, None], status="timeout")
    with open_run(write(log, tmp_path / "run")) as opened, pytest.raises(UsageError, match="score yet"):
        find_program(opened, "best")


def test_a_line_of_a_forged_log_comes_to_an_end(tmp_path: Path) -> None:
    log = hand_made(tmp_path)
    log.evaluated([-1.0, -1.0], parents=[1])
    log.evaluated([-2.0, -2.0], parents=[0])
    with open_run(write(log, tmp_path / "run")) as opened:
        assert [step["program_id"] for step in opened.analysis("lineage", program=1)] == [1, 0]
