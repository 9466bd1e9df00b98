"""Write the log of a search that never was: any number of programs, in seconds, as like a real one as may be.

Islands, epochs, resets with founders and stale programs, draws with their propensities, programs that are
their parents with lines changed, failures, duplicates, two models and mutation, tokens, costs, latencies.
The audits of `fsdb verify` find nothing in it; its draws cannot be made again, for no policy drew them.

    python benchmarks/make_log.py runs/large --programs 1000000
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import shutil
import struct
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from fsdb import schema
from fsdb.config import SearchConfig, Stops
from fsdb.log.files import EVENTS, commit_path
from fsdb.log.parquet import merged_writer
from fsdb.problem.loading import load_problem
from fsdb.samplers.mutation import MutationSampler
from fsdb.search import events
from fsdb.state.keys import NOISE_SCHEME
from fsdb.state.models import NO_MODEL
from fsdb.state.policies import RESET, load_policy

RUN_ID = "synthetic"
PROMPTS, COMPLETIONS = 16, 4
"""Prompts drawn as of one state, and completions of each."""

EVENTS_IN_FILE = 200_000
BEGAN = 1_700_000_000_000_000
TEMPERATURE, CLUSTERS = 0.1, 400
FAILURES = (
    ("runtime_error", "ZeroDivisionError: division by zero", 0.08),
    ("runtime_error", "IndexError: list index out of range", 0.03),
    ("syntax_error", "SyntaxError: invalid syntax", 0.03),
    ("no_program", "the completion holds no program", 0.02),
    ("timeout", "took longer than 30 s", 0.01),
)
# Who answers: sampler, model, template, temperature, and how often an answer is better than its best parent.
WRITERS = (
    ("openai", "small-model", "chat-1", 0.7, 0.01),
    ("openai", "large-model", "chat-1", 1.0, 0.02),
    ("mutation", None, None, None, 0.008),
)


class Columns:
    """The events of one file under construction: a list of values for each field of each type."""

    def __init__(self) -> None:
        self.types: list[str] = []
        self.times: list[int] = []
        self.fields: dict[str, dict[str, list[Any]]] = {}

    def add(self, type_: str, time: int, fields: dict[str, Any]) -> None:
        self.types.append(type_)
        self.times.append(time)
        columns = self.fields.get(type_)
        if columns is None:
            columns = self.fields[type_] = {name: [] for name in fields}
        for name, value in fields.items():
            columns[name].append(value)

    def table(self, first_seq: int) -> pa.Table:
        """Return the events as a file holds them."""
        count = len(self.types)
        types = np.array(self.types)
        arrays: dict[str, pa.Array] = {
            "run_id": pa.array([RUN_ID] * count),
            "seq": pa.array(np.arange(first_seq, first_seq + count)),
            "type": pa.array(self.types),
            "recorded_at": pa.array(np.array(self.times), pa.timestamp("us")),
            "schema_version": pa.array(np.full(count, schema.SCHEMA_VERSION, np.int32)),
        }
        for type_, columns in self.fields.items():
            own = schema.arrow_schema().field(type_).type
            values = pa.StructArray.from_arrays(
                [
                    pa.array(columns[field.name], field.type)
                    if field.name in columns
                    else pa.nulls(len(next(iter(columns.values()))), field.type)
                    for field in own
                ],
                fields=list(own),
            )
            where = types == type_
            index = np.cumsum(where) - 1
            arrays[type_] = values.take(pa.array(index, mask=~where))
        return pa.Table.from_arrays(
            [
                arrays[field.name].cast(field.type) if field.name in arrays else pa.nulls(count, field.type)
                for field in schema.arrow_schema()
            ],
            schema=schema.arrow_schema(),
        )


class Cluster:
    """A living cluster; its first program is its id."""

    __slots__ = ("cluster_id", "programs", "score")

    def __init__(self, cluster_id: int, score: float) -> None:
        self.cluster_id = cluster_id
        self.score = score
        self.programs = [cluster_id]


class Island:
    """What lives on an island: its clusters, the scores that they are drawn by, its sources."""

    def __init__(self, island_id: int, epoch: int) -> None:
        self.island_id = island_id
        self.epoch = epoch
        self.clusters: list[Cluster] = []
        self.by_signature: dict[str, Cluster] = {}
        self.scores = np.full(CLUSTERS, -np.inf)
        self.sources: set[tuple[int, ...]] = set()
        self.programs = 0

    def join(self, program_id: int, score: float, signature: str, source: tuple[int, ...]) -> None:
        self.programs += 1
        self.sources.add(source)
        cluster = self.by_signature.get(signature)
        if cluster is not None:
            cluster.programs.append(program_id)
            return
        cluster = self.by_signature[signature] = Cluster(program_id, score)
        if len(self.clusters) == len(self.scores):
            self.scores = np.concatenate([self.scores, np.full(CLUSTERS, -np.inf)])
        self.scores[len(self.clusters)] = score
        self.clusters.append(cluster)

    def best(self) -> Cluster:
        return self.clusters[int(np.argmax(self.scores[: len(self.clusters)]))]

    def propensities(self) -> np.ndarray:
        scores = self.scores[: len(self.clusters)]
        weights = np.exp((scores - scores.max()) / TEMPERATURE)
        return weights / weights.sum()


class Maker:
    """The search that never was."""

    def __init__(self, run_dir: Path, programs: int, *, islands: int, seed: int, resets: int) -> None:
        self.run_dir = run_dir
        self.wanted = programs
        self.random = random.Random(seed)
        self.numpy = np.random.default_rng(seed)
        self.seed = seed
        self.islands = [Island(island_id, 0) for island_id in range(islands)]
        self.reset_every = max(islands * 8, programs // (resets + 1))
        self.columns = Columns()
        self.first_seq = self.seq = 0
        self.time = float(BEGAN)
        self.drawn = self.received = self.judged = self.resets = self.scored = 0
        self.lines = list(dict.fromkeys(self._line(number) for number in range(4000)))
        self.source: list[tuple[int, ...] | None] = []
        self.score: list[float] = []
        self.known: dict[tuple[int, ...], int] = {}
        self.results: dict[int, tuple[str, str | None, list[float | None], float | None, str | None]] = {}
        self.best: tuple[float, int] = (-np.inf, 0)

    def write(self) -> None:
        """Write the whole log."""
        shutil.rmtree(self.run_dir, ignore_errors=True)
        (self.run_dir / EVENTS).mkdir(parents=True)
        self._start()
        next_reset = self.reset_every
        while self.judged < self.wanted:
            resets = self.judged >= next_reset
            self._round(resets)
            next_reset += self.reset_every if resets else 0
            if len(self.columns.types) >= EVENTS_IN_FILE:
                self._flush()
        self._event("run_stopped", 0, reason="samples", samples=self.received, programs=self.scored,
                    best_score=self.best[0], best_program_id=self.best[1], open_draws=0,
                    seconds=(self.time - BEGAN) / 1e6)  # fmt: skip
        self._flush()

    def _line(self, number: int) -> str:
        pick = random.Random(number)
        variable = pick.choice(("value", "weight", "total", "rest"))
        amount = round(pick.uniform(-2, 2), 3)
        return "    " + pick.choice((
            f"{variable} = {variable} * {amount} + item / capacity",
            f"{variable} += {amount} * item  # step {number}",
            f"if item > {amount} and rest < {number}: {variable} -= {amount}",
            f"for index in range({number % 7}): {variable} += index ** {number % 5}",
            f"{variable} = max({variable}, {amount} - capacity % {number % 11 + 1})",
        ))  # fmt: skip

    def _text(self, source: tuple[int, ...]) -> str:
        body = "\n".join([self.lines[line] for line in source])
        return (
            'def priority(item: float, capacity: float) -> float:\n    """Return how good a bin is."""\n'
            f"    value, weight, total, rest = 0.0, 1.0, item, capacity - item\n{body}\n    return value\n"
        )

    def _event(self, type_: str, microseconds: float, **fields: Any) -> int:
        self.time += microseconds
        self.columns.add(type_, int(self.time), fields)
        self.seq += 1
        return self.seq - 1

    def _flush(self) -> None:
        table = self.columns.table(self.first_seq)
        with merged_writer(commit_path(self.run_dir, self.first_seq, self.seq - 1)) as writer:
            writer.write_table(table, row_group_size=8192)
        self.columns, self.first_seq = Columns(), self.seq

    def _start(self) -> None:
        problem = load_problem("cap_set", inputs='{"first": 3, "second": 4}')
        sampler = MutationSampler(problem.specification)
        config = SearchConfig(islands=len(self.islands), completions_per_prompt=COMPLETIONS, seed=self.seed)
        fields = events.run_started(
            self.run_dir.name, problem, config, load_policy("funsearch"), load_policy("survivors", RESET),
            Stops(samples=self.wanted), sampler,
        )  # fmt: skip
        self._event("run_started", 0, **fields)
        first = tuple(self.random.sample(range(len(self.lines)), 6))
        for island in self.islands:
            self._judged(island, island.epoch, "seed", [], first, 0.0)

    def _round(self, resets: bool) -> None:
        """Draw prompts, answer them and judge the answers; with `resets` islands fall meanwhile."""
        as_of = self.seq - 1
        work = []
        propensities: dict[int, np.ndarray] = {}
        chosen = self.numpy.integers(len(self.islands), size=PROMPTS)
        for number in range(PROMPTS):
            island = self.islands[chosen[number]]
            if island.island_id not in propensities:
                propensities[island.island_id] = island.propensities()
            writer = self.random.choice(WRITERS)
            parents = self._parents(island, propensities[island.island_id])
            draw_id = self.drawn
            self._event(
                "prompt_drawn", 3000 if number % 4 == 0 else 5, draw_id=draw_id, batch_id=draw_id // 4,
                as_of=as_of, kind="parents", policy="funsearch", policy_params="{}", seed=self.seed,
                noise_scheme=NOISE_SCHEME, island_id=island.island_id, epoch=island.epoch,
                island_propensity=1 / len(self.islands), temperature=TEMPERATURE, parents=parents,
                sampler=writer[0], completions=COMPLETIONS, template=writer[2],
                prompt_hash=None if writer[2] is None else f"{draw_id:064x}", **NO_MODEL,
            )  # fmt: skip
            self.drawn += 1
            work.append((island, island.epoch, writer, [p["program_id"] for p in parents], draw_id))
        for number, item in enumerate(work):
            if resets and number == PROMPTS // 2:
                self._reset()
            self._answered(*item)

    def _parents(self, island: Island, propensities: np.ndarray) -> list[dict[str, Any]]:
        slots = np.searchsorted(np.cumsum(propensities), self.numpy.random(2) * 0.999999)
        drawn = []
        for slot, index in enumerate(slots):
            cluster = island.clusters[index]
            drawn.append((cluster.score, {
                "slot": slot,
                "program_id": cluster.programs[self.random.randrange(len(cluster.programs))],
                "cluster_id": cluster.cluster_id,
                "cluster_propensity": float(propensities[index]),
                "program_propensity": 1 / len(cluster.programs),
            }))  # fmt: skip
        drawn.sort(key=lambda pair: pair[0])
        return [{"position": position, **parent} for position, (_, parent) in enumerate(drawn)]

    def _answered(self, island: Island, epoch: int, writer: Any, parents: list[int], draw_id: int) -> None:
        sampler, model, _, temperature, luck = writer
        latency = None if model is None else self.random.lognormvariate(0.5, 0.5)
        params = None if model is None else json.dumps({"endpoint": "chat", "temperature": temperature})
        better = parents[-1]
        for ordinal in range(COMPLETIONS):
            source, score, failure = self._child(parents, better, luck)
            text = "return 0" if source is None else f"```python\n{len(source)} lines\n```"
            tokens_out = None if model is None else 20 + 12 * len(source or ())
            tokens_in = None if model is None else (400 if ordinal == 0 else 0)
            self._event(
                "completion_received", 20_000, completion_id=self.received, draw_id=draw_id, ordinal=ordinal,
                request_id=None if model is None else f"request-{draw_id}", sampler=sampler, model=model,
                params=params, text=text, tokens_in=tokens_in, tokens_out=tokens_out,
                cost_usd=None if model is None else 1e-6 * (tokens_in or 0) + 4e-6 * (tokens_out or 0),
                latency_seconds=latency, finish_reason=None if model is None else "stop", error=None,
                model_asked=model,
            )  # fmt: skip
            self.received += 1
            self._judged(island, epoch, sampler, parents, source, score, failure,
                         draw_id=draw_id, completion_id=self.received - 1)  # fmt: skip

    def _child(
        self, parents: list[int], better: int, luck: float
    ) -> tuple[tuple[int, ...] | None, float | None, tuple[str, str] | None]:
        chance = self.random.random()
        for status, error, probability in FAILURES:
            chance -= probability
            if chance < 0:
                if status == "no_program":
                    return None, None, (status, error)
                return self._mutated(better), None, (status, error)
        own = self.source[better] or ()
        if chance < 0.03:
            return own, self.score[better], None
        lines = self._mutated(better, self.source[parents[0]])
        score = self.score[better]
        what = self.random.random()
        if what < luck / (1 + max(score, 0.0)):
            score += self.random.randint(1, 8) / 64
        elif what < 0.8:
            score -= min(int(self.random.expovariate(0.5)) + 1, 40) / 64
        return lines, score, None

    def _mutated(self, program: int, other: tuple[int, ...] | None = None) -> tuple[int, ...]:
        lines = list(self.source[program] or ())
        what = self.random.random()
        place = self.random.randrange(len(lines))
        if what < 0.5 or len(lines) > 11:
            lines[place] = self.random.randrange(len(self.lines))
            if len(lines) > 11:
                del lines[self.random.randrange(len(lines))]
        elif what < 0.75:
            lines.insert(place, self.random.randrange(len(self.lines)))
        elif what < 0.85 and len(lines) > 3:
            del lines[place]
        else:
            lines[place:] = (other or (1, 2))[-3:]
        return tuple(lines)

    def _judged(
        self,
        island: Island,
        epoch: int,
        sampler: str,
        parents: list[int],
        source: tuple[int, ...] | None,
        score: float | None,
        failure: tuple[str, str] | None = None,
        *,
        draw_id: int | None = None,
        completion_id: int | None = None,
    ) -> None:
        """Append program_evaluated, and let the program join its island where it may."""
        known = None if source is None else self.known.get(source)
        if known is not None:
            outcome, error, scores, score, signature = self.results[known]
        elif score is None:
            outcome, error = failure or ("runtime_error", "")
            scores, signature = [None, None], None
        else:
            outcome, error = "ok", None
            aside = (hash(source) % 3) / 256
            scores = [score + aside, score - aside]
            packed = struct.pack("<2d", *scores)
            signature = hashlib.md5(packed, usedforsecurity=False).hexdigest()
        status = outcome
        present = self.islands[island.island_id]
        if outcome == "ok":
            if epoch != present.epoch:
                status = "stale"
            elif source in present.sources:
                status = "duplicate"
        text = None if source is None else self._text(source)
        ran = known is None and text is not None
        seconds = self.random.expovariate(50) if ran else None
        program_id = self.judged
        self._event(
            "program_evaluated", 8_000, program_id=program_id, draw_id=draw_id, completion_id=completion_id,
            sampler=sampler, island_id=island.island_id, epoch=epoch, parents=parents, status=status,
            error=error, output=None, source=text,
            source_hash=None if text is None else hashlib.md5(text.encode()).hexdigest(),
            scores=scores, score=score, signature_hash=signature, reused_from=known,
            evaluation_seconds=seconds, cpu_seconds=seconds, sandbox_level="L2" if ran else None,
            scoring="in-process" if ran else None,
            second_score=score if ran and score is not None and score > self.best[0] else None,
        )  # fmt: skip
        self.judged += 1
        self.scored += draw_id is not None
        self.source.append(source)
        self.score.append(-np.inf if score is None else score)
        if ran and source is not None:
            self.known[source] = program_id
            self.results[program_id] = (outcome, error, scores, score, signature)
        if score is not None and score > self.best[0]:
            self.best = (score, program_id)
        if status == "ok" and source is not None and score is not None and signature is not None:
            present.join(program_id, score, signature, source)

    def _reset(self) -> None:
        """Restart the worst half of the islands, each from the best program of a survivor."""
        bests = {island.island_id: island.best() for island in self.islands}
        ranked = sorted(bests, key=lambda each: (bests[each].score, self.random.random()))
        fallen = set(ranked[: len(ranked) // 2])
        survivors = [each for each in ranked if each not in fallen]
        founders = {each: bests[self.random.choice(survivors)] for each in sorted(fallen)}
        told = [
            {
                "island_id": island.island_id,
                "epoch": island.epoch,
                "programs": island.programs,
                "best_score": bests[island.island_id].score,
                "best_program_id": bests[island.island_id].cluster_id,
                "rank_key": bests[island.island_id].score,
                "rank": ranked.index(island.island_id) + 1,
                "reset": island.island_id in fallen,
                "founder_program_id": founders[island.island_id].cluster_id
                if island.island_id in fallen
                else None,
                "founder_propensity": 1 / len(survivors) if island.island_id in fallen else None,
            }
            for island in self.islands
        ]
        self._event("island_reset", 1000, reset_id=self.resets, as_of=self.seq - 1, policy="survivors",
                    policy_params="{}", seed=self.seed, noise_scheme=NOISE_SCHEME, islands=told)  # fmt: skip
        self.resets += 1
        for island_id, founder in founders.items():
            island = self.islands[island_id] = Island(island_id, self.islands[island_id].epoch + 1)
            program = founder.cluster_id
            self._judged(island, island.epoch, "founder", [program], self.source[program], founder.score)


def make_log(
    run_dir: Path, programs: int, *, islands: int = 10, seed: int = 0, resets: int = 24
) -> dict[str, int]:
    """Write a log with at least so many programs into a directory, and return how much there is of what."""
    maker = Maker(run_dir, programs, islands=islands, seed=seed, resets=resets)
    maker.write()
    counts: dict[str, int] = defaultdict(int)
    counts.update(events=maker.seq, programs=maker.judged, draws=maker.drawn, resets=maker.resets)
    return dict(counts)


def main() -> None:
    """Write a log."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("run_dir", type=Path, help="where; what is there is removed")
    parser.add_argument("--programs", type=int, default=100_000)
    parser.add_argument("--islands", type=int, default=10)
    parser.add_argument("--resets", type=int, default=24)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    counts = make_log(
        options.run_dir,
        options.programs,
        islands=options.islands,
        seed=options.seed,
        resets=options.resets,
    )
    print(", ".join(f"{number:,} {what}" for what, number in counts.items()))


if __name__ == "__main__":
    main()
