"""The search: draw, ask, evaluate, fold; again, until something stops it.

One turn of the loop makes one commit. Whatever is in it is durable before anything acts on it: prompts are
sent, completions evaluated and scores used only after the commit that holds them.

In order, turn r draws batch r, records the completions of batch r - 1 and the programs of batch r - lag, so
that every event stands where it would stand in any other process with the same seed and the same answers.
Running free, a turn records whatever has come in.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable, Iterator, Sequence

from fsdb import queries
from fsdb.config import SearchConfig, Stops
from fsdb.errors import FsdbError
from fsdb.evaluator.evaluation import Evaluation, Scorer, not_run
from fsdb.log import clean_text
from fsdb.samplers.base import Completion, Prompt, Sampler
from fsdb.search import events
from fsdb.search.bests import NewBests
from fsdb.search.budget import Budget
from fsdb.search.flight import Flight, Sample
from fsdb.search.ledger import Ledger
from fsdb.search.prompts import shown_parents
from fsdb.search.traffic import Traffic
from fsdb.state.admission import Candidate, KnownResult, admit, known_results
from fsdb.state.draws import decide_reset, draw_batch
from fsdb.state.models import NO_MODEL, draw_models, drawn_model
from fsdb.state.policies import Policy

GRACE_SECONDS = 5.0
"""How long an interrupted search waits for what is under way."""

MODEL_COMMIT_SECONDS = 0.25
"""How long answers of a model wait at least to share a commit: they take seconds, a commit some 10 ms."""

FAILURES_IN_A_ROW = 20
"""So many completions in a row without a text, or evaluations that the sandbox failed, end a run."""


class Search:
    """A search under way. `run` does it; `interrupt` ends it cleanly from a signal handler."""

    def __init__(
        self,
        ledger: Ledger,
        config: SearchConfig,
        policy: Policy,
        reset_policy: Policy,
        stops: Stops,
        sampler: Sampler,
        random_sampler: Sampler,
        evaluator: Scorer,
        input_names: Sequence[str],
        *,
        on_commit: Callable[[Ledger], None] = lambda ledger: None,
        model_policy: Policy | None = None,
    ) -> None:
        """Take over everything that was set up; the policies are installed on the ledger's connection.

        `input_names` are those of the test inputs; `model_policy` chooses among the sampler's models, if any.
        """
        self.ledger = ledger
        self.config = config
        self.policy = policy
        self.reset_policy = reset_policy
        self.stops = stops
        self.sampler = sampler
        self.random_sampler = random_sampler
        self.on_commit = on_commit
        self.model_policy = model_policy
        self.budget = Budget(stops, sampler, config.completions_per_prompt)
        self.no_program = not_run(
            "no_program", "the completion holds no function that could be run", len(input_names)
        )
        self.input_names = input_names
        self.traffic = Traffic(sampler, random_sampler, evaluator)
        self.flights = self.traffic.flights
        self.turn = ledger.peek("batch_id")
        self.lag = config.window_draws // config.batch_draws - 1
        self.started = self.last_reset = time.monotonic()
        self._interruption = asyncio.Event()
        self.new_bests = NewBests(evaluator, ledger.progress()["best_score"]) if config.check_bests else None
        self._fresh: list[Flight] = []
        self._failures = {"completion": 0, "evaluation": 0}

    # -- the loop -------------------------------------------------------------------------------------

    async def run(self, open_draws: list[tuple[Flight, list[Sample]]]) -> str:
        """Search until something stops it; return why (samples, minutes, target, tokens or interrupted).

        `open_draws` are those of a resumed run, with the samples that came in and were not evaluated.
        Raises FsdbError where going on makes no sense; all that was acknowledged is in the log then too.
        """
        try:
            if open_draws:
                await self._take_up(open_draws)
            while True:
                reason = self._stop_reason()
                if reason == "interrupted":
                    await self._wind_down()
                    return reason
                if reason is None:
                    self._reset_if_due()
                    self._draw()
                elif not self.flights:
                    return reason
                await self._gather_and_commit()
        finally:
            await self.traffic.let_go()
            if not self._answers_are_local:
                self._record_completions()  # what was paid for is kept, whatever ended the search

    def interrupt(self) -> None:
        """End the search as soon as what is under way allows; for a signal handler of the event loop."""
        self._interruption.set()
        self.traffic.wake()

    @property
    def interrupted(self) -> bool:
        """Whether the search is to end."""
        return self._interruption.is_set()

    def _stop_reason(self) -> str | None:
        progress, stops = self.ledger.progress(), self.stops
        best = -math.inf if progress["best_score"] is None else progress["best_score"]
        if self.interrupted:
            return "interrupted"
        if stops.target is not None and best >= stops.target:
            return "target"
        if stops.samples is not None and progress["asked"] >= stops.samples:
            return "samples"
        if stops.minutes is not None and time.monotonic() - self.started >= stops.minutes * 60:
            return "minutes"
        return self.budget.exhausted(progress, self.flights.values())

    async def _gather_and_commit(self) -> None:
        """Wait for what this turn is to record, have new bests confirmed, and record it."""
        await self._gather()
        if not self.interrupted:
            await self._confirm_bests()
        if not self.interrupted:
            self._commit()

    def _commit(self) -> None:
        """Record what came in, and end the turn."""
        samples = self._record_completions()
        self._record_programs()
        self._publish(samples)
        self.turn += 1
        self.on_commit(self.ledger)
        self._give_up_if_hopeless()

    def _publish(self, samples: list[tuple[Flight, Sample]]) -> None:
        """Make what was appended durable, fold it, and only then act on it."""
        self.ledger.commit()
        fresh, self._fresh = self._fresh, []
        for flight in fresh:
            self.traffic.ask(flight)
        self._evaluate(samples)

    async def _take_up(self, open_draws: list[tuple[Flight, list[Sample]]]) -> None:
        """Go on with the draws that a former writer left open, before anything new is drawn."""
        for flight, samples in open_draws:
            self.flights[flight.draw_id] = flight
            if flight.prompt.ordinals:
                self.traffic.ask(flight)
            self._evaluate([(flight, sample) for sample in samples])
        # The last turn again, without its draws: what it was to record is recorded before the next one draws.
        self.turn -= 1
        await self._gather_and_commit()

    async def _wind_down(self) -> None:
        """Take in what arrives within the grace period; the rest stays open in the log.

        In order only completions can be recorded out of turn: paid-for answers are kept, and programs are
        evaluated again when the run is resumed, so that it goes on as if it had not been interrupted.
        """
        deadline = time.monotonic() + GRACE_SECONDS
        if not self.config.in_order:
            while self.traffic.busy and time.monotonic() < deadline:
                await self.traffic.receive(deadline - time.monotonic())
                self._evaluate(self._record_completions())
                if await self._confirm_bests(deadline - time.monotonic()):
                    self._record_programs()
                self.ledger.commit()
        elif not self._answers_are_local:
            while self._unanswered() and time.monotonic() < deadline:
                await self.traffic.receive(deadline - time.monotonic())
            self._record_completions()
            self.ledger.commit()
        self.on_commit(self.ledger)

    def _unanswered(self) -> bool:
        return any(not flight.answered() for flight in self.flights.values() if flight not in self._fresh)

    # -- drawing --------------------------------------------------------------------------------------

    def _reset_if_due(self) -> None:
        hours = (time.monotonic() - self.last_reset) / 3600
        con, reset_id = self.ledger.con, self.ledger.peek("reset_id")
        con.execute(f"set variable hours_since_reset = {hours!r}::double")
        reset = decide_reset(con, self.reset_policy, self.config.seed, reset_id, self.ledger.as_of)
        if reset is None:
            return
        self.ledger.take("reset_id")
        self.ledger.append("island_reset", reset)
        for fields in events.founders(con, reset, self.ledger.sources):
            self.ledger.append("program_evaluated", {"program_id": self.ledger.take("program_id"), **fields})
        self.ledger.commit()
        self.last_reset = time.monotonic()

    def _draw(self) -> None:
        """Draw as many prompts as there is room for, first those that islands without parents are owed."""
        room = self.config.window_draws - len(self.flights)
        if room <= 0 and not self.config.in_order:
            return
        left = self._samples_left()
        left -= self._draw_random(left)
        per_prompt = self.config.completions_per_prompt
        wanted = self.config.batch_draws if self.config.in_order else min(room, self.config.batch_draws)
        wanted = min(wanted, -(-left // per_prompt), self.budget.prompts(self.flights.values()))
        if wanted > 0 and self.ledger.has_parents():
            self._draw_parents(wanted, left)

    def _samples_left(self) -> int:
        if self.stops.samples is None:
            return 2**62
        return int(self.stops.samples - self.ledger.progress()["asked"])

    def _draw_random(self, left: int) -> int:
        """Ask for the fresh random programs that are owed, at most `left`; return how many were asked for."""
        owed = self.ledger.con.execute(
            queries.text("engine/owed.sql"), {"first": self.config.random_programs > 0}
        ).fetchall()
        asked = 0
        for island_id, epoch in owed:
            completions = min(left - asked, self.config.random_programs)
            if completions > 0:
                draw_id = self.ledger.take("draw_id")
                prompt = Prompt(draw_id, "random", self.config.seed, (), tuple(range(completions)))
                drawn = events.drawn_at_random(island_id, epoch)
                self._send(prompt, self.random_sampler, drawn, island_id, epoch)
                asked += completions
        return asked

    def _draw_parents(self, wanted: int, left: int) -> None:
        draw_ids = [self.ledger.take("draw_id") for _ in range(wanted)]
        draws = draw_batch(self.ledger.con, self.policy, self.config.seed, draw_ids)
        lines = self._draw_models(draw_ids)
        for draw, parents in zip(draws, shown_parents(self.ledger, draws, self.input_names), strict=True):
            ordinals = tuple(range(min(left, self.config.completions_per_prompt)))
            failures = self.ledger.failures.newest(draw.island_id)
            line, model = lines.get(draw.draw_id, ((), NO_MODEL))
            prompt = Prompt(draw.draw_id, "parents", self.config.seed, parents, ordinals, failures, line)
            drawn = {**events.drawn_by_policy(draw, self.policy), **model}
            self._send(prompt, self.sampler, drawn, draw.island_id, draw.epoch)
            left -= len(ordinals)

    def _draw_models(self, draw_ids: list[int]) -> dict[int, tuple[tuple[str, ...], dict[str, object]]]:
        """Return by draw which models are in line, and the event's fields that say so."""
        if self.model_policy is None:
            return {}
        drawn = draw_models(self.ledger.con, self.model_policy, self.config.seed, draw_ids)
        return {
            draw_id: (tuple(each["model"] for each in line), drawn_model(line, self.model_policy))
            for draw_id, line in drawn.items()
        }

    def _send(
        self, prompt: Prompt, sampler: Sampler, drawn: dict[str, object], island_id: int, epoch: int
    ) -> None:
        """Append the draw's event; the prompt itself leaves after the commit."""
        text = sampler.describe(prompt)
        shared = events.prompt_drawn(prompt, sampler, text, self.turn, self.ledger.as_of)
        self.ledger.append("prompt_drawn", {**drawn, **shared})
        flight = Flight(prompt, self.turn, island_id, epoch)
        self.flights[prompt.draw_id] = flight
        self._fresh.append(flight)

    # -- what comes in --------------------------------------------------------------------------------

    async def _gather(self) -> None:
        """Wait for what this turn is to record."""
        if not self.config.in_order:
            await self._receive_some()
            return
        while not self.interrupted and not self._turn_is_complete():
            if self._answers_are_local:
                await self.traffic.receive()
            else:
                # A remote answer comes when it comes; its program can only be waited for once it is recorded.
                self._publish(self._record_completions())
                await self.traffic.receive()
                await asyncio.sleep(self.ledger.writer.commit_seconds)
                self.traffic.take_in()

    async def _receive_some(self) -> None:
        """Wait for something to come in, if anything is under way; then for others to share its commit."""
        if self.traffic.busy and not self._waiting():
            await self.traffic.receive(self._deadline())
        since, writer = time.monotonic(), self.ledger.writer
        while self.traffic.busy and not self.interrupted and self._waiting() < writer.commit_events:
            left = self._patience - (time.monotonic() - since)
            if left <= 0 or not await self.traffic.receive(left):
                return

    @property
    def _patience(self) -> float:
        """How long what came in may wait for others to share its commit, in seconds."""
        seconds = self.ledger.writer.commit_seconds
        return seconds if self._answers_are_local else max(seconds, MODEL_COMMIT_SECONDS)

    def _waiting(self) -> int:
        """Return how many events the next commit would hold now."""
        arrived = sum(
            len(flight.attempts) + len(flight.completions) + len(flight.results)
            for flight in self.flights.values()
        )
        return self.ledger.pending + arrived

    def _deadline(self) -> float | None:
        """Return the seconds until --minutes are over, None where there is no such limit or they are over."""
        if self.stops.minutes is None:
            return None
        left = self.started + self.stops.minutes * 60 - time.monotonic()
        return left if left > 0 else None

    def _turn_is_complete(self) -> bool:
        for flight in self.flights.values():
            if self._answers_are_local and flight.batch_id < self.turn and not flight.answered():
                return False
            if flight.batch_id <= self.turn - self.lag and not flight.evaluated():
                return False
        return True

    @property
    def _answers_are_local(self) -> bool:
        return self.sampler.model is None

    # -- new bests --------------------------------------------------------------------------------------

    async def _confirm_bests(self, seconds: float | None = None) -> bool:
        """Have each new best among the results that this turn records confirmed; return whether all were.

        Not so when `seconds` were over first, or the search was interrupted (where no `seconds` are given).
        What is not confirmed must not be recorded.
        """
        if self.new_bests is None:
            return True
        until = asyncio.create_task(
            self._interruption.wait() if seconds is None else asyncio.sleep(max(seconds, 0), True)
        )
        try:
            return await self.new_bests.confirm(self._recordable(), until)
        finally:
            until.cancel()

    # -- recording ------------------------------------------------------------------------------------

    def _record_completions(self) -> list[tuple[Flight, Sample]]:
        """Append the attempts and completions that came in; return the samples that these hold.

        In order those of this turn's draws wait for the next, also where a resumed run has them early.
        """
        samples = []
        for flight in self.flights.values():
            if self.config.in_order and self._answers_are_local and flight.batch_id >= self.turn:
                continue
            for attempt in flight.take_attempts():
                self.ledger.append("request_attempted", events.request_attempted(flight.draw_id, attempt))
            for completion in flight.take_completions():
                self.budget.check(completion)
                completion_id = self.ledger.take("completion_id")
                fields = events.completion_received(completion_id, flight.draw_id, completion)
                self.ledger.append("completion_received", fields)
                sample = Sample(
                    completion_id,
                    completion.ordinal,
                    completion.sampler,
                    self._extract(completion, flight.prompt),
                )
                samples.append((flight, sample))
                self._count_failure("completion", completion.error)
        return samples

    def _record_programs(self) -> None:
        """Decide on the programs that came in, append them, and land the draws that are complete."""
        rows = [
            (flight, sample, evaluation)
            for flight in self._recordable()
            for sample, evaluation in flight.take_results()
        ]
        candidates = [
            Candidate(flight.island_id, flight.epoch, evaluation.status, sample.source_hash)
            for flight, sample, evaluation in rows
        ]
        admissions = admit(self.ledger.con, candidates)
        program_ids = [self.ledger.take("program_id") for _ in rows]
        for position, (flight, sample, evaluation) in enumerate(rows):
            admission = admissions[position]
            reused = admission.scored_before
            if reused is None and admission.same_as != position:
                reused = program_ids[admission.same_as]
            if evaluation.status == "sandbox_error":
                reused = None
            fields = events.program_evaluated(
                program_ids[position], flight, sample, evaluation, admission.status, reused
            )
            self.ledger.append("program_evaluated", fields)
            if sample.source is not None:
                self.traffic.forget(sample.source)
            failed = evaluation.status == "sandbox_error"
            self._count_failure("evaluation", (evaluation.error or "unknown") if failed else None)
        for flight in [flight for flight in self.flights.values() if flight.landed]:
            del self.flights[flight.draw_id]

    def _recordable(self) -> Iterator[Flight]:
        """Yield the flights whose results this turn records: all, or in order those of old enough batches."""
        for flight in self.flights.values():
            if not self.config.in_order or flight.batch_id <= self.turn - self.lag:
                yield flight

    def _extract(self, completion: Completion, prompt: Prompt) -> str | None:
        if completion.text is None:
            return None
        own = completion.sampler == self.sampler.name
        source = (self.sampler if own else self.random_sampler).extract(completion.text, prompt)
        return None if source is None else clean_text(source)

    # -- acting ---------------------------------------------------------------------------------------

    def _evaluate(self, samples: list[tuple[Flight, Sample]]) -> None:
        """Have the programs in samples scored, each source once in a run."""
        hashes = [sample.source_hash for _, sample in samples if sample.source_hash is not None]
        known = known_results(self.ledger.con, hashes)
        for flight, sample in samples:
            if sample.source_hash is None:
                flight.results[sample.ordinal] = (sample, self.no_program)
            elif sample.source_hash in known:
                flight.results[sample.ordinal] = (sample, _as_evaluation(known[sample.source_hash]))
            else:
                self.traffic.evaluate(flight, sample)
                continue
            self.traffic.wake()

    def _count_failure(self, what: str, error: str | None) -> None:
        self._failures[what] = self._failures[what] + 1 if error is not None else 0
        self._last_error = error

    def _give_up_if_hopeless(self) -> None:
        """Stop where nothing works any more: answers without text, a sandbox that cannot be set up."""
        self.budget.give_up_if_blind()
        for what, failures in self._failures.items():
            if failures >= FAILURES_IN_A_ROW:
                raise FsdbError(
                    f"{failures} times in a row no {what} worked; the last error: {self._last_error}",
                    cure="mend the cause, then go on with `fsdb resume`; nothing that was found is lost",
                )


def _as_evaluation(known: KnownResult) -> Evaluation:
    return Evaluation(
        status=known.outcome,
        scores=known.scores,
        score=known.score,
        error=known.error,
        output=known.output,
        seconds=None,
        cpu_seconds=None,
        sandbox_level=None,
    )
