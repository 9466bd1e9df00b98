"""Answers from another run's log: the run again without a call, and on from where the record ends."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from fsdb.errors import FsdbError
from fsdb.problem.specification import Problem
from fsdb.samplers.base import Sampler
from fsdb.samplers.openai import OpenAISampler
from fsdb.samplers.openai.models import ModelSettings
from fsdb.search.answers import RecordedAnswers
from tests.model_server import ModelServer, Status
from tests.search.conftest import Start, content, of_type, resume
from tests.search.test_resume import interrupt_after

MakeSampler = Callable[[Problem], Sampler]
SPENT = ("tokens_in", "tokens_out", "cost_usd", "latency_seconds", "request_id", "completion_id")
MARKED = ("answered_run", "answered_seq")


def asking(server: ModelServer, **settings: Any) -> MakeSampler:
    model = ModelSettings(model=server.model, base_url=server.base_url, retries=0, **settings)
    return lambda problem: OpenAISampler(problem, [model], api_keys={model.name: server.key})


def answering(
    make: MakeSampler, *records: Path, own: Path | None = None, offline: bool = False
) -> MakeSampler:
    return lambda problem: RecordedAnswers(make(problem), records, own, offline=offline)


def comparable(run_dir: Path) -> dict[str, pl.DataFrame]:
    """Return what happened, without what was spent, by whom, and in which order answers came."""
    found = content(run_dir)
    received = found["completion_received"].sort("draw_id", "ordinal")
    found["completion_received"] = received.drop(
        name for name in (*SPENT, *MARKED) if name in received.columns
    )
    found["program_evaluated"] = found["program_evaluated"].drop("completion_id")
    return found


def same(one: Path, other: Path, until_draw: int = 10**9) -> None:
    for kind, frame in comparable(one).items():
        again = comparable(other)[kind]
        if "draw_id" in frame.columns:
            frame, again = (f.filter(pl.col("draw_id").fill_null(-1) < until_draw) for f in (frame, again))
            assert again.equals(frame), kind


def test_a_run_again_asks_nothing_and_goes_on_live_where_the_record_ends(
    start: Start, tmp_path: Path
) -> None:
    shared: dict[str, Any] = {"in_order": True, "random_programs": 0, "batch_draws": 2, "window_draws": 6}
    with ModelServer() as server:
        start("record", samples=32, sampler=asking(server), **shared)
        asked = len(server.requests)
        again = answering(asking(server), tmp_path / "record", offline=True)
        done = start("again", samples=32, sampler=again, **shared)
        assert len(server.requests) == asked
        same(tmp_path / "record", tmp_path / "again")
        received = of_type(tmp_path / "again", "completion_received")
        assert received["answered_run"].null_count() == 0
        assert received["tokens_in"].sum() == received["tokens_out"].sum() == 0
        assert (done.progress["tokens_in"] or 0) == 0

        # Killed in the middle and taken up again: the same once more.
        start("part", samples=32, sampler=again, watch=interrupt_after(3), **shared)
        part = answering(asking(server), tmp_path / "record", own=tmp_path / "part", offline=True)
        resume(tmp_path / "part", sampler=part)
        same(tmp_path / "record", tmp_path / "part")

        longer = answering(asking(server), tmp_path / "record")
        start("longer", samples=48, sampler=longer, **shared)
        same(tmp_path / "record", tmp_path / "longer", until_draw=8)
        received = of_type(tmp_path / "longer", "completion_received")
        live = received.filter(pl.col("answered_run").is_null())
        assert len(live) >= 12
        assert live["tokens_in"].null_count() == 0


def test_offline_ends_where_the_record_ends_and_says_what_was_missing(start: Start, tmp_path: Path) -> None:
    with ModelServer() as server:
        server.next(*[Status(500)] * 8)
        start("record", samples=16, in_order=True, random_programs=0, sampler=asking(server, temperature=0.5))
        failed = of_type(tmp_path / "record", "completion_received")["error"].drop_nulls()
        assert len(failed) > 0
        asked = len(server.requests)
        cases = {
            "failed attempts are no answers": asking(server, temperature=0.5),
            "other parameters are other answers": asking(server, temperature=0.7),
        }
        for name, make in cases.items():
            again = answering(make, tmp_path / "record", offline=True)
            with pytest.raises(FsdbError, match="the record ends at draw") as caught:
                start(name, samples=16, in_order=True, random_programs=0, sampler=again)
            assert "--offline" in caught.value.cure
            assert of_type(tmp_path / name, "run_stopped")["reason"].to_list() == ["error"]
        assert len(server.requests) == asked
