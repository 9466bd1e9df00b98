"""How fast the engine is by itself, with an instant sampler and evaluator: programs a second and memory.

Each size is measured in a process of its own: a log with that many programs is written, opened, and
searched on. A program counts once it was drawn for, answered, evaluated, committed (fsync) and folded.
Ratios are to the same process's raw speed: commits of the same events, written and synced, with no state.
With --reader, `fsdb query` asks the run one analysis after the other for every other ten turns: the figure is
the speed of those turns beside that of the turns between them.

    python benchmarks/engine.py [--sizes 1000,1000000] [--clusters 0] [--in-order --batch 4] [--reader]
                                [--json FILE]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

ISLANDS = 10
EVENTS_IN_FILE = 100_000


def body(number: int) -> str:
    """Return a program of about 1 kB, different for each number."""
    lines = "\n".join(
        f"    value = value * {number % 977} + {line}  # step {line} of the sum" for line in range(20)
    )
    return f"def score_of(value):\n{lines}\n    return value - {number}\n"


def scores_of(number: int, clusters: int) -> tuple[float, float]:
    """Return scores that spread programs over so many clusters, evenly."""
    cluster = (number * 7919) % clusters
    return (cluster / clusters, cluster / clusters / 2)


class InstantSampler:
    """Answers at once; each completion is a new program."""

    name = "instant"
    model = None
    weights: dict[str, float] = {}  # noqa: RUF012
    concurrency = 64

    def notice(self, text: str) -> None:
        return None

    def most(self, completions: int) -> tuple[int, float]:
        return 0, 0.0

    def late(self, draw_id: int) -> list[Any]:
        return []

    def describe(self, prompt: Any) -> None:
        return None

    def extract(self, text: str, prompt: Any = None) -> str:
        return text

    def params(self) -> dict[str, object]:
        return {}

    async def close(self) -> None:
        return None

    async def sample(self, prompt: Any) -> AsyncIterator[Any]:
        from fsdb.samplers.base import Completion

        for ordinal in prompt.ordinals:
            number = 10_000_000 + prompt.draw_id * 64 + ordinal
            yield Completion(ordinal=ordinal, sampler=self.name, text=body(number))


class InstantEvaluator:
    """Scores at once."""

    def __init__(self, clusters: int) -> None:
        self.clusters = clusters

    async def evaluate(self, source: str) -> Any:
        from fsdb.evaluator.evaluation import Evaluation

        scores = scores_of(int(source.rsplit(" ", 1)[1]), self.clusters)
        return Evaluation("ok", scores, scores[0], None, None, 0.0, 0.0, None)


def write_log(run_dir: Path, programs: int, clusters: int) -> None:
    """Write a log that holds so many evaluated programs, as merged files of a writer hold them."""
    from make_log import Columns

    from fsdb.config import SearchConfig, Stops
    from fsdb.evaluator.evaluation import Evaluation
    from fsdb.log.files import EVENTS, commit_path
    from fsdb.log.parquet import merged_writer
    from fsdb.log.seal import seal_file
    from fsdb.problem.loading import load_problem
    from fsdb.samplers.base import Completion, Prompt
    from fsdb.search import events
    from fsdb.search.flight import Flight, Sample
    from fsdb.state.policies import RESET, load_policy

    (run_dir / EVENTS).mkdir(parents=True)
    sampler = InstantSampler()
    policies = load_policy("funsearch"), load_policy("none", RESET)
    config = SearchConfig(islands=ISLANDS, check_bests=False)
    columns, first = Columns(), 0
    columns.add(
        "run_started",
        0,
        events.run_started("benchmark", load_problem("cap_set"), config, *policies, Stops(), sampler),
    )

    def flush() -> None:
        nonlocal columns, first
        count = len(columns.types)
        path = commit_path(run_dir, first, first + count - 1)
        with merged_writer(path) as writer:
            writer.write_table(columns.table(first), row_group_size=8192)
        seal_file(path)
        columns, first = Columns(), first + count

    for number in range(programs):
        island = number % ISLANDS
        prompt = Prompt(number, "random", 0, (), (0,))
        flight = Flight(prompt, number, island, 0)
        drawn = events.drawn_at_random(island, 0)
        drawn |= events.prompt_drawn(prompt, sampler, None, number, 0)
        columns.add("prompt_drawn", number, drawn)
        text = body(number)
        answer = Completion(ordinal=0, sampler="instant", text=text)
        columns.add("completion_received", number, events.completion_received(number, number, answer))
        scores = scores_of(number, clusters)
        evaluation = Evaluation("ok", scores, scores[0], None, None, 0.0, 0.0, None)
        sample = Sample(number, 0, "instant", text)
        judged = events.program_evaluated(number, flight, sample, evaluation, "ok", None)
        columns.add("program_evaluated", number, judged)
        if len(columns.types) >= EVENTS_IN_FILE:
            flush()
    flush()


def raw_speed(directory: Path, per_commit: int, commits: int) -> float:
    """Return programs a second that the bare log takes in: the same events, committed, with no state."""
    from fsdb.log import LogWriter
    from fsdb.samplers.base import Completion

    writer = LogWriter.create(directory, "raw", merge=False)
    began = time.perf_counter()
    for commit in range(commits):
        for index in range(per_commit):
            number = commit * per_commit + index
            from fsdb.search import events

            completion = Completion(ordinal=0, sampler="instant", text=body(number))
            writer.append("completion_received", events.completion_received(number, number, completion))
            writer.append("completion_received", events.completion_received(number, number, completion))
        writer.commit()
    seconds = time.perf_counter() - began
    writer.close()
    return per_commit * commits / seconds


class Turns:
    """What each turn of the loop took, and a reader that is let run in every other ten of them."""

    READ = "operators"

    def __init__(self, run_dir: Path, reader: bool) -> None:
        self.longest = 0.0
        self.seconds = [0.0, 0.0]
        self.programs = [0, 0]
        self._turns = self._programs = 0
        self._then = time.perf_counter()
        self._reader: subprocess.Popen[bytes] | None = None
        if reader:
            ask = (
                f"while :; do '{sys.executable}' -m fsdb.cli query {self.READ} '{run_dir}' > /dev/null; done"
            )
            self._reader = subprocess.Popen(["sh", "-c", ask], start_new_session=True)
            os.killpg(self._reader.pid, signal.SIGSTOP)

    def __call__(self, ledger: Any) -> None:
        """Take the time of a turn; to be called after each."""
        now, programs = time.perf_counter(), ledger.progress()["programs"]
        beside_reader = self._turns // 10 % 2
        self.seconds[beside_reader] += now - self._then
        self.programs[beside_reader] += programs - self._programs if self._turns else 0
        self.longest = max(self.longest, now - self._then if self._turns else 0.0)
        self._turns, self._programs = self._turns + 1, programs
        if self._reader is not None and self._turns % 10 == 0:
            beside_reader = self._turns // 10 % 2
            os.killpg(self._reader.pid, signal.SIGCONT if beside_reader else signal.SIGSTOP)
        self._then = time.perf_counter()

    def close(self) -> float | None:
        """Return the speed beside the reader as a share of that without, None where there was none."""
        if self._reader is None:
            return None
        os.killpg(self._reader.pid, signal.SIGKILL)
        self._reader.wait()
        if not all(self.programs):
            return None
        alone, beside = (programs / s for programs, s in zip(self.programs, self.seconds, strict=True))
        return beside / alone


def measure(
    size: int, samples: int, batch: int, per_prompt: int, clusters: int, in_order: bool, reader: bool
) -> dict[str, Any]:
    """Measure one size in this process; `clusters` of 0 means one for each program."""
    from fsdb.config import SearchConfig, Stops
    from fsdb.log import LogWriter
    from fsdb.search.ledger import Ledger
    from fsdb.search.loop import Search
    from fsdb.state.policies import RESET, install_reset, install_selection, load_policy

    with tempfile.TemporaryDirectory() as folder:
        run_dir = Path(folder) / "run"
        clusters = clusters or size + samples
        write = ["--write", str(run_dir), "--sizes", str(size), "--clusters", str(clusters)]
        subprocess.run([sys.executable, __file__, *write], check=True)
        began = time.perf_counter()
        writer = LogWriter.open(run_dir)
        ledger = Ledger.open(writer, run_dir)
        opened = time.perf_counter() - began
        policy, reset_policy = load_policy("funsearch"), load_policy("none", RESET)
        install_selection(ledger.con, policy)
        install_reset(ledger.con, reset_policy)
        turns = Turns(run_dir, reader)
        search = Search(
            ledger,
            SearchConfig(
                islands=ISLANDS,
                completions_per_prompt=per_prompt,
                random_programs=0,
                batch_draws=batch,
                window_draws=4 * batch if in_order else batch,
                in_order=in_order,
                check_bests=False,
            ),
            policy,
            reset_policy,
            Stops(samples=size + samples),
            InstantSampler(),
            InstantSampler(),
            InstantEvaluator(clusters),  # type: ignore[arg-type]
            ["one", "two"],
            on_commit=turns,
        )
        began = time.perf_counter()
        try:
            asyncio.run(search.run([]))
            seconds = time.perf_counter() - began
        finally:
            share = turns.close()
        programs = ledger.progress()["programs"] - size
        ledger.close()
        files = list((run_dir / "events").glob("*.parquet"))
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        raw = raw_speed(Path(folder) / "raw", batch * per_prompt, 20)
        return {
            "programs_before": size,
            "programs": programs,
            "programs_per_second": programs / seconds,
            "share_of_raw_log": programs / seconds / raw,
            "reopen_seconds": opened,
            "peak_memory_mb": memory,
            "longest_turn_ms": turns.longest * 1000,
            "speed_beside_reader": share,
            "files": len(files),
            "bytes_per_program": sum(file.stat().st_size for file in files) / (size + programs),
        }


def main() -> None:
    """Measure every size, print a table, and write JSON where asked to."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", default="1000,10000,100000", help="programs in the log beforehand")
    parser.add_argument("--samples", type=int, default=2000, help="programs searched for at each size")
    parser.add_argument("--batch", type=int, default=16, help="prompts drawn by one query at most")
    parser.add_argument(
        "--in-order", action="store_true", help="with four batches under way, as without a model; else one"
    )
    parser.add_argument("--clusters", type=int, default=1000, help="clusters in all; 0: one for each program")
    parser.add_argument("--per-prompt", type=int, default=4, help="completions of a prompt")
    parser.add_argument(
        "--reader", action="store_true", help="let analyses run beside the search now and then"
    )
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--write", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    if options.write:
        write_log(options.write, sizes[0], options.clusters)
        return
    if options.one:
        print(
            json.dumps(
                measure(
                    sizes[0],
                    options.samples,
                    options.batch,
                    options.per_prompt,
                    options.clusters,
                    options.in_order,
                    options.reader,
                )
            )
        )
        return
    rows = []
    heads = ("programs", "programs/s", "of raw log", "growth", "reopen s", "peak MB", "turn ms", "files")
    heads += ("B/program", *(["beside reader"] if options.reader else []))
    widths = (10, 11, 11, 7, 9, 8, 8, 6, 10, 14)[: len(heads)]
    print(" ".join(head.rjust(width) for head, width in zip(heads, widths, strict=True)))
    for size in sizes:
        command = [
            sys.executable,
            __file__,
            "--one",
            "--sizes",
            str(size),
            "--samples",
            str(options.samples),
            "--batch",
            str(options.batch),
            "--per-prompt",
            str(options.per_prompt),
            "--clusters",
            str(options.clusters),
            *(["--in-order"] if options.in_order else []),
            *(["--reader"] if options.reader else []),
        ]
        row = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        row["growth_of_cost"] = (rows[0] if rows else row)["programs_per_second"] / row["programs_per_second"]
        rows.append(row)
        print(
            f"{size:>10,} {row['programs_per_second']:>11,.0f} {row['share_of_raw_log']:>11.0%} "
            f"{row['growth_of_cost']:>7.2f} {row['reopen_seconds']:>9.2f} {row['peak_memory_mb']:>8,.0f} "
            f"{row['longest_turn_ms']:>8,.0f} {row['files']:>6} {row['bytes_per_program']:>10,.0f}"
            + (f" {row['speed_beside_reader']:>14.0%}" if options.reader else "")
        )
    if options.json:
        machine = {"python": platform.python_version(), "machine": platform.machine()}
        options.json.write_text(json.dumps({"machine": machine, "rows": rows}, indent=1) + "\n")


if __name__ == "__main__":
    main()
