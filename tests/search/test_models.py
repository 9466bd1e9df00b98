"""Runs that ask models: every request and token accounted for, budgets kept, choices made again."""

from __future__ import annotations

import base64
import os
import signal
import subprocess
import sys
import time
import traceback
from collections import Counter
from contextlib import ExitStack, suppress
from pathlib import Path

import polars as pl
import pytest

from fsdb.config import Stops
from fsdb.errors import FsdbError
from fsdb.replay.exact import replay_exactly
from fsdb.replay.history import History
from fsdb.replay.models import models_again
from fsdb.report.runs import RunLog
from fsdb.samplers.openai import ModelSettings, OpenAISampler, breaker
from fsdb.search.runs import Watch
from fsdb.state.models import MODEL
from fsdb.state.policies import load_policy
from tests.model_server import ModelServer, Slow, Status
from tests.search.conftest import of_type, resume

KEY = "sk-planted/key+0123456789"


@pytest.fixture(autouse=True)
def _environment(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setattr(breaker, "FIRST_WAIT_SECONDS", 0.2)


def sampler_of(servers, **options):
    """Return what makes a sampler that asks these servers, by name."""
    models = [
        ModelSettings(
            **{
                "model": server.model,
                "name": name,
                "base_url": server.base_url,
                "timeout": 5.0,
                "retries": 1,
                "concurrency": 4,
                "price_in": 1.0,
                "price_out": 2.0,
                **options,
            }
        )
        for name, server in servers.items()
    ]
    return lambda problem: OpenAISampler(problem, models)


def free(**more):
    return {"in_order": False, "batch_draws": 4, "window_draws": 12, "random_programs": 0, **more}


class Limited(ModelServer):
    """A server that answers one request in two with a 429."""

    def started(self, request):
        step = super().started(request)
        return Status(429, retry_after=0.01) if self.attempts % 2 else step


@pytest.fixture
def three():
    """A slow server, a rate-limited one and a broken one."""
    with ExitStack() as stack:
        yield {
            "slow": stack.enter_context(ModelServer(key=KEY, always=Slow(0.15))),
            "limited": stack.enter_context(Limited(key=KEY, several="no")),
            "broken": stack.enter_context(ModelServer(key=KEY, always=Status(500, "broken {key}"))),
        }


def assert_exact(run: Path, servers, samples: int) -> None:
    """Check that the log's attempts and tokens are the servers' own, and each sample is there once."""
    attempts = of_type(run, "request_attempted").filter(pl.col("outcome") != "lost")
    received = of_type(run, "completion_received")
    for name, server in servers.items():
        own = attempts.filter(pl.col("model") == name)
        assert len(own) == server.attempts, name
        assert own["tokens_in"].sum() == server.tokens_in, name
        assert own["tokens_out"].sum() == server.tokens_out, name
    for column in ("tokens_in", "tokens_out", "cost_usd"):
        assert received[column].sum() == pytest.approx(attempts[column].sum(), rel=1e-12)
    assert received.select("draw_id", "ordinal").is_unique().all()
    assert len(received) == samples
    judged = of_type(run, "program_evaluated").drop_nulls("completion_id")
    assert Counter(judged["completion_id"].to_list()) == Counter(received["completion_id"].to_list())


def test_three_servers_of_which_two_are_ill_are_accounted_for_exactly(start, tmp_path, three):
    notices: list[str] = []
    outcome = start(
        "ill", samples=60, sampler=sampler_of(three), watch=Watch(noticed=notices.append), **free()
    )
    assert outcome.reason == "samples"
    assert_exact(tmp_path / "ill", three, 60)
    received = of_type(tmp_path / "ill", "completion_received")
    assert received["error"].null_count() == 60
    assert set(received["model_asked"]) == {"slow", "limited"}
    outcomes = set(of_type(tmp_path / "ill", "request_attempted")["outcome"])
    assert {"answered", "rate_limited", "server_error"} <= outcomes
    assert any("broken is set aside" in notice for notice in notices)
    drawn = of_type(tmp_path / "ill", "prompt_drawn")
    assert set(drawn["model"]) == set(three)
    assert set(drawn["model_propensity"].round(12)) == {round(1 / 3, 12)}
    for path in (tmp_path / "ill").rglob("*.parquet"):
        assert KEY.encode() not in path.read_bytes()
    assert KEY not in " ".join(notices)


@pytest.mark.parametrize("policy", ["weighted", "ucb", "thompson:per=tokens"])
def test_models_are_drawn_again_from_the_log_alone(start, tmp_path, policy):
    with ModelServer() as one, ModelServer() as two:
        start(
            "drawn",
            samples=48,
            sampler=sampler_of({"one": one, "two": two}),
            model_policy=load_policy(policy, MODEL),
            **free(window_draws=4),
        )
    with History(RunLog(tmp_path / "drawn")) as history:
        choices = list(models_again(history))
        exact = replay_exactly(history)
    assert len(choices) == exact.draws == 12
    for _, _, logged, again in choices:
        assert logged == again
    assert exact.differences == []


def test_a_budget_in_dollars_is_not_exceeded_and_nearly_used(start, tmp_path):
    with ModelServer() as server:
        sampler = sampler_of({"m": server}, max_tokens=60)
        stops = Stops(samples=400, budget_usd=0.02)
        outcome = start("dollars", stops=stops, sampler=sampler, **free())
    assert outcome.reason == "usd"
    spent = of_type(tmp_path / "dollars", "completion_received")["cost_usd"].sum()
    assert 0.75 * 0.02 < spent <= 0.02


def test_a_budget_of_tokens_that_nobody_reports_stops_the_run(start, tmp_path):
    stops = Stops(samples=40, budget_tokens=9_000)
    with ModelServer(usage=False) as server:
        sampler = sampler_of({"m": server})
        with pytest.raises(FsdbError, match="m reports no tokens"):
            start("blind", stops=stops, sampler=sampler, **free())
    assert len(of_type(tmp_path / "blind", "completion_received"))


def test_what_was_paid_for_is_kept_when_a_key_is_revoked(start, tmp_path):
    with ModelServer(several="no") as server:
        server.next(*[Slow(0)] * 9, Status(401))
        with pytest.raises(FsdbError, match="refuses the key"):
            start("revoked", samples=40, sampler=sampler_of({"m": server}, retries=0), **free())
        received = of_type(tmp_path / "revoked", "completion_received")
        assert received["tokens_in"].sum() == server.tokens_in - _tokens_cancelled(
            tmp_path / "revoked", server
        )
        resume(tmp_path / "revoked", sampler=sampler_of({"m": server}))
    received = of_type(tmp_path / "revoked", "completion_received")
    assert received.select("draw_id", "ordinal").is_unique().all()
    assert len(received) == 40


def _tokens_cancelled(run: Path, server: ModelServer) -> int:
    """Return the prompt tokens of requests that the server answered and nobody heard."""
    attempts = of_type(run, "request_attempted")
    heard = attempts.filter(pl.col("outcome") == "answered")["tokens_in"].sum()
    assert server.attempts == len(attempts)
    return server.tokens_in - heard


def test_killed_and_resumed_nothing_is_lost_or_asked_twice(tmp_path, problem_file, three):
    toml = "".join(
        f'[[models]]\nname = "{name}"\nmodel = "{server.model}"\nbase_url = "{server.base_url}"\n'
        "timeout = 5\nretries = 1\nconcurrency = 4\n"
        for name, server in three.items()
    )
    (tmp_path / "models.toml").write_text(toml)
    common = ["--runs-dir", str(tmp_path), "--quiet"]
    begin = ["run", str(problem_file), "--models", str(tmp_path / "models.toml"), "--samples", "60"]
    begin += ["--name", "killed", "--random-programs", "0", "--islands", "4"]
    with subprocess.Popen([sys.executable, "-m", "fsdb.cli.main", *begin, *common]) as process:
        deadline = time.monotonic() + 60
        while sum(server.tokens_out > 0 for server in three.values()) < 2 and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(0.3)
        seen = Path(f"/proc/{process.pid}/cmdline").read_bytes()
        os.kill(process.pid, signal.SIGKILL)
    assert KEY.encode() not in seen
    time.sleep(0.4)  # until the servers have given up on whom they were answering
    before = of_type(tmp_path / "killed", "completion_received")
    done = subprocess.run(
        [sys.executable, "-m", "fsdb.cli.main", "resume", "killed", *common],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert KEY not in done.stdout + done.stderr
    received = of_type(tmp_path / "killed", "completion_received")
    assert received.select("draw_id", "ordinal").is_unique().all()
    assert len(received) == 60
    assert received["completion_id"].to_list()[: len(before)] == before["completion_id"].to_list()
    # Each request that the servers saw is in the log: as an attempt, or among those lost in flight.
    attempts = of_type(tmp_path / "killed", "request_attempted")
    known = attempts.filter(pl.col("outcome") != "lost")
    lost = attempts.filter(pl.col("outcome") == "lost")["ordinals"].list.len().sum()
    seen_by_servers = sum(server.attempts for server in three.values())
    assert len(known) <= seen_by_servers <= len(known) + 2 * lost
    tokens = sum(server.tokens_in for server in three.values())
    assert known["tokens_in"].sum() <= tokens
    answered = {
        (model, prompt): count
        for model, prompt, count in known.filter(pl.col("outcome") == "answered")
        .group_by("model", "prompt_hash")
        .len()
        .iter_rows()
    }
    assert answered
    for path in tmp_path.rglob("*"):
        assert path.is_dir() or KEY.encode() not in path.read_bytes()


def test_a_key_is_in_no_process_of_the_sandbox_and_in_nothing_left_behind(start, tmp_path, capfd):
    seen: dict[int, bytes] = {}

    def committed(_ledger) -> None:
        for pid in _descendants(os.getpid()):
            for name in ("cmdline", "environ"):
                with suppress(OSError):
                    seen[pid] = seen.get(pid, b"") + Path(f"/proc/{pid}/{name}").read_bytes()

    with ModelServer(key=KEY, several="no") as server:
        server.next(*[Slow(0)] * 12, Status(401, "wrong key: {key}", code="{key}"))
        sampler = sampler_of({"m": server}, retries=0)
        with pytest.raises(FsdbError) as caught:
            start("secret", samples=40, sampler=sampler, watch=Watch(committed=committed), **free())
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"
    assert len(seen) >= 2  # the evaluators
    left = [*seen.values(), *(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())]
    said = "".join(traceback.format_exception(caught.value)) + caught.value.cure + "".join(capfd.readouterr())
    for form in (KEY, KEY.replace("/", "%2F").replace("+", "%2B"), base64.b64encode(KEY.encode()).decode()):
        assert form not in said
        assert not any(form.encode() in content for content in left)


def _descendants(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(OSError):
            for child in (task / "children").read_text().split():
                found += [int(child), *_descendants(int(child))]
    return found
