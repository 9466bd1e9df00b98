"""What the built-in sampler reaches on each bundled problem in a small budget, over several seeds.

    python benchmarks/problems.py --out docs/problems.json        # takes a while: half an hour of one core
    python benchmarks/problems.py --only cap_set,tsp --samples 100 --seeds 3
    python benchmarks/problems.py --table docs/problems.json      # the table of docs/problems.md

Each run is that of `fsdb run PROBLEM --samples N --seed S`, so that its best score can be had again. Scores
do not depend on the time that evaluations take.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import platform
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from fsdb.config import SearchConfig, Stops
from fsdb.evaluator.evaluation import Limits
from fsdb.evaluator.modes import default_mode
from fsdb.problem.loading import bundled_problems
from fsdb.problem.specification import Problem
from fsdb.report.comparison import TRAINING, score_programs
from fsdb.samplers.mutation import mutation_sampler
from fsdb.search.runs import Setting, Watch, start_run
from fsdb.state.policies import RESET, load_policy

KNOWN = ("largest possible", "best known")
"""Baselines that are the best score known; of the others the best one is what is to be beaten."""


def measure(problem: Problem, samples: int, seeds: int, folder: Path) -> dict[str, Any]:
    """Return what a problem's baselines score, and the best scores of runs with the seeds 0, 1, …"""
    functions = {name: each for name, each in problem.baselines.items() if isinstance(each, str)}
    programs = {"seed program": problem.specification.evolve.source, **functions}
    found = asyncio.run(score_programs(problem, programs, {TRAINING: problem.inputs}, Limits(), 1))
    known = [float(problem.baselines[name]) for name in KNOWN if name in problem.baselines]
    began, bests = time.monotonic(), []
    for seed in range(seeds):
        outcome = asyncio.run(
            start_run(
                folder / f"{problem.name}-{seed}",
                problem,
                SearchConfig(seed=seed, scoring=default_mode(problem.specification)),
                load_policy("funsearch"),
                load_policy("survivors", RESET),
                Stops(samples=samples),
                mutation_sampler,
                Setting(processes=1),
                Watch(),
            )
        )
        bests.append(outcome.progress["best_score"])
    return {
        "baselines": {name: each.score for (_, name), each in found.items()},
        "best_known": known[0] if known else None,
        "samples": samples,
        "bests": bests,
        "seconds_a_run": round((time.monotonic() - began) / seeds, 1),
    }


def table(measured: dict[str, Any]) -> str:
    """Return the table of docs/problems.md, in Markdown."""
    lines = [
        "| problem | baselines | seed program | best known | samples | median | best"
        " | better than all baselines | best known reached |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for name, each in measured["problems"].items():
        baselines = dict(each["baselines"])
        seed = baselines.pop("seed program")
        beaten = sum(score > max([seed, *baselines.values()]) for score in each["bests"])
        known = each["best_known"]
        hits = "" if known is None else f"{sum(score >= known for score in each['bests'])}"
        runs = len(each["bests"])
        cells = [
            f"`{name}`",
            ", ".join(f"{label} {_short(score)}" for label, score in baselines.items()) or "none",
            _short(seed),
            "unknown" if known is None else _short(known),
            str(each["samples"]),
            _short(statistics.median(each["bests"])),
            _short(max(each["bests"])),
            f"{beaten} of {runs}",
            f"{hits} of {runs}" if hits else "unknown",
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _short(score: float) -> str:
    return f"{score:.6g}" if abs(score) >= 100 else f"{score:.4g}"


def main() -> None:
    """Measure, and write after each problem what there is so far; or print the table of what was written."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--samples", type=int, default=600, help="samples of a run (default: 600)")
    parser.add_argument("--seeds", type=int, default=5, help="runs of each problem (default: 5)")
    parser.add_argument("--only", default="", help="problems, with commas between (default: all)")
    parser.add_argument("--out", type=Path, help="JSON to write, or to add to where it is there")
    parser.add_argument("--table", type=Path, help="print the table of this JSON, and measure nothing")
    given = parser.parse_args()
    if given.table:
        print(table(json.loads(given.table.read_text(encoding="utf-8"))))
        return
    measured: dict[str, Any] = {"command": "python benchmarks/problems.py", "problems": {}}
    if given.out and given.out.exists():
        measured = json.loads(given.out.read_text(encoding="utf-8"))
    measured["machine"] = f"{platform.system()} {platform.machine()}, one evaluator process"
    wanted = set(filter(None, given.only.split(",")))
    with tempfile.TemporaryDirectory() as folder:
        for problem in bundled_problems():
            if not wanted or problem.name in wanted:
                measured["problems"][problem.name] = measure(
                    problem, given.samples, given.seeds, Path(folder)
                )
                if given.out:
                    measured["problems"] = dict(sorted(measured["problems"].items()))
                    given.out.write_text(json.dumps(measured, indent=2) + "\n", encoding="utf-8")
    print(table(measured))


if __name__ == "__main__":
    main()
