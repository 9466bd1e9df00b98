"""Forks: a run of its own with another run's past, which goes on as that did, or another way."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fsdb.config import Stops
from fsdb.errors import LogError
from fsdb.replay.verify import verify
from fsdb.report.forks import fork_point
from fsdb.report.runs import open_run
from fsdb.samplers.mutation import MutationSampler
from fsdb.search.forks import fork_settings, write_fork
from fsdb.search.runs import Outcome, Setting, Watch, resume_run
from fsdb.state.database import STATE_VIEWS
from fsdb.state.policies import RESET, load_policy
from tests.model_server import ModelServer
from tests.search.conftest import Start, events, of_type
from tests.search.test_answers import answering, asking, same
from tests.search.test_resume import interrupt_after

RESETS = "survivors:every_programs=24"
SMALL = {"batch_draws": 1, "window_draws": 4}


@pytest.fixture
def parent(start: Start, tmp_path: Path) -> Path:
    start("parent", samples=64, islands=2, random_programs=2, reset_policy=RESETS, **SMALL)
    return tmp_path / "parent"


def fork(parent: Path, seq: int, name: str, samples: int, policy: str = "funsearch", seed: int = 0) -> Path:
    run_dir = parent.with_name(name)
    said = fork_settings(
        load_policy(policy), load_policy(RESETS, RESET), seed, Stops(samples=samples).to_json()
    )
    with open_run(parent) as log:
        point = fork_point(log, str(seq))
    write_fork(parent, point.seq, run_dir, point.open_draws, said)
    return run_dir


def go_on(run_dir: Path, sampler: Any = None, watch: Watch | None = None) -> Outcome:
    return asyncio.run(
        resume_run(
            run_dir,
            lambda before: before,
            lambda started: sampler or (lambda problem: MutationSampler(problem.specification)),
            Setting(processes=2),
            watch or Watch(),
        )
    )


def state(run_dir: Path, seq: int) -> dict[str, list[dict[str, Any]]]:
    with open_run(run_dir) as log:
        return {
            view: [
                {name: value for name, value in row.items() if name != "run_id"}
                for row in log.rows(f"from {view}_as_of({seq}) order by all")
            ]
            for view in STATE_VIEWS
        }


def test_the_state_of_a_fork_is_the_runs_as_of_the_event(parent: Path) -> None:
    last = events(parent)["seq"].max()
    number = iter(range(100))

    @settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.integers(2, last))
    def holds(seq: int) -> None:
        run_dir = fork(parent, seq, f"fork-{next(number)}", 100, "greedy", seed=9)
        shared = of_type(run_dir, "run_started")["parent_seq"][0]
        assert shared >= seq
        assert state(run_dir, shared) == state(parent, shared)
        assert [check for check in verify(run_dir) if not check.passed] == []

    holds()


def test_under_the_runs_own_policy_and_seed_a_fork_goes_on_as_it_did(parent: Path) -> None:
    drawn = of_type(parent, "prompt_drawn").filter(pl.col("kind") == "parents")
    seq = drawn["as_of"][len(drawn) // 2]
    run_dir = fork(parent, seq, "again", 64)
    assert go_on(run_dir).reason == "samples"
    same(parent, run_dir)
    assert [check for check in verify(run_dir) if not check.passed] == []


def test_a_fork_under_another_policy_is_interrupted_resumed_and_forked_again(parent: Path) -> None:
    with open_run(parent) as log:
        point = fork_point(log, "reset:0")
    run_dir = fork(parent, point.seq, "child", 80, "uniform", seed=5)
    assert go_on(run_dir, watch=interrupt_after(2)).reason == "interrupted"
    assert go_on(run_dir).reason == "samples"
    assert [check for check in verify(run_dir) if not check.passed] == []
    drawn = of_type(run_dir, "prompt_drawn").filter(pl.col("kind") == "parents")
    assert drawn["policy"].unique(maintain_order=True).to_list() == ["funsearch", "uniform"]
    assert drawn["seed"].unique(maintain_order=True).to_list() == [0, 5]
    assert of_type(run_dir, "program_evaluated")["completion_id"].drop_nulls().n_unique() == 80

    last = events(run_dir)["seq"].max()
    grandchild = fork(run_dir, last, "grandchild", 96, "rank", seed=6)
    assert go_on(grandchild).reason == "samples"
    assert [check for check in verify(grandchild) if not check.passed] == []
    assert of_type(grandchild, "run_forked")["parent_name"].to_list() == ["parent", "child"]
    drawn = of_type(grandchild, "prompt_drawn").filter(pl.col("kind") == "parents")
    assert drawn["policy"].unique(maintain_order=True).to_list() == ["funsearch", "uniform", "rank"]


def test_answers_that_the_run_paid_for_are_not_asked_for_again(start: Start, tmp_path: Path) -> None:
    shared: dict[str, Any] = {"in_order": True, "random_programs": 0, "batch_draws": 2, "window_draws": 6}
    with ModelServer() as server:
        start("parent", samples=32, sampler=asking(server), reset_policy=RESETS, **shared)
        parent = tmp_path / "parent"
        seq = of_type(parent, "prompt_drawn")["as_of"][4]
        run_dir, asked = fork(parent, seq, "again", 32), len(server.requests)
        go_on(run_dir, answering(asking(server), parent, own=run_dir, offline=True))
        assert len(server.requests) == asked
        same(parent, run_dir)


def test_a_copy_that_was_cut_off_is_no_run(parent: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object) -> None:
        raise OSError("cut off")

    monkeypatch.setattr("fsdb.search.forks.sync_directory", fail)
    with pytest.raises(OSError, match="cut off"):
        fork(parent, 10, "child", 80)
    assert not parent.with_name("child").exists()
    monkeypatch.undo()
    fork(parent, 10, "child", 80)
    with pytest.raises(LogError, match="already"):
        fork(parent, 10, "child", 80)
