"""Runs: starting one, resuming one, and bringing either to an orderly end."""

from __future__ import annotations

import asyncio
import signal
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fsdb import queries
from fsdb.config import SearchConfig, Stops
from fsdb.errors import FsdbError, UsageError
from fsdb.evaluator.answers import score_name
from fsdb.evaluator.evaluation import Evaluation, Limits, Scorer
from fsdb.evaluator.making import make_evaluator
from fsdb.log import LogWriter, clean_text
from fsdb.problem.loading import problem_from_event
from fsdb.problem.specification import Problem
from fsdb.samplers.base import Prompt, Sampler
from fsdb.samplers.mutation import mutation_sampler
from fsdb.samplers.prompts.shown import failures_from, parents_from
from fsdb.search import events
from fsdb.search.flight import Flight, Sample
from fsdb.search.ledger import Ledger
from fsdb.search.loop import Search
from fsdb.state.models import MODEL, install_models, model_policy_from_event, set_models
from fsdb.state.policies import Policy, install_reset, install_selection, load_policy, policy_from_event

MakeSampler = Callable[[Problem], Sampler]


@dataclass(frozen=True)
class Setting:
    """Where and how programs are evaluated and events are committed on this machine; no part of the run."""

    processes: int = 1
    """Evaluator processes."""
    require_level: str = "L2"
    """The weakest sandbox level that will do."""
    allow_unsafe: bool = False
    """Whether to go on below every level."""
    commit_seconds: float = 0.05
    """How long an event may wait for others to share its commit."""
    commit_events: int = 256
    """How many events a commit waits for at most."""


@dataclass(frozen=True)
class Outcome:
    """How a run, or its last part, ended.

    `progress` is the row of the relation `progress` at the end, `seconds` the time of this part, `restarts`
    how many evaluator processes were lost and replaced in it.
    """

    run_dir: Path
    name: str
    problem: Problem
    config: SearchConfig
    sampler: str
    reason: str
    seconds: float
    events: int
    restarts: int
    progress: dict[str, Any]


@dataclass(frozen=True)
class Watch:
    """Whoever watches a run: told once when its log is there, and after each commit."""

    started: Callable[[Path, Problem, Ledger], None] = lambda run_dir, problem, ledger: None
    committed: Callable[[Ledger], None] = lambda ledger: None
    interrupted: Callable[[], None] = lambda: None
    noticed: Callable[[str], None] = lambda text: None
    """Told in a sentence of something that went wrong and was mended."""


async def start_run(
    run_dir: Path,
    problem: Problem,
    config: SearchConfig,
    policy: Policy,
    reset_policy: Policy,
    stops: Stops,
    make_sampler: MakeSampler,
    setting: Setting,
    watch: Watch,
    model_policy: Policy | None = None,
) -> Outcome:
    """Start a run in a directory that is not there yet, search until it stops, and return how it ended.

    `model_policy` chooses among the sampler's models (left out: by their weights). Raises UsageError where
    the seed program has no score: nothing is written then.
    """
    if reset_policy.query("founders") is None and reset_policy.name != "none" and config.random_programs == 0:
        raise UsageError(
            f"the reset policy {reset_policy.name} restarts islands with random programs, and there are none",
            cure="give --random-programs at least 1, or use --reset-policy survivors",
        )
    async with _evaluator(problem, config, setting, watch) as evaluator:
        source = problem.specification.evolve.source
        seed = await evaluator.evaluate(source)
        if config.check_bests:
            seed = await evaluator.confirm(source, seed)
        _check_seed(problem, seed)
        sampler = make_sampler(problem)
        model_policy = _model_policy(sampler, model_policy)
        name = None if problem.evaluator is None else score_name(seed.report.metrics)
        writer = LogWriter.create(
            run_dir,
            uuid.uuid4().hex,
            commit_seconds=setting.commit_seconds,
            commit_events=setting.commit_events,
        )
        try:
            writer.append(
                "run_started",
                events.run_started(
                    run_dir.name, problem, config, policy, reset_policy, stops, sampler, model_policy, name
                ),
            )
            seeds = events.seed_programs(problem.specification.evolve.source, seed, config.islands)
            for fields in seeds:
                writer.append("program_evaluated", fields)
            writer.commit()
            ledger = Ledger.open(writer, run_dir)
        except BaseException:
            writer.close()
            raise
        return await _search(
            run_dir,
            problem,
            config,
            policy,
            reset_policy,
            stops,
            sampler,
            evaluator,
            ledger,
            [],
            watch,
            model_policy,
        )


async def resume_run(
    run_dir: Path,
    stops: Callable[[Stops], Stops],
    make_sampler: Callable[[dict[str, Any]], MakeSampler],
    setting: Setting,
    watch: Watch,
) -> Outcome:
    """Go on with a run where its log ends, taking up the draws that are still open; return how it ended.

    `stops` gets the limits in force so far and returns those for now; `make_sampler` gets the fields of the
    run_started event, in which `sampler_params` are those last used.
    """
    writer = LogWriter.open(
        run_dir, commit_seconds=setting.commit_seconds, commit_events=setting.commit_events
    )
    try:
        ledger = Ledger.open(writer, run_dir)
        started = run_fields(ledger.con)
        problem = problem_from_event(started)
        config = SearchConfig.from_event(started)
        policy = policy_from_event(started, "policy")
        reset_policy = policy_from_event(started, "reset_policy")
        now = stops(Stops.from_json(started["stops"]))
        evaluator = _evaluator(problem, config, setting, watch)
        await evaluator.start()
    except BaseException:
        writer.close()
        raise
    try:
        sampler = make_sampler(started)(problem)
        extractors = {"mutation": mutation_sampler(problem), sampler.name: sampler}
        model_policy = _model_policy(sampler, model_policy_from_event(started))
        open_draws = _open_draws(ledger, extractors, list(problem.inputs))
        died = not ledger.con.execute(queries.text("engine/closed.sql")).fetchall()[0][0]
        ledger.append(
            "run_resumed",
            {
                **events.versions(),
                "open_draws": len(open_draws),
                "stops": now.to_json(),
                "sampler_params": events.compact_json(sampler.params()),
            },
        )
        for flight, _ in open_draws:
            if died and flight.prompt.ordinals and flight.prompt.models:
                ledger.append("request_attempted", events.request_lost(flight.prompt))
        ledger.commit()
    except BaseException:
        await evaluator.close()
        ledger.close()
        raise
    try:
        return await _search(
            run_dir,
            problem,
            config,
            policy,
            reset_policy,
            now,
            sampler,
            evaluator,
            ledger,
            open_draws,
            watch,
            model_policy,
        )
    finally:
        await evaluator.close()


def run_fields(con: Any) -> dict[str, Any]:
    """Return the fields of a log's run_started event, with stops and sampler_params as last resumed."""
    rows = con.sql("from main.run_started").to_arrow_table().to_pylist()
    fields: dict[str, Any] = rows[0]
    # What a fork's parent said when it was resumed does not hold for the fork.
    resumed = con.execute(
        "select stops, sampler_params from main.run_resumed "
        "where seq > coalesce((select max(seq) from main.run_forked), -1) order by seq"
    ).fetchall()
    if resumed:
        fields |= {"stops": resumed[-1][0], "sampler_params": resumed[-1][1]}
    return fields


def _evaluator(problem: Problem, config: SearchConfig, setting: Setting, watch: Watch) -> Scorer:
    return make_evaluator(
        problem,
        problem.inputs,
        Limits(timeout_seconds=config.timeout_seconds, memory_bytes=config.memory_bytes),
        setting.processes,
        scoring=config.scoring,
        require_level=setting.require_level,
        allow_unsafe=setting.allow_unsafe,
        on_loss=lambda reason: watch.noticed(
            f"A process for evaluations was lost and is replaced ({reason}); no score is lost with it."
        ),
    )


def _check_seed(problem: Problem, seed: Evaluation) -> None:
    if seed.status == "ok":
        return
    if seed.status == "forged":
        raise UsageError(
            f"the initial program was {seed.error}",
            cure="give the program copies of what it may change, and let no score depend on chance, or mark a"
            " function with @funsearch.verify; `--no-check-bests` goes on without second scorings",
        )
    if seed.status == "sandbox_error":
        raise FsdbError(
            f"the initial program could not be evaluated: {seed.error}",
            cure="`fsdb doctor` says what the sandbox can do here; where only the second scoring of new bests"
            " fails, `--no-check-bests` goes on without it",
        )
    if problem.evaluator is not None:
        raise UsageError(
            f"the initial program failed: {seed.status}: {seed.error}",
            cure=f"`fsdb check` with the same files shows what {problem.evaluator.path} does with it in the"
            " sandbox (docs/sandbox.md); a search starts from a program that scores",
        )
    where = ""
    if seed.status not in ("syntax_error", "calls_ancestor"):
        failed = [name for name, score in zip(problem.inputs, seed.scores, strict=True) if score is None]
        where = f" on input {failed[0]!r}" if failed else ""
    raise UsageError(
        f"the initial program failed{where}: {seed.status}: {seed.error}",
        cure=f"mend {problem.specification.evolve.name} or {problem.specification.run} in the specification: "
        "a search starts from a program that scores on every input",
    )


async def _search(
    run_dir: Path,
    problem: Problem,
    config: SearchConfig,
    policy: Policy,
    reset_policy: Policy,
    stops: Stops,
    sampler: Sampler,
    evaluator: Scorer,
    ledger: Ledger,
    open_draws: list[tuple[Flight, list[Sample]]],
    watch: Watch,
    model_policy: Policy | None,
) -> Outcome:
    """Search, then close the log in order, whatever happened."""
    began = time.monotonic()
    search = Search(
        ledger,
        config,
        policy,
        reset_policy,
        stops,
        sampler,
        mutation_sampler(problem),
        evaluator,
        list(problem.inputs),
        on_commit=watch.committed,
        model_policy=model_policy,
    )
    sampler.notice = watch.noticed
    try:
        install_selection(ledger.con, policy)
        install_reset(ledger.con, reset_policy)
        if model_policy is not None:
            install_models(ledger.con, model_policy)
            set_models(ledger.con, sampler.weights)
        watch.started(run_dir, problem, ledger)
        with _interrupts(search, watch):
            reason = await search.run(open_draws)
        _stop(search, reason, time.monotonic() - began)
    except BaseException as error:
        # What is durable stays so. Where even this last event cannot be written, the first error matters.
        with suppress(FsdbError):
            reason = "interrupted" if isinstance(error, asyncio.CancelledError) else "error"
            _stop(search, reason, time.monotonic() - began)
        raise
    else:
        seconds = time.monotonic() - began
        return Outcome(
            run_dir=run_dir,
            name=run_dir.name,
            problem=problem,
            config=config,
            sampler=sampler.name,
            reason=reason,
            seconds=seconds,
            events=ledger.as_of + 1,
            restarts=evaluator.restarts,
            progress=ledger.progress(),
        )
    finally:
        ledger.close()
        await sampler.close()


def _model_policy(sampler: Sampler, policy: Policy | None) -> Policy | None:
    """Return the policy that chooses among a sampler's models; None where it has none."""
    if not sampler.weights:
        return None
    return policy or load_policy("weighted", MODEL)


def _stop(search: Search, reason: str, seconds: float) -> None:
    """Write run_stopped, and with it what still waited for a commit."""
    search.ledger.commit()
    progress = search.ledger.progress()
    search.ledger.append(
        "run_stopped",
        {
            "reason": reason,
            "samples": progress["samples"],
            "programs": progress["programs"],
            "best_score": progress["best_score"],
            "best_program_id": progress["best_program_id"],
            "open_draws": len(search.flights),
            "seconds": seconds,
        },
    )
    search.ledger.commit()


@contextmanager
def _interrupts(search: Search, watch: Watch) -> Iterator[None]:
    """Let the first Ctrl-C (or SIGTERM) end the search cleanly, and the second one at once."""
    loop = asyncio.get_running_loop()
    task = asyncio.current_task()
    assert task is not None

    def handle() -> None:
        if search.interrupted:
            task.cancel()
            return
        search.interrupt()
        watch.interrupted()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, handle)
    try:
        yield
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


def _open_draws(
    ledger: Ledger, extractors: dict[str, Sampler], input_names: list[str]
) -> list[tuple[Flight, list[Sample]]]:
    """Return the draws that the log leaves open, with the samples that came in and were not evaluated."""
    rows = ledger.con.sql(queries.text("engine/open_draws.sql")).to_arrow_table().to_pylist()
    open_draws = []
    for row in rows:
        parents, failures = parents_from(row["parents"], input_names), failures_from(row["failures"])
        missing = tuple(sorted(set(range(row["completions"])) - set(row["received"])))
        line = tuple(each["model"] for each in row["models"] or [])
        prompt = Prompt(row["draw_id"], row["kind"], row["seed"], parents, missing, failures, line)
        samples = []
        for answer in row["unevaluated"]:
            extract, text = extractors[answer["sampler"]].extract, answer["text"]
            source = None if text is None else extract(text, prompt)
            clean = None if source is None else clean_text(source)
            samples.append(Sample(answer["completion_id"], answer["ordinal"], answer["sampler"], clean))
        flight = Flight(prompt, row["batch_id"], row["island_id"], row["epoch"], len(samples))
        open_draws.append((flight, samples))
    return open_draws
