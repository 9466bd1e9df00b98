"""Runs to read: a real one, made once, and hand-made ones, written by the real writer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fsdb.config import SearchConfig, Stops
from fsdb.log import LogWriter, MergePolicy, read_events
from fsdb.log.events import Event, check_fields
from fsdb.problem.loading import load_problem
from fsdb.problem.specification import Problem
from fsdb.samplers.mutation import MutationSampler
from fsdb.search import events
from fsdb.search.runs import Setting, Watch, start_run
from fsdb.state.policies import RESET, load_policy
from tests.state.logs import Log

CUBES = '''"""Approximate the cube of a number."""
import funsearch

INPUTS = {"few": 4, "many": 8}
HELD_OUT = {"near": {"two": 2}, "far": {"twelve": 12, "twenty": 20}}
BASELINES = {"square": "def cube(x):\\n    return x * x\\n", "perfect": 0.0}


@funsearch.run
def evaluate(n: int) -> float:
    """Minus the error of cube over 0 to n - 1, on average, at most a million."""
    error = sum(min(abs(cube(float(x)) - x**3), 1e6) for x in range(n))
    return -error / n


@funsearch.evolve
def cube(x: float) -> float:
    """Return x cubed, more or less."""
    estimate = 3.0 * x
    if x > 2.0:
        estimate = estimate * x
    return estimate
'''

SEED_PROGRAM = CUBES[CUBES.rindex("def cube") :]

HOSTILE = (
    "def cube(x):\n"
    "    # \x1b]0;owned\x07\x1b[2J [bold red]markup[/bold red] \u202eesrever\u2066 \x9b31m \u2028 end\n"
    "    return 'a\x1b[31mb' and x\n"
)
"""A program that would take over a terminal, if a terminal were shown it."""


def cubes(folder: Path) -> Path:
    """Write the problem's file."""
    path = folder / "cubes.py"
    path.write_text(CUBES)
    return path


def problem(folder: Path) -> Problem:
    return load_problem(str(cubes(folder)))


def real_run(base: Path) -> Path:
    """Return a real run of some 350 events, made when first asked for; it is not to be changed."""
    run_dir = base / "real-runs" / "cubes-1"
    if not run_dir.exists():
        making = base / "in-the-making" / "cubes-1"
        asyncio.run(
            start_run(
                making,
                problem(base),
                SearchConfig(islands=3, completions_per_prompt=2, random_programs=3, timeout_seconds=5.0),
                load_policy("funsearch:normalise=range"),
                load_policy("survivors:every_programs=20", RESET),
                Stops(samples=120),
                lambda loaded: MutationSampler(loaded.specification),
                Setting(processes=2),
                Watch(),
            )
        )
        run_dir.parent.mkdir()
        making.rename(run_dir)
    return run_dir


def hand_made(folder: Path, *, islands: int = 1, **fields: Any) -> Log:
    """Return a log under construction whose first event is as of a real run of the problem."""
    log = Log(islands)
    loaded = problem(folder)
    sampler = MutationSampler(loaded.specification)
    started = events.run_started(
        "hand-made",
        loaded,
        SearchConfig(islands=islands),
        load_policy("funsearch"),
        load_policy("survivors", RESET),
        Stops(samples=100),
        sampler,
    )
    log.events[0] = Event("run_started", 0, check_fields("run_started", {**started, **fields}))
    return log


def stopped(log: Log, **fields: Any) -> None:
    """Append run_stopped, which counts what the log holds unless told otherwise."""
    of = {
        name: [e.fields for e in log.events if e.type == name]
        for name in ("completion_received", "program_evaluated")
    }
    programs = of["program_evaluated"]
    scored = [p for p in programs if p["score"] is not None]
    best = max(scored, key=lambda p: (p["score"], -p["program_id"]), default=None)
    known = {
        "reason": "samples",
        "samples": len(of["completion_received"]),
        "programs": sum(p["draw_id"] is not None for p in programs),
        "best_score": best and best["score"],
        "best_program_id": best and best["program_id"],
        "open_draws": 0,
        "seconds": 1.0,
    }
    log._append("run_stopped", {**known, **fields})


def child(log: Log, score: Any, parents: list[int], *, island: int = 0, **fields: Any) -> int:
    """Append a draw, its completion and the program in it; returns the program's number."""
    shown = [_drawn(log, position, program) for position, program in enumerate(parents)]
    draw = log.drawn(island, shown, policy="funsearch", policy_params="{}", sampler="mutation")
    completion = log.received(draw, sampler="mutation")
    return log.evaluated(score, island, draw=draw, completion_id=completion, parents=parents, **fields)


def _drawn(log: Log, position: int, program: int) -> dict[str, Any]:
    """Return a parent's part of a draw, with the cluster that it is in."""
    programs = [e.fields for e in log.events if e.type == "program_evaluated"]
    own = programs[program]
    cluster = min(
        p["program_id"]
        for p in programs
        if (p["island_id"], p["epoch"], p["signature_hash"], p["status"])
        == (own["island_id"], own["epoch"], own["signature_hash"], "ok")
    )
    return {
        "position": position,
        "slot": position,
        "program_id": program,
        "cluster_id": cluster,
        "cluster_propensity": 0.5,
        "program_propensity": 1.0,
    }


def write(log: Log, run_dir: Path, *, commit_events: int = 5) -> Path:
    """Write a log's events to files, a commit for every few."""
    with LogWriter.create(run_dir, "run", merge=False) as writer:
        for number, event in enumerate(log.events, start=1):
            writer.append(event.type, event.fields)
            if number % commit_events == 0:
                writer.commit()
        writer.commit()
    return run_dir


def merge_all(run_dir: Path) -> None:
    """Merge all files of a log into one, as its writer would."""
    with LogWriter.open(run_dir, merge=MergePolicy(files=2, small_events=10**6, large_events=10**6)):
        pass


def rewritten(source: Path, target: Path, change: Callable[[int, str, dict[str, Any]], None]) -> Path:
    """Write a copy of a log in which `change(seq, type, fields)` has changed the fields as it likes."""
    with LogWriter.create(target, "run", merge=False) as writer:
        for table in read_events(source):
            for row in table.to_pylist():
                change(row["seq"], row["type"], row[row["type"]])
                writer.append(row["type"], row[row["type"]])
        writer.commit()
    return target
