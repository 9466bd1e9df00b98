"""Runs side by side."""

from __future__ import annotations

from pathlib import Path

import pytest

from fsdb.errors import UsageError
from fsdb.report.side_by_side import shown_setting, side_by_side
from tests.report.logs import child, hand_made, write


def a_run(folder: Path, name: str, gains: list[float], **fields: object) -> Path:
    """Write a run whose seed scores -9, and whose samples score more by these, in turn."""
    log = hand_made(folder, **fields)
    seed = log.evaluated([-9.0, -9.0])
    for gain in gains:
        child(log, [-9.0 + gain, -9.0 + gain], [seed])
    return write(log, folder / "runs" / name)


def test_bests_are_compared_at_equal_samples(tmp_path: Path) -> None:
    long = a_run(tmp_path, "long", [0.0, 1.0, 0.5, 5.0], seed=1)
    short = a_run(tmp_path, "short", [2.0, 1.0], seed=2)
    found = side_by_side([long, short])
    assert found.checkpoints == (1, 2)
    assert [run.best_after for run in found.runs] == [{1: -9.0, 2: -8.0}, {1: -7.0, 2: -7.0}]
    assert [run.summary["best_score"] for run in found.runs] == [-4.0, -7.0]
    assert found.differing == {"seed": (1, 2)}
    assert found.comparable


def test_runs_that_differ_by_their_seeds_are_one_group(tmp_path: Path) -> None:
    runs = [
        a_run(tmp_path, "a", [1.0], seed=1),
        a_run(tmp_path, "b", [3.0], seed=2),
        a_run(tmp_path, "c", [2.0], seed=1, policy="uniform", policy_params='{"parents":3}'),
    ]
    found = side_by_side(runs)
    assert [group.runs for group in found.groups] == [("a", "b"), ("c",)]
    assert found.groups[0].best_after == {1: (-7.0, -8.0, -6.0)}
    assert found.groups[1].best_after == {1: (-7.0, -7.0, -7.0)}
    assert found.differing["policy"] == ("funsearch", "funsearch", "uniform")
    assert found.differing["policy.parents"] == (2, 2, 3)
    assert found.differing["policy.temperature_init"] == (0.1, 0.1, None)


def test_runs_of_two_problems_cannot_be_compared(tmp_path: Path) -> None:
    runs = [a_run(tmp_path, "a", [1.0]), a_run(tmp_path, "b", [3.0], inputs="[4, 9]")]
    assert not side_by_side(runs).comparable


def test_who_wrote_what_is_told(tmp_path: Path) -> None:
    found = side_by_side([a_run(tmp_path, "a", [1.0, -1.0]), a_run(tmp_path, "b", [3.0])])
    (writer,) = found.runs[0].writers
    assert (writer["value"], writer["trials"], writer["beats_parent"]) == ("mutation", 2, 1)


def test_a_run_without_samples_leaves_nothing_to_compare(tmp_path: Path) -> None:
    found = side_by_side([a_run(tmp_path, "a", [1.0]), a_run(tmp_path, "b", [])])
    assert found.checkpoints == ()
    assert found.runs[1].improvements != []


def test_one_run_is_too_few(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="only one run"):
        side_by_side([a_run(tmp_path, "a", [1.0])])


def test_settings_are_shown_in_a_few_words() -> None:
    assert shown_setting("policy_sql", "x" * 1200) == "1,200 characters"
    assert shown_setting("input_names", ["a", "b"]) == "2 inputs"
    assert shown_setting("seed", 3) == "3"
    assert shown_setting("in_order", True) == "true"
    assert shown_setting("model", None) == ""
