"""What status says of hand-made runs, row by row."""

from __future__ import annotations

from pathlib import Path

from fsdb.report.runs import open_run
from fsdb.report.status import FEWEST_DRAWS, Status, status
from tests.report.logs import child, hand_made, stopped, write
from tests.state.logs import Log


def status_of(log: Log, folder: Path) -> Status:
    with open_run(write(log, folder / "run")) as opened:
        return status(opened)


def test_counts_are_those_of_the_log(tmp_path: Path) -> None:
    log = hand_made(tmp_path, islands=2)
    seed = log.evaluated([-1.0, -1.0], 0)
    log.evaluated([-1.0, -1.0], 1)
    better = child(log, [-0.5, -0.5], [seed])
    child(log, [None, None], [better], status="timeout", error="TimeoutError: 30 s")
    log.drawn(1, [1], completions=3)
    found = status_of(log, tmp_path)
    row = found.summary
    assert found.state == "killed"
    assert (row["samples"], row["draws"], row["programs"], row["valid"]) == (2, 3, 2, 1)
    assert (row["best_score"], row["best_program_id"]) == (-0.5, better)
    assert found.open_draws == 1
    assert (row["problem"], row["policy"], row["sampler"], row["model"]) == (
        "cubes",
        "funsearch",
        "mutation",
        None,
    )
    assert [(i["island_id"], i["programs"], i["clusters"], i["best_score"]) for i in found.islands] == [
        (0, 2, 2, -0.5),
        (1, 1, 1, -1.0),
    ]
    assert [each["program_id"] for each in found.improvements] == [better, seed]
    assert (row["tokens_in"], row["cost_usd"]) == (None, None)
    assert found.files == 2 or found.files == 3
    assert found.bytes > 1000


def test_failures_are_told_with_the_error_met_most_often(tmp_path: Path) -> None:
    log = hand_made(tmp_path)
    seed = log.evaluated([-1.0, -1.0])
    errors = [
        "ZeroDivisionError: float division\n  line 3",
        "ValueError: no",
        "ZeroDivisionError: float division",
    ]
    for error in errors:
        child(log, [None, None], [seed], status="runtime_error", error=error)
    child(log, [-1.0, -1.0], [seed], status="duplicate")
    rows = status_of(log, tmp_path).failures
    assert rows[0] == {
        "status": "runtime_error",
        "programs": 3,
        "error": "ZeroDivisionError: float division",
        "error_programs": 2,
        "example": 3,
    }
    assert rows[1] == {"status": "duplicate", "programs": 1, "error": None, "error_programs": 0, "example": 4}


def test_tokens_and_cost_are_told_where_they_are_reported(tmp_path: Path) -> None:
    log = hand_made(tmp_path, sampler="openai", model="gpt")
    seed = log.evaluated([-1.0, -1.0])
    draw = log.drawn(0, [seed], completions=2)
    log.received(draw, 0, tokens_in=100, tokens_out=10, cost_usd=0.25)
    log.received(draw, 1, tokens_in=0, tokens_out=20, cost_usd=0.5)
    row = status_of(log, tmp_path).summary
    assert (row["tokens_in"], row["tokens_out"], row["cost_usd"]) == (100, 30, 0.75)


def drawn_together(log: Log, first: int, second: int, propensity: float) -> None:
    parents = [
        {
            "position": place,
            "slot": place,
            "program_id": program,
            "cluster_id": program,
            "cluster_propensity": propensity,
            "program_propensity": 1.0,
        }
        for place, program in enumerate((first, second))
    ]
    log.drawn(0, parents, temperature=0.1)


def test_draws_that_no_longer_choose_are_warned_of(tmp_path: Path) -> None:
    log = hand_made(tmp_path)
    log.evaluated([-9.0, -9.0])
    best = log.evaluated([-1.0, -1.0])
    for _ in range(FEWEST_DRAWS):
        drawn_together(log, best, best, 0.99995)
    found = status_of(log, tmp_path).concentration
    assert found.collapsed
    assert (found.draws, found.same_program_share, found.clusters) == (FEWEST_DRAWS, 1.0, 2.0)
    message, cure = found.warning("funsearch") or ("", "")
    assert "100% of the last 20 prompts" in message
    assert "temperature_init" in cure
    assert "normalise=range" in cure
    assert "temperature_init" not in (found.warning("greedy") or ("", "temperature_init"))[1]


def test_draws_that_choose_are_not(tmp_path: Path) -> None:
    log = hand_made(tmp_path)
    first, second = log.evaluated([-2.0, -2.0]), log.evaluated([-1.0, -1.0])
    for number in range(FEWEST_DRAWS):
        drawn_together(log, first if number % 2 else second, second, 0.5)
    found = status_of(log, tmp_path).concentration
    assert found.same_program_share == 0.5
    assert found.effective_clusters == 2.0
    assert found.warning("funsearch") is None


def test_few_draws_or_draws_without_a_choice_tell_nothing(tmp_path: Path) -> None:
    log = hand_made(tmp_path)
    only = log.evaluated([-1.0, -1.0])
    for _ in range(FEWEST_DRAWS + 1):
        drawn_together(log, only, only, 1.0)  # there is but one cluster yet
    log.evaluated([-2.0, -2.0])
    for _ in range(FEWEST_DRAWS - 1):
        drawn_together(log, only, only, 1.0)
    found = status_of(log, tmp_path).concentration
    assert found.draws == FEWEST_DRAWS - 1
    assert not found.collapsed


def test_a_real_run_is_told_as_it_says_itself(real: Path) -> None:
    with open_run(real) as log:
        found = status(log)
        (said,) = log.rows("from run_stopped")
    assert found.state == "stopped"
    assert found.summary["stop_reason"] == said["reason"] == "samples"
    assert (
        (found.summary["samples"], found.summary["programs"])
        == (said["samples"], said["programs"])
        == (120, 120)
    )
    assert found.summary["best_program_id"] == said["best_program_id"]
    assert sum(island["programs"] for island in found.islands) > 0
    assert found.programs_per_second is not None
    assert found.summary["active_seconds"] > 0


def test_time_between_two_writers_is_no_time_at_work(tmp_path: Path) -> None:
    log = hand_made(tmp_path)
    log.evaluated([-1.0, -1.0])
    stopped(log)
    run_dir = write(log, tmp_path / "run")
    with open_run(run_dir) as opened:
        before = status(opened).summary
    assert before["resumed"] == 0
    assert before["active_seconds"] < 60
