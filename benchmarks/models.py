"""What the engine itself costs while many requests are under way: processor time over wall time.

    python benchmarks/models.py [--in-flight 64] [--seconds 30] [--answer-seconds 2]

A server in a process of its own, over real sockets, answers every request after some seconds with a program.
The engine runs in this process with the real `openai` client; its evaluators are processes of their own and
do not count. The figure is this process's processor time over wall time: the share of one core.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from fsdb.config import SearchConfig, Stops
from fsdb.problem.loading import load_problem
from fsdb.samplers.openai import ModelSettings, OpenAISampler
from fsdb.search.runs import Setting, Watch, start_run
from fsdb.state.policies import RESET, load_policy
from tests.model_server import ModelServer, Slow


def _serve(seconds: float, ready: Any) -> None:
    """Serve answers until the process is ended."""
    with ModelServer(always=Slow(seconds)) as server:
        ready.put(server.base_url)
        time.sleep(3600)


def measure(in_flight: int, seconds: float, answer_seconds: float) -> dict[str, float]:
    """Run a search with so many requests under way, and return its figures."""
    context = multiprocessing.get_context("spawn")
    ready = context.Queue()
    server = context.Process(target=_serve, args=(answer_seconds, ready), daemon=True)
    server.start()
    os.environ["NO_PROXY"] = "*"
    settings = ModelSettings(
        model="test-model", base_url=ready.get(timeout=30), concurrency=in_flight, timeout=120.0
    )
    moments: list[tuple[float, float, int]] = []

    def committed(ledger: Any) -> None:
        moments.append((time.monotonic(), time.process_time(), ledger.progress()["samples"]))

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(
            start_run(
                Path(folder) / "run",
                load_problem("cap_set", inputs='{"n = 4": 4}'),
                SearchConfig(
                    in_order=False, batch_draws=in_flight, window_draws=in_flight, random_programs=0
                ),
                load_policy("funsearch"),
                load_policy("none", RESET),
                Stops(minutes=seconds / 60),
                lambda problem: OpenAISampler(problem, [settings]),
                Setting(),
                Watch(committed=committed),
            )
        )
    server.terminate()
    began = next(moment for moment in moments if moment[2] > 0)
    ended = moments[-1]
    wall = ended[0] - began[0]
    return {
        "in_flight": in_flight,
        "wall_seconds": wall,
        "cpu_seconds": ended[1] - began[1],
        "share_of_a_core": (ended[1] - began[1]) / wall,
        "samples_a_second": (ended[2] - began[2]) / wall,
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--in-flight", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--answer-seconds", type=float, default=2.0)
    options = parser.parse_args()
    for name, value in measure(options.in_flight, options.seconds, options.answer_seconds).items():
        print(f"{name:18} {value:.3g}")


if __name__ == "__main__":
    main()
