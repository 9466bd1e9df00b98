"""A problem that scores in a millisecond, and runs of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from fsdb.config import SearchConfig, Stops
from fsdb.problem.loading import load_problem
from fsdb.samplers.mutation import MutationSampler
from fsdb.search.runs import Outcome, Setting, Watch, resume_run, start_run
from fsdb.state.policies import RESET, load_policy, with_exploration

SQUARES = '''"""Approximate the square of a number."""
import funsearch

INPUTS = {"few": 5, "many": 9}


@funsearch.run
def evaluate(n: int) -> float:
    """Minus the error of square over 0 to n - 1, on average, at most a million."""
    error = sum(min(abs(square(float(x)) - x * x), 1e6) for x in range(n))
    return -error / n


@funsearch.evolve
def square(x: float) -> float:
    """Return x squared, more or less."""
    estimate = 2.0 * x
    if x > 3.0:
        estimate = estimate + 1.0
    return estimate
'''

UNTIMED = {"latency_seconds", "evaluation_seconds", "cpu_seconds"}
"""Columns that a clock fills."""

Start = Callable[..., Outcome]


@pytest.fixture
def problem_file(tmp_path: Path) -> Path:
    """The specification as a file."""
    path = tmp_path / "squares.py"
    path.write_text(SQUARES)
    return path


@pytest.fixture
def start(tmp_path: Path, problem_file: Path) -> Start:
    """Start a run: `start(name, samples=…, …)`; further arguments are those of SearchConfig."""

    def begin(
        name: str,
        *,
        samples: int | None = 100,
        stops: Stops | None = None,
        policy: str = "funsearch",
        explore: float = 0.0,
        reset_policy: str = "survivors:every_programs=60",
        sampler: Any = None,
        setting: Setting | None = None,
        watch: Watch | None = None,
        problem: Any = None,
        model_policy: Any = None,
        **config: Any,
    ) -> Outcome:
        return asyncio.run(
            start_run(
                tmp_path / name,
                problem or load_problem(str(problem_file)),
                SearchConfig(**{"islands": 4, "timeout_seconds": 5.0, **config}),
                with_exploration(load_policy(policy), explore),
                load_policy(reset_policy, RESET),
                stops or Stops(samples=samples),
                sampler or (lambda loaded: MutationSampler(loaded.specification)),
                setting or Setting(processes=2),
                watch or Watch(),
                model_policy,
            )
        )

    return begin


def resume(run_dir: Path, sampler: Any = None, watch: Watch | None = None, **stops: Any) -> Outcome:
    """Resume a run, with other limits if given."""
    return asyncio.run(
        resume_run(
            run_dir,
            lambda before: Stops(**stops) if stops else before,
            lambda started: sampler or (lambda loaded: MutationSampler(loaded.specification)),
            Setting(processes=2),
            watch or Watch(),
        )
    )


def events(run_dir: Path) -> pl.DataFrame:
    """Read the log with polars alone, merged files counted once."""
    files = sorted((run_dir / "events").glob("*.parquet"))
    frame = pl.concat([pl.read_parquet(file) for file in files])
    return frame.unique("seq").sort("seq")


def of_type(run_dir: Path, type: str) -> pl.DataFrame:
    """Return the events of one type as columns, with seq, without what a clock fills."""
    frame = events(run_dir).filter(pl.col("type") == type).select("seq", type).unnest(type)
    return frame.drop([name for name in UNTIMED if name in frame.columns])


def content(run_dir: Path) -> dict[str, pl.DataFrame]:
    """Return what happened in a run, apart from clocks and from where in the log it stands."""
    positions = ["seq", "as_of"]
    kinds = ("prompt_drawn", "completion_received", "program_evaluated", "island_reset")
    return {
        kind: frame.drop([name for name in positions if name in frame.columns])
        for kind, frame in ((kind, of_type(run_dir, kind)) for kind in kinds)
    }
