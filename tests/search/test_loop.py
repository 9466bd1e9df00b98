"""The search from end to end, with the real sampler, evaluator and log."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest

from fsdb.config import Stops
from fsdb.errors import FsdbError, UsageError
from fsdb.log import read_files
from fsdb.problem.loading import load_problem
from fsdb.samplers.base import Completion, Prompt
from fsdb.samplers.mutation import MutationSampler
from fsdb.search.runs import Setting, Watch
from fsdb.state import database
from fsdb.state.projection import differences
from tests.search.conftest import Start, content, events, of_type


class Scripted(MutationSampler):
    """Answers prompts with what the test says, and random prompts as always."""

    name = "scripted"

    def __init__(self, specification, answer):
        super().__init__(specification)
        self.answer = answer

    async def sample(self, prompt: Prompt) -> AsyncIterator[Completion]:
        for ordinal in prompt.ordinals:
            text = self.answer(prompt, ordinal)
            error = None if text is not None else "the model is down"
            yield Completion(ordinal=ordinal, sampler=self.name, text=text, error=error)


def scripted(answer):
    return lambda problem: Scripted(problem.specification, answer)


def test_a_run_asks_for_exactly_the_samples_and_improves(start: Start, tmp_path: Path) -> None:
    outcome = start("run", samples=203)
    assert outcome.reason == "samples"
    assert outcome.progress["samples"] == 203
    assert outcome.progress["programs"] == 203
    seed = of_type(tmp_path / "run", "program_evaluated")["score"][0]
    assert outcome.progress["best_score"] > seed
    assert outcome.events == events(tmp_path / "run").height


def test_every_event_is_durable_before_anything_acts_on_it(start: Start, tmp_path: Path) -> None:
    start("run", samples=150)
    drawn = of_type(tmp_path / "run", "prompt_drawn")
    received = of_type(tmp_path / "run", "completion_received").join(drawn, on="draw_id", suffix="_draw")
    assert (received["seq"] > received["seq_draw"]).all()
    judged = of_type(tmp_path / "run", "program_evaluated").filter(pl.col("draw_id").is_not_null())
    judged = judged.join(received.select("completion_id", received_seq="seq"), on="completion_id")
    assert judged.height == 150
    assert (judged["seq"] > judged["received_seq"]).all()
    parents = drawn.explode("parents").drop_nulls("parents").unnest("parents")
    programs = of_type(tmp_path / "run", "program_evaluated").select("program_id", program_seq="seq")
    parents = parents.join(programs, on="program_id")
    assert (parents["program_seq"] <= parents["as_of"]).all()
    assert (parents["as_of"] < parents["seq"]).all()


def test_the_projections_equal_the_views_at_every_commit(start: Start, tmp_path: Path) -> None:
    checked = []

    def committed(ledger):
        files = [file.path for file in read_files(tmp_path / "run")]
        with database.connect(files) as con:
            assert differences(ledger.con, con) == []
        checked.append(ledger.as_of)

    bad = ["def square(x:", "def square(x):\n    return 1 / 0\n", "def square(x):\n    return float('nan')\n"]

    def answer(prompt: Prompt, ordinal: int) -> str:
        if ordinal < 2:
            return f"def square(x):\n    return x * x - {prompt.draw_id % 30 / 100}\n"
        return bad[prompt.draw_id % 3] if ordinal == 2 else prompt.parents[-1].source

    start("run", samples=240, sampler=scripted(answer), watch=Watch(committed=committed))
    statuses = set(of_type(tmp_path / "run", "program_evaluated")["status"])
    assert {"ok", "syntax_error", "runtime_error", "invalid_score", "duplicate", "stale"} <= statuses
    assert of_type(tmp_path / "run", "island_reset").height >= 2
    assert len(checked) > 15


def test_one_source_is_run_once_and_its_result_shared(start: Start, tmp_path: Path) -> None:
    start("run", samples=80, sampler=scripted(lambda prompt, ordinal: "def square(x):\n    return x * x\n"))
    judged = of_type(tmp_path / "run", "program_evaluated")
    same = judged.filter(pl.col("source") == "def square(x):\n    return x * x\n")
    first = same.filter(pl.col("reused_from").is_null())
    assert first.height == 1
    assert set(same["reused_from"].drop_nulls()) == {first["program_id"][0]}
    assert set(same["score"]) == {0.0}
    assert same.filter(pl.col("status") == "ok").group_by("island_id", "epoch").len()["len"].max() == 1


@pytest.mark.parametrize("reset_policy", ["survivors:every_programs=40", "random:every_programs=40"])
def test_reset_islands_start_again(start: Start, tmp_path: Path, reset_policy: str) -> None:
    start("run", samples=220, reset_policy=reset_policy)
    resets = of_type(tmp_path / "run", "island_reset")
    assert resets.height >= 3
    fallen = resets.explode("islands").unnest("islands", separator=".").filter(pl.col("islands.reset"))
    judged = of_type(tmp_path / "run", "program_evaluated")
    for row in fallen.iter_rows(named=True):
        born = judged.filter(
            (pl.col("island_id") == row["islands.island_id"]) & (pl.col("epoch") == row["islands.epoch"] + 1)
        )
        sampler = born.sort("program_id")["sampler"][0] if born.height else None
        if reset_policy.startswith("survivors"):
            assert sampler == "founder"
            assert born["parents"][0].to_list() == [row["islands.founder_program_id"]]
        else:
            assert row["islands.founder_program_id"] is None
            assert sampler in ("mutation", None)
    assert (fallen.group_by("reset_id").len()["len"] == 2).all()


def test_a_seed_gives_the_same_run_in_any_process(tmp_path: Path, problem_file: Path) -> None:
    runs = []
    for hash_seed, processes in (("1", "1"), ("2", "2")):
        name = f"run{hash_seed}"
        command = [
            *(sys.executable, "-m", "fsdb", "run", str(problem_file), "--json", "--samples", "160"),
            *("--seed", "7", "--islands", "4", "--runs-dir", str(tmp_path), "--name", name),
            *("--processes", processes, "--reset-policy", "survivors:every_programs=50"),
        ]
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
        done = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
        assert json.loads(done.stdout)["samples"] == 160
        runs.append(tmp_path / name)
    for kind in ("prompt_drawn", "completion_received", "program_evaluated", "island_reset"):
        assert of_type(runs[0], kind).equals(of_type(runs[1], kind)), kind


def test_another_seed_gives_another_run(start: Start, tmp_path: Path) -> None:
    start("one", samples=40, seed=1)
    start("two", samples=40, seed=2)
    assert not content(tmp_path / "one")["prompt_drawn"].equals(content(tmp_path / "two")["prompt_drawn"])


def test_draws_see_what_the_window_promises(start: Start, tmp_path: Path) -> None:
    start("run", samples=300, batch_draws=3, window_draws=12, reset_policy="none", random_programs=0)
    drawn = of_type(tmp_path / "run", "prompt_drawn")
    landed = (
        of_type(tmp_path / "run", "program_evaluated")
        .drop_nulls("draw_id")
        .group_by("draw_id")
        .agg(pl.col("seq").max())
    )
    landed_by = dict(landed.iter_rows())
    for draw_id, as_of in drawn.select("draw_id", "as_of").iter_rows():
        seen = {other for other, seq in landed_by.items() if seq <= as_of}
        assert seen == set(range(max(0, draw_id // 3 * 3 - 9)))


def test_running_free_evaluates_everything_too(start: Start, tmp_path: Path) -> None:
    outcome = start("run", samples=150, in_order=False)
    assert outcome.reason == "samples"
    judged = of_type(tmp_path / "run", "program_evaluated").drop_nulls("draw_id")
    assert sorted(judged["completion_id"]) == list(range(150))


def test_a_target_ends_the_run(start: Start) -> None:
    answer = scripted(lambda prompt, ordinal: "def square(x):\n    return x * x\n")
    outcome = start("run", samples=4000, stops=Stops(samples=4000, target=-0.001), sampler=answer)
    assert outcome.reason == "target"
    assert outcome.progress["best_score"] == 0.0
    assert outcome.progress["samples"] < 200


def test_minutes_end_the_run(start: Start) -> None:
    outcome = start("run", stops=Stops(minutes=0.02))
    assert outcome.reason == "minutes"
    assert outcome.progress["programs"] == outcome.progress["samples"]


def test_a_sampler_that_is_down_ends_the_run_and_loses_nothing(start: Start, tmp_path: Path) -> None:
    with pytest.raises(FsdbError, match=r"times in a row no completion worked; .*the model is down"):
        start("run", samples=4000, sampler=scripted(lambda prompt, ordinal: None))
    stopped = of_type(tmp_path / "run", "run_stopped")
    assert stopped["reason"].to_list() == ["error"]


def test_a_seed_program_that_fails_is_said_before_anything_is_written(start: Start, tmp_path: Path) -> None:
    path = tmp_path / "broken.py"
    path.write_text(
        "import funsearch\nINPUTS = {'a': 1, 'b': 0}\n\n"
        "@funsearch.run\ndef evaluate(n):\n    return f(n)\n\n\n"
        "@funsearch.evolve\ndef f(n):\n    return 1 / n\n"
    )
    with pytest.raises(UsageError, match=r"initial program failed on input 'b'.*ZeroDivisionError"):
        start("run", problem=load_problem(str(path)))
    assert not (tmp_path / "run").exists()


def test_the_log_reads_alike_with_polars_and_pyarrow_alone(start: Start, tmp_path: Path) -> None:
    outcome = start("run", samples=120)
    judged = of_type(tmp_path / "run", "program_evaluated")
    assert judged["score"].max() == outcome.progress["best_score"]
    assert judged.drop_nulls("draw_id").height == outcome.progress["programs"]
    tables = [pq.read_table(file) for file in sorted((tmp_path / "run" / "events").glob("*.parquet"))]
    rows = [row for table in tables for row in table.select(["type", "program_evaluated"]).to_pylist()]
    scores = [row["program_evaluated"]["score"] for row in rows if row["type"] == "program_evaluated"]
    assert max(score for score in scores if score is not None) == outcome.progress["best_score"]
    assert len(scores) == judged.height


def test_commits_are_grouped_as_asked(start: Start, tmp_path: Path) -> None:
    files = []

    def committed(ledger):
        files.extend(read_files(tmp_path / "run"))

    setting = Setting(processes=2, commit_events=4, commit_seconds=0.001)
    start("run", samples=60, in_order=False, setting=setting, watch=Watch(committed=committed))
    assert events(tmp_path / "run")["seq"].to_list() == list(range(events(tmp_path / "run").height))
    assert files
