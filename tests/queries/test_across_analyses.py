"""Analyses across runs: tables of a few runs in, known rows out."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from fsdb.errors import UsageError
from fsdb.queries.catalogue import analysis
from fsdb.report import across
from fsdb.state import database
from tests.queries.rows import picked
from tests.queries.test_operator_analyses import wilson
from tests.report.logs import child, hand_made, stopped, write


class Runs:
    """Tables across runs, filled by hand."""

    def __init__(self) -> None:
        self.con = database.connect([])
        across.define(self.con)

    def add(self, setting: str, seed: int, steps: dict[int, float], samples: int, problem: str = "p") -> None:
        """Add a run: samples until each new best, and in all."""
        run = f"{problem} {setting} {seed}"
        best = max(steps.values(), default=None)
        across._insert(
            self.con,
            "runs",
            [
                {
                    "run": run,
                    "problem": problem,
                    "setting": setting,
                    "seed": seed,
                    "samples": samples,
                    "best_score": best,
                }
            ],
        )
        across._insert(
            self.con,
            "runs_progress",
            [{"run": run, "samples": spent, "score": score} for spent, score in steps.items()],
        )

    def ask(self, name: str, **params: Any) -> list[dict[str, Any]]:
        found = analysis(name)
        result = self.con.execute(found.sql, {**found.defaults, **params})
        columns = [column[0] for column in result.description or ()]
        assert columns == list(found.columns)
        return [dict(zip(columns, row, strict=True)) for row in result.fetchall()]


@pytest.fixture
def runs() -> Iterator[Runs]:
    made = Runs()
    yield made
    made.con.close()


def test_the_success_rate_is_the_papers(runs: Runs) -> None:
    for seed in range(140):
        runs.add("funsearch", seed, {5: 512.0 if seed < 4 else 448.0}, 10)
    (row,) = runs.ask("success_rate", threshold=512.0)
    assert (row["runs"], row["reached"], row["rate"]) == (140, 4, 4 / 140)
    assert (row["rate_low"], row["rate_high"]) == pytest.approx(wilson(4, 140, 0.95))
    assert runs.ask("success_rate") == [row]
    assert runs.ask("success_rate", threshold=600.0)[0]["reached"] == 0


def test_the_best_at_a_budget_counts_what_was_found_within_it(runs: Runs) -> None:
    runs.add("a", 0, {1: 1.0, 10: 5.0}, 20)
    runs.add("a", 1, {1: 3.0}, 20)
    runs.add("b", 0, {1: 2.0}, 8)
    rows = runs.ask("best_at_budget")
    columns = ("setting", "budget", "runs", "shorter", "mean_best", "median_best", "worst", "best")
    assert picked(rows, *columns) == [
        ("a", 8.0, 2, 0, 2.0, 2.0, 1.0, 3.0),
        ("b", 8.0, 1, 0, 2.0, 2.0, 2.0, 2.0),
    ]
    assert (rows[0]["mean_best_low"], rows[0]["mean_best_high"]) == (1.0, 3.0)
    assert picked(runs.ask("best_at_budget", budget=20.0), *columns) == [
        ("a", 20.0, 2, 0, 4.0, 4.0, 3.0, 5.0),
        ("b", 20.0, 0, 1, None, None, None, None),
    ]


def test_the_bootstrap_interval_is_near_the_normal_one(runs: Runs) -> None:
    values = [math.sin(seed) for seed in range(60)]
    for seed, value in enumerate(values):
        runs.add("a", seed, {1: value}, 1)
    (row,) = runs.ask("best_at_budget", resamples=2000)
    mean = sum(values) / 60
    reach = 1.96 * math.sqrt(sum((value - mean) ** 2 for value in values) / 59) / math.sqrt(60)
    assert row["mean_best_low"] == pytest.approx(mean - reach, abs=0.03)
    assert row["mean_best_high"] == pytest.approx(mean + reach, abs=0.03)
    assert runs.ask("best_at_budget", resamples=2000) == [row]  # the same every time


def test_settings_are_compared_seed_by_seed(runs: Runs) -> None:
    for seed, (a, b) in enumerate([(1.0, 3.0), (2.0, 3.0), (3.0, 3.0), (9.0, 8.0)]):
        runs.add("a", seed, {1: a}, 5)
        runs.add("b", seed, {1: b}, 5)
    runs.add("b", 99, {1: 100.0}, 5)  # no run of a has its seed
    (row,) = runs.ask("paired_comparison")
    columns = ("setting", "other", "pairs", "mean_best", "other_mean_best", "difference", "wins", "ties")
    assert picked([row], *columns) == [("b", "a", 4, 4.25, 3.75, 0.5, 2, 1)]
    assert row["superiority"] == 2.5 / 4
    assert (row["superiority_low"], row["superiority_high"]) == pytest.approx(wilson_of(2.5, 4))
    assert -1.0 <= row["difference_low"] < 0.5 < row["difference_high"] <= 2.0
    assert row["differs"] is False
    for seed in range(100, 110):
        runs.add("c", seed, {1: 1.0 + seed / 1000}, 5)
        runs.add("d", seed, {1: 0.5}, 5)
    better = next(row for row in runs.ask("paired_comparison") if row["setting"] == "c")
    assert (better["other"], better["wins"], better["differs"]) == ("d", 10, True)


def wilson_of(hits: float, trials: int) -> tuple[float, float]:
    low, high = wilson(int(hits * 2), trials * 2, 0.95)  # of integers only, so by hand:
    z = 1.959963984540054
    middle = (hits + z * z / 2) / (trials + z * z)
    reach = z * math.sqrt(hits * (trials - hits) / trials + z * z / 4) / (trials + z * z)
    assert low > middle - reach
    assert high < middle + reach
    return middle - reach, middle + reach


def test_time_to_target_knows_runs_that_ended_without_it(runs: Runs) -> None:
    runs.add("a", 0, {10: 5.0}, 100)
    runs.add("a", 1, {30: 5.0}, 100)
    runs.add("a", 2, {1: 1.0}, 20)  # ended early: it might yet have
    runs.add("a", 3, {1: 1.0}, 100)
    columns = ("threshold", "spent", "reached", "runs", "share", "at_risk")
    rows = runs.ask("time_to_target")
    assert picked(rows, *columns) == [(5.0, 10.0, 1, 4, 0.25, 4), (5.0, 30.0, 2, 4, 0.5, 2)]
    assert [row["kaplan_meier"] for row in rows] == pytest.approx([1 / 4, 1 - 3 / 4 * 1 / 2])
    assert runs.ask("time_to_target", threshold=6.0) == []


def test_writers_are_compared_with_mutation(runs: Runs) -> None:
    runs.add("a", 0, {1: 1.0}, 5)
    runs.add("b", 0, {1: 1.0}, 5)
    for run, writer, hits in (("p a 0", "mutation", 10), ("p b 0", "mutation", 10), ("p b 0", "m", 60)):
        row = {"run": run, "writer": writer, "proposals": 110, "valid": 55, "trials": 100}
        across._insert(runs.con, "runs_operators", [{**row, "beats_parent": hits, "global_best": 11}])
    columns = ("writer", "runs", "proposals", "valid_share", "beats_parent_share", "global_best_share")
    rows = runs.ask("runs_writers")
    assert picked(rows, *columns) == [("m", 1, 110, 0.5, 0.6, 0.1), ("mutation", 2, 220, 0.5, 0.1, 0.1)]
    low, high = wilson(60, 100, 0.95)
    base_low, base_high = wilson(20, 200, 0.95)
    assert rows[0]["difference"] == pytest.approx(0.5)
    assert rows[0]["difference_low"] == pytest.approx(0.5 - math.hypot(0.6 - low, base_high - 0.1))
    assert rows[0]["difference_high"] == pytest.approx(0.5 + math.hypot(high - 0.6, 0.1 - base_low))
    assert rows[1]["difference"] is None


def test_the_tables_are_filled_from_logs(tmp_path: Path) -> None:
    for name, seed, params in (("one", 1, '{"t":1}'), ("two", 2, '{"t":2}')):
        log = hand_made(tmp_path, seed=seed, policy_params=params)
        start = log.evaluated([-9.0, -9.0])
        child(log, [-float(seed), -1.0], [start])
        stopped(log)
        write(log, tmp_path / name)
    with across.connect([tmp_path / "one", tmp_path / "two"]) as con:
        found = con.sql("select run, setting, seed, samples, best_score from runs order by run").fetchall()
        assert found == [
            ("one", "mutation funsearch t=1", 1, 1, -1.0),
            ("two", "mutation funsearch t=2", 2, 1, -1.5),
        ]
        steps = con.sql("select run, samples, score from runs_progress order by all").fetchall()
        assert steps == [("one", 0, -9.0), ("one", 1, -1.0), ("two", 0, -9.0), ("two", 1, -1.5)]
        writers = con.sql(
            "select run, writer, trials, beats_parent from runs_operators order by all"
        ).fetchall()
        assert writers == [("one", "mutation", 1, 1), ("two", "mutation", 1, 1)]
        assert con.sql("select reached from success_rate(threshold := -1.2) order by all").fetchall() == [
            (0,),
            (1,),
        ]
    with pytest.raises(UsageError, match="called one"):
        across.connect([tmp_path / "one", tmp_path / "one"])


def test_settings_are_called_by_what_differs() -> None:
    base = {"sampler": "mutation", "policy": "funsearch", "islands": 10, "policy_params": '{"t":1,"k":2}'}
    greedy = {**base, "policy": "greedy", "policy_params": '{"k":3}'}
    model = {**base, "model": "m", "sampler": "openai", "islands": 4}
    assert across.setting_names([base, base]) == ["mutation funsearch"] * 2
    assert across.setting_names([base, greedy]) == ["mutation funsearch", "mutation greedy"]
    assert across.setting_names([base, {**base, "policy_params": '{"t":2,"k":2}'}, greedy]) == [
        "mutation funsearch t=1",
        "mutation funsearch t=2",
        "mutation greedy",
    ]
    assert across.setting_names([base, model]) == ["mutation funsearch islands=10", "m funsearch islands=4"]


def test_no_runs_are_no_rows(runs: Runs) -> None:
    for name in ("success_rate", "best_at_budget", "paired_comparison", "time_to_target", "runs_writers"):
        assert runs.ask(name) == []
    assert isinstance(runs.con, duckdb.DuckDBPyConnection)
