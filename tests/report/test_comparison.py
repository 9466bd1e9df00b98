"""Programs scored outside of a search, by the real evaluator."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from fsdb.errors import UsageError
from fsdb.evaluator.evaluation import Limits
from fsdb.report.comparison import FOUND, KNOWN, SEED, TRAINING, compare, input_sets
from tests.report.logs import problem

PERFECT = "def cube(x):\n    return x**3\n"


def test_a_program_is_compared_with_seed_and_baselines_on_every_set(tmp_path: Path) -> None:
    rows = asyncio.run(compare(problem(tmp_path), PERFECT, Limits(timeout_seconds=5), 2))
    found = {(row.inputs, row.program): row for row in rows}
    assert list(dict.fromkeys(row.inputs for row in rows)) == [TRAINING, "near", "far"]
    assert [row.program for row in rows if row.inputs == TRAINING] == [FOUND, SEED, "square", "perfect"]
    assert all(found[inputs, FOUND].score == 0.0 for inputs in (TRAINING, "near", "far"))
    assert found["near", "square"].score == 0.0  # 0 and 1 are their own squares and cubes
    assert found[TRAINING, "square"].score == pytest.approx(-(22 / 4 + 644 / 8) / 2)
    assert found[TRAINING, SEED].score < 0
    assert (found[TRAINING, "perfect"].score, found[TRAINING, "perfect"].status) == (0.0, KNOWN)
    assert ("far", "perfect") not in found


def test_a_program_that_fails_has_a_status_and_no_score(tmp_path: Path) -> None:
    source = "def cube(x):\n    return x**3 if x < 10 else 1 / 0\n"
    found = {
        (row.inputs, row.program): row
        for row in asyncio.run(compare(problem(tmp_path), source, Limits(timeout_seconds=5), 1))
    }
    assert found[TRAINING, FOUND].status == "ok"
    assert (found["far", FOUND].status, found["far", FOUND].score) == ("runtime_error", None)


def test_the_sets_are_the_inputs_and_those_asked_for(tmp_path: Path) -> None:
    loaded = problem(tmp_path)
    assert list(input_sets(loaded)) == [TRAINING]
    assert list(input_sets(loaded, "far")) == [TRAINING, "far"]
    assert list(input_sets(loaded, "all")) == [TRAINING, "near", "far"]
    with pytest.raises(UsageError, match="no held-out set 'middle'") as caught:
        input_sets(loaded, "middle")
    assert "near, far" in caught.value.cure
