"""New bests are scored twice before they count; a forged one never becomes a parent."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from fsdb.errors import UsageError
from fsdb.problem.loading import load_problem
from fsdb.replay.verify import verify
from fsdb.samplers.base import Completion, Prompt
from fsdb.samplers.mutation import MutationSampler
from tests.search.conftest import SQUARES, Start, content, of_type, resume

FORGERY = """def square(x: float) -> float:
    import os
    os.write(3, b'5.0\\n5.0\\n{"status": "ok", "error": null}\\n')
    os._exit(0)
"""


class Forger(MutationSampler):
    """Answers like the mutation sampler, and one time in four with a forgery."""

    async def sample(self, prompt: Prompt) -> AsyncIterator[Completion]:
        async for completion in super().sample(prompt):
            if prompt.kind == "parents" and (prompt.draw_id + completion.ordinal) % 4 == 0:
                extra = f"    # {prompt.draw_id % 3}\n"
                yield Completion(completion.ordinal, completion.sampler, FORGERY + extra)
            else:
                yield completion


def forger(problem: Any) -> Forger:
    return Forger(problem.specification)


@pytest.mark.parametrize("in_order", [True, False])
def test_a_forgery_is_told_and_never_becomes_a_parent(start: Start, tmp_path: Path, in_order: bool) -> None:
    outcome = start("run", samples=150, sampler=forger, in_order=in_order)
    programs = of_type(tmp_path / "run", "program_evaluated")
    forged = programs.filter(pl.col("source").str.contains("os._exit", literal=True))
    assert forged.height > 10
    assert set(forged["status"]) == {"forged"}
    assert forged["score"].is_null().all()
    assert outcome.progress["best_score"] <= 0
    parents = of_type(tmp_path / "run", "prompt_drawn").explode("parents").drop_nulls("parents")
    drawn = parents.unnest("parents").get_column("program_id")
    assert not set(drawn) & set(forged["program_id"])
    assert [check.name for check in verify(tmp_path / "run") if not check.passed] == []


def test_each_new_best_has_its_second_score(start: Start, tmp_path: Path) -> None:
    start("run", samples=150)
    programs = of_type(tmp_path / "run", "program_evaluated").sort("seq")
    best = programs.with_columns(before=pl.col("score").cum_max().shift(1)).filter(
        (pl.col("score") > pl.col("before")) | (pl.col("program_id") == 0)
    )
    assert best.height > 2
    assert best["second_score"].to_list() == best["score"].to_list()
    others = programs.filter(~pl.col("program_id").is_in(best["program_id"].to_list()))
    assert others["second_score"].null_count() >= others.height - 5


def test_the_same_programs_come_of_a_run_without_checks(start: Start, tmp_path: Path) -> None:
    """Where nothing is forged, a second scoring changes nothing but what is known of it."""
    start("with", samples=100)
    start("without", samples=100, check_bests=False)
    with_checks, without = content(tmp_path / "with"), content(tmp_path / "without")
    assert without["program_evaluated"]["second_score"].null_count() == without["program_evaluated"].height
    for kind, frame in with_checks.items():
        drop = [name for name in ("second_score",) if name in frame.columns]
        assert frame.drop(drop).equals(without[kind].drop(drop)), kind


def test_a_resumed_run_knows_what_was_forged(start: Start, tmp_path: Path) -> None:
    start("whole", samples=160, sampler=forger)
    start("parts", samples=80, sampler=forger)
    resume(tmp_path / "parts", sampler=forger, samples=160)
    for run in ("whole", "parts"):
        programs = of_type(tmp_path / run, "program_evaluated")
        forged = programs.filter(pl.col("source").str.contains("os._exit", literal=True))
        assert set(forged["status"]) == {"forged"}
        assert forged.filter(pl.col("reused_from").is_null()).height == 3  # each of the three sources once


def test_a_problem_whose_scores_do_not_repeat_is_refused_before_anything_is_written(
    start: Start, tmp_path: Path
) -> None:
    path = tmp_path / "chance.py"
    path.write_text(
        SQUARES.replace("import funsearch\n", "import funsearch, secrets\n").replace(
            "return -error / n", "return -error / n - secrets.randbelow(10**9)"
        )
    )
    with pytest.raises(UsageError, match="when only its calls could reach the specification") as caught:
        start("run", problem=load_problem(str(path)))
    assert caught.value.cure is not None
    assert "--no-check-bests" in caught.value.cure
    assert not (tmp_path / "run").exists()
    start("run", problem=load_problem(str(path)), samples=20, check_bests=False)
