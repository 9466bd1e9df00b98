"""How long `fsdb replay` takes: the same draws again, and other policies', on a log that the engine wrote.

    python benchmarks/replay.py --make runs/long --draws 100000    # takes 10 to 40 minutes
python benchmarks/replay.py runs/long --policy funsearch:temperature_init=0.09
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import time
from pathlib import Path
from typing import Any

from engine import ISLANDS, InstantSampler
from make_log import Columns

from fsdb.replay.counterfactual import counterfactuals
from fsdb.replay.exact import replay_exactly
from fsdb.replay.history import History
from fsdb.report.runs import open_run
from fsdb.state.policies import RESET, install_reset, install_selection, load_policy

BATCH, CHILDREN, CLUSTERS = 16, 4, 400


class InstantEvaluator:
    """Scores at once, so that programs spread evenly over so many clusters on each island."""

    async def evaluate(self, source: str) -> Any:
        from fsdb.evaluator.evaluation import Evaluation

        score = (int(source.rsplit(" ", 1)[1]) * 7919 % CLUSTERS) / CLUSTERS
        return Evaluation("ok", (score,), score, None, None, 0.0, 0.0, None)


def make(run_dir: Path, draws: int) -> None:
    """Search with an instant sampler and evaluator, and resets, for so many draws."""
    from fsdb.config import SearchConfig, Stops
    from fsdb.log import LogWriter
    from fsdb.problem.loading import load_problem
    from fsdb.search import events
    from fsdb.search.ledger import Ledger
    from fsdb.search.loop import Search
    from fsdb.state.keys import signature_hash, source_hash

    policy, reset_policy = load_policy("funsearch"), load_policy("survivors:every_programs=16000", RESET)
    config = SearchConfig(
        islands=ISLANDS,
        completions_per_prompt=CHILDREN,
        random_programs=0,
        batch_draws=BATCH,
        window_draws=3 * BATCH,
        in_order=False,
        check_bests=False,
    )
    sampler, stops = InstantSampler(), Stops(samples=draws * CHILDREN)
    start = Columns()
    started = events.run_started(
        "benchmark", load_problem("cap_set"), config, policy, reset_policy, stops, sampler
    )
    start.add("run_started", 0, started)
    for island in range(ISLANDS):
        source = f"def f():\n    return 0 # {island}"
        nothing = dict.fromkeys(
            ("draw_id", "completion_id", "error", "output", "reused_from", "evaluation_seconds",
             "cpu_seconds", "sandbox_level", "scoring", "second_score")
        )  # fmt: skip
        start.add("program_evaluated", island, {
            "program_id": island, "sampler": "seed", "island_id": island, "epoch": 0, "parents": [],
            "status": "ok", "source": source, "source_hash": source_hash(source), "scores": [0.0],
            "score": 0.0, "signature_hash": signature_hash([0.0]), **nothing,
        })  # fmt: skip
    with LogWriter.create(run_dir, "benchmark") as writer:
        for row in start.table(0).to_pylist():
            writer.append(row["type"], row[row["type"]])
        writer.commit()
    ledger = Ledger.open(LogWriter.open(run_dir), run_dir)
    install_selection(ledger.con, policy)
    install_reset(ledger.con, reset_policy)
    search = Search(
        ledger, config, policy, reset_policy, stops, sampler, sampler, InstantEvaluator(), 2  # type: ignore[arg-type]
    )  # fmt: skip
    asyncio.run(search.run([]))
    ledger.close()


def measure(run_dir: Path, specs: list[str]) -> None:
    """Print the seconds of each answer, of the clock and of both processors together."""
    with open_run(run_dir, unbroken=True) as log:
        history = _timed("reading the history", lambda: History(log))
    with history:
        exact = _timed("exact replay", lambda: replay_exactly(history))
        print(
            f"  {'same' if exact.same else 'DIFFERENT'}: {exact.draws:,} draws as of {exact.states:,} states"
        )
        for spec in specs:
            answers = _timed(
                f"one-step and off-policy: {spec}",
                lambda spec=spec: counterfactuals(history, [load_policy(spec)]),  # type: ignore[misc]
            )
            print(f"  {answers[0].one_step.changed('programs'):.1%} of the prompts change")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def _timed(what: str, call: Any) -> Any:
    clock, processors = time.perf_counter(), time.process_time()
    found = call()
    print(f"{what:55s} {time.perf_counter() - clock:6.1f} s {time.process_time() - processors:6.1f} s of cpu")
    return found


def main() -> None:
    """Make a log, or time the replay of one."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("run_dir", type=Path)
    parser.add_argument("--make", action="store_true", help="write the log first")
    parser.add_argument("--draws", type=int, default=100_000, help="draws of the log to be made")
    parser.add_argument("--policy", action="append", default=[], help="a policy to ask; may be repeated")
    options = parser.parse_args()
    if options.make:
        make(options.run_dir, options.draws)
    measure(options.run_dir, options.policy)


if __name__ == "__main__":
    main()
