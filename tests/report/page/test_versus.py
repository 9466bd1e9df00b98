"""What a page says of several runs: from logs of which the answer is known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fsdb.report.page.versus import settings, versus
from fsdb.report.side_by_side import SideBySide, side_by_side
from tests.report.logs import child, hand_made, write


def compared(folder: Path, *bests: tuple[str, int, float], **fields: Any) -> SideBySide:
    """Return hand-made runs side by side: the policy, the seed, and the best score of each."""
    run_dirs = []
    for number, (policy, seed, best) in enumerate(bests):
        log = hand_made(folder, policy=policy, seed=seed, **fields)
        first = log.evaluated([-9.0, -9.0])
        child(log, [best, best], [first])
        run_dirs.append(write(log, folder / "runs" / f"run-{number}"))
    return side_by_side(run_dirs)


def test_settings_that_lie_apart_on_the_same_seeds(tmp_path: Path) -> None:
    found = compared(
        tmp_path,
        *(("a", seed, 5.0 + seed) for seed in (1, 2, 3)),
        *(("b", seed, 1.0 + seed) for seed in (1, 2, 3)),
    )
    said = versus(found, "key").answer
    assert said.startswith("After 1 sample, as many as the shortest has, run-2 leads with 8.")
    assert "On 3 seeds that both ran, mutation a came 4 higher than mutation b (95 %: 4 to 4)" in said
    assert settings(found, "key").answer == "seed and policy."


def test_settings_that_overlap_may_be_chance(tmp_path: Path) -> None:
    found = compared(
        tmp_path, ("a", 1, 1.0), ("a", 2, 5.0), ("a", 3, 2.0), ("b", 4, 2.0), ("b", 5, 1.0), ("b", 6, 4.0)
    )
    assert "may be chance" in versus(found, "key").answer


def test_too_few_runs_tell_nothing(tmp_path: Path) -> None:
    assert "the data cannot tell" in versus(compared(tmp_path, ("a", 1, 1.0), ("b", 1, 5.0)), "key").answer


def test_runs_of_one_setting_differ_by_chance(tmp_path: Path) -> None:
    found = compared(tmp_path, ("a", 1, 1.0), ("a", 2, 5.0))
    assert versus(found, "key").answer.endswith("how far they lie apart is chance.")
    assert settings(found, "key").answer == "seed."


def test_a_run_done_again_is_told(tmp_path: Path) -> None:
    found = compared(tmp_path, ("a", 1, 1.0), ("a", 1, 1.0))
    assert settings(found, "key").answer == "Nothing: they are the same run, done again."
    assert "None: after 1 sample" in versus(found, "key").answer
