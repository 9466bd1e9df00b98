"""The sentences that answer: from logs of which the answer is known."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from fsdb.report.page.blocks import Note, Section
from fsdb.report.page.choices import diversity, selection
from fsdb.report.page.cost import cost
from fsdb.report.page.course import course, islands
from fsdb.report.page.descent import descent
from fsdb.report.page.found import found, path
from fsdb.report.page.operators import operators
from fsdb.report.page.outcomes import failures
from fsdb.report.runs import RunLog, open_run
from tests.report.logs import SEED_PROGRAM, child, hand_made, write
from tests.state.logs import Log

Make = Callable[[RunLog, str], Section]


def answer(log: Log, folder: Path, make: Make) -> str:
    if not (folder / "run").exists():
        write(log, folder / "run")
    with open_run(folder / "run") as opened:
        return make(opened, "key").answer


@pytest.fixture
def log(tmp_path: Path) -> Log:
    """Seed 0 at -9; 1 better by 1, 2 by 4 more, 3 equal, and then forty that are worse or fail."""
    log = hand_made(tmp_path, islands=2)
    seed = log.evaluated([-9.0, -9.0], source=SEED_PROGRAM)
    log.evaluated([-9.0, -9.0], 1, source=SEED_PROGRAM, reused_from=0)
    one = child(log, [-8.0, -8.0], [seed], source="def cube(x):\n    return x\n")
    two = child(log, [-4.0, -4.0], [one], source="def cube(x):\n    return x * x\n")
    child(log, [-4.0, -4.0], [one, two])
    for number in range(40):
        if number % 4:
            child(log, [-9.5, -9.5 - number], [one])
        else:
            child(log, [None, None], [one], status="timeout", error="took 5 s")
    return log


def test_what_was_found(log: Log, tmp_path: Path) -> None:
    said = answer(log, tmp_path, found)
    assert said.startswith("Program 3 scores −4, 5 more than the seed program (−9).")
    assert "written by mutation for island 0" in said
    assert "41 samples since brought nothing better" in said
    assert "The problem states perfect as 0: this is 4 below it." in said


@pytest.mark.parametrize(
    ("scoring", "second_score", "said"),
    [
        ("in-process", None, "could have forged its score"),
        ("in-process", -4.0, "It was scored twice"),
        ("call-by-call", None, "It was scored out of its own reach"),
        ("artefact", None, "It was scored out of its own reach"),
    ],
)
def test_how_sure_the_score_is(
    log: Log, tmp_path: Path, scoring: str, second_score: float | None, said: str
) -> None:
    best = next(e for e in log.events if e.type == "program_evaluated" and e.fields["program_id"] == 3)
    best.fields.update(scoring=scoring, second_score=second_score)
    write(log, tmp_path / "run")
    with open_run(tmp_path / "run") as opened:
        notes = [block.text for block in found(opened, "found").blocks if isinstance(block, Note)]
    assert said in notes[-1]


def test_its_path(log: Log, tmp_path: Path) -> None:
    said = answer(log, tmp_path, path)
    assert said == (
        "In 2 steps from the seed program; 2 of them raised the score, 0 kept it. "
        "The largest rise, of 4, is program 3 by mutation."
    )


def test_its_course(log: Log, tmp_path: Path) -> None:
    said = answer(log, tmp_path, course)
    assert said.startswith("It rose 2 times. Half of the gain was there after 2 programs of 43")
    assert "the last rise came with the 2nd" in said
    assert "more of the same is unlikely to help" in said


def test_its_genealogy(log: Log, tmp_path: Path) -> None:
    said = answer(log, tmp_path, descent)
    assert said.startswith("The best program descends from 2 others of 45 programs")
    assert "3 programs (6.7 %) were ever a parent" in said


def test_its_islands(log: Log, tmp_path: Path) -> None:
    said = answer(log, tmp_path, islands)
    assert said.startswith("Of 2 islands 1 holds a program with the best score")
    assert said.endswith("No island was reset, so none learnt from another.")


def test_its_failures(log: Log, tmp_path: Path) -> None:
    said = answer(log, tmp_path, failures)
    assert said.startswith("10 programs of 43 (23 %) did not join an island; most often, 10 times")
    assert "timeout (took too long)" in said


def test_its_operators(log: Log, tmp_path: Path) -> None:
    said = answer(log, tmp_path, operators)
    assert said.startswith("4.7 % of 43 programs made from parents scored higher than the better of them.")


def test_its_cost(log: Log, tmp_path: Path) -> None:
    said = answer(log, tmp_path, cost)
    assert "for 43 programs" in said
    assert "No tokens are reported, so none were paid for." in said


def test_what_the_data_cannot_tell_is_said(log: Log, tmp_path: Path) -> None:
    assert answer(log, tmp_path, selection) == "That cannot be said of 43 draws: it takes 60 or more."
    assert answer(log, tmp_path, diversity) == "That cannot be said of 43 programs: it takes 60 or more."
    with open_run(tmp_path / "run") as opened:
        assert not selection(opened, "key").known


def test_a_run_that_still_rises_is_told_to_go_on(tmp_path: Path) -> None:
    log = hand_made(tmp_path)
    last = log.evaluated([-90.0, -90.0])
    for number in range(30):
        last = child(log, [-80.0 + number, -80.0 + number], [last])
    assert answer(log, tmp_path, course).endswith("a longer run may well find more.")


def test_one_island_is_nothing_to_compare(tmp_path: Path) -> None:
    log = hand_made(tmp_path)
    log.evaluated([-9.0, -9.0])
    assert "one island" in answer(log, tmp_path, islands)
