"""What an evaluation costs: milliseconds a program in the sandbox, and what each of its layers adds.

All on one core. One program after another is evaluated by evaluators that differ in their layers, block by
block in turn, so that other work on the machine disturbs all alike, and beside them each program in a fresh
interpreter that imports numpy, with no sandbox at all. With --soak so many programs, most of them good and
some hostile, run in one evaluator, to see that nothing grows.

    python benchmarks/sandbox.py [--evaluations 300] [--json FILE]
    python benchmarks/sandbox.py --soak [100000] [--json FILE]
"""

from __future__ import annotations

import argparse
import asyncio
import collections
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

SPECIFICATION = '''"""Return a number."""
import numpy as np

import funsearch


@funsearch.run
def evaluate(x):
    return priority(x)


@funsearch.evolve
def priority(x):
    """Return a number."""
    return float(np.sum(np.arange(x)))
'''

GOOD = "def priority(x):\n    return float(np.sum(np.arange(x)))\n"

FRESH = f"import numpy as np\n{GOOD}score = priority(3)\n"

BLOCK = 50
"""So many programs run in one evaluator before it is the next one's turn."""

TRACE = f"fsdb-soak-{os.getpid()}"
"""What the names of files begin with that hostile programs of a soak would leave."""


def limits(timeout_seconds: float) -> Any:
    from fsdb.evaluator.evaluation import Limits

    return Limits(timeout_seconds=timeout_seconds, memory_bytes=256 * 2**20, output_bytes=1000)


def evaluator(layers: tuple[str, ...], timeout_seconds: float = 30.0, processes: int = 1) -> Any:
    from fsdb.evaluator.pool import Evaluator
    from fsdb.problem.parsing import parse_specification

    return Evaluator(
        parse_specification(SPECIFICATION, "benchmark"),
        (3,),
        "mean",
        limits(timeout_seconds),
        processes,
        allow_unsafe=True,
        layers=layers,
    )


# The cost of one evaluation.


@dataclass(frozen=True)
class Cost:
    """The time that programs took, one after another."""

    name: str
    level: str
    median_ms: float
    p95_ms: float
    programs_per_second: float


def cost(name: str, level: str, seconds: list[float]) -> Cost:
    milliseconds = sorted(1000 * one for one in seconds)
    return Cost(
        name=name,
        level=level,
        median_ms=statistics.median(milliseconds),
        p95_ms=milliseconds[int(0.95 * (len(milliseconds) - 1))],
        programs_per_second=len(seconds) / sum(seconds),
    )


async def measure(evaluations: int) -> list[Cost]:
    """Measure evaluators with no layer, with one more each, up to all; the last row is without any of it."""
    from fsdb.sandbox.environment import clean_environment
    from fsdb.sandbox.lockdown import LAYERS

    names = ["no layer", *(f"+ {layer}" for layer in LAYERS)]
    evaluators = [evaluator(LAYERS[:count]) for count in range(len(LAYERS) + 1)]
    times: list[list[float]] = [[] for _ in names]
    fresh: list[float] = []
    environment = clean_environment()
    try:
        for one in evaluators:
            await one.start()
        for _ in range(0, evaluations, BLOCK):
            for one, seconds in zip(evaluators, times, strict=True):
                # The first few of a block find the processor's caches full of other things.
                for turn in range(-5, BLOCK):
                    began = time.perf_counter()
                    result = await one.evaluate(GOOD)
                    if turn >= 0:
                        seconds.append(time.perf_counter() - began)
                    assert result.status == "ok", result
            for turn in range(-1, BLOCK // 10):
                began = time.perf_counter()
                subprocess.run([sys.executable, "-c", FRESH], env=environment, check=True)
                if turn >= 0:
                    fresh.append(time.perf_counter() - began)
        levels = [one.level for one in evaluators]
    finally:
        for one in evaluators:
            await one.close()
    costs = [cost(*row) for row in zip(names, levels, times, strict=True)]
    return [*costs, cost("fresh interpreter", "none", fresh)]


def print_costs(costs: list[Cost]) -> None:
    print(f"{'layers':>18} {'level':>6} {'median ms':>10} {'p95 ms':>8} {'programs/s':>11} {'of fresh':>9}")
    for row in costs:
        times = row.programs_per_second / costs[-1].programs_per_second
        print(
            f"{row.name:>18} {row.level:>6} {row.median_ms:>10.2f} {row.p95_ms:>8.2f} "
            f"{row.programs_per_second:>11.0f} {times:>8.1f}x"
        )


# Many evaluations.


def body(*lines: str) -> str:
    return "def priority(x):\n" + "".join(f"    {line}\n" for line in lines)


RAISING = (
    body("return 1 / 0"),
    body("return [][x]"),
    body("return priority(x)"),
    body("raise ValueError('\\x1b[2J' * x)"),
)
INVALID = (body("return None"), body("return float('nan')"), "def priority(x:\n")
TOO_LARGE = (body("return np.ones(10**9).sum()"), body("y = [0]", "while True: y = y + y"))
ENDLESS = (body("while True: pass"), body("import time", "time.sleep(100)"))
HOSTILE = (
    body(f"open('/tmp/{TRACE}', 'w')"),
    body(f"open('/dev/shm/{TRACE}', 'w')"),
    body("open('/etc/passwd').read()"),
    body("import os", "os.fork()"),
    body("import os", "os.kill(os.getppid(), 9)"),
    body("import os", "os.pipe()"),
    body("import os", "os.dup(3)"),
    body("import os", "os.close(3)", "return 1"),
    body("import os", "for n in range(64): os.write(n, b'garbage')"),
    body("import os", "for _ in range(1000): os.write(1, b'x' * 1000)", "raise ValueError"),
    body("import socket", "socket.socket()"),
    body("import _thread", "_thread.start_new_thread(print, ())"),
    body("import ctypes", "ctypes.string_at(0)"),
    body("import mmap", "y = []", "while True: y.append(mmap.mmap(-1, 2**24))"),
)
EXPECTED = {
    **dict.fromkeys(RAISING, ("runtime_error",)),
    **dict.fromkeys(INVALID, ("invalid_score", "syntax_error")),
    # On a busy machine a second may not be enough to take all memory.
    **dict.fromkeys(TOO_LARGE, ("memory", "timeout")),
    **dict.fromkeys(ENDLESS, ("timeout",)),
    **dict.fromkeys(HOSTILE, ("runtime_error", "invalid_score", "memory")),
    GOOD: ("ok",),
}


def mixed(count: int) -> Iterator[str]:
    """Yield so many programs: of each 1000, 40 raise, 20 are invalid, 6 too large, 4 endless, 60 hostile."""
    for number in range(count):
        turn, place = divmod(number, 1000)
        if place % 25 == 1:
            yield RAISING[(turn + place // 25) % len(RAISING)]
        elif place % 50 == 2:
            yield INVALID[(turn + place // 50) % len(INVALID)]
        elif place % 166 == 3:
            yield TOO_LARGE[(turn + place // 166) % len(TOO_LARGE)]
        elif place % 250 == 4:
            yield ENDLESS[(turn + place // 250) % len(ENDLESS)]
        elif place % 14 == 5:
            yield HOSTILE[(turn + place // 14) % len(HOSTILE)]
        else:
            yield GOOD


@dataclass(frozen=True)
class Footprint:
    """What an evaluator takes of the machine; the figures of zygotes are of all of them together."""

    processes: int
    engine_descriptors: int
    zygote_descriptors: int
    engine_memory_mb: float
    zygote_memory_mb: float
    traces: int
    files_in_tmp: int
    files_in_shm: int


def footprint() -> Footprint:
    zygotes = descendants(os.getpid())
    places = [Path("/tmp"), Path("/dev/shm")]
    return Footprint(
        processes=len(zygotes),
        engine_descriptors=descriptors(os.getpid()),
        zygote_descriptors=sum(map(descriptors, zygotes)),
        engine_memory_mb=resident(os.getpid()),
        zygote_memory_mb=sum(map(resident, zygotes)),
        traces=sum(path.name.startswith(TRACE) for place in places for path in place.iterdir()),
        files_in_tmp=len(list(places[0].iterdir())),
        files_in_shm=len(list(places[1].iterdir())),
    )


def descendants(pid: int) -> list[int]:
    """Return the processes below the main thread of `pid`."""
    try:
        own = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []
    return own + [one for child in own for one in descendants(child)]


def descriptors(pid: int) -> int:
    """Return how many descriptors a process has open; 0 where that is not for us to see."""
    try:
        return len(list(Path(f"/proc/{pid}/fd").iterdir()))
    except OSError:
        return 0


def resident(pid: int) -> float:
    """Return the megabytes of memory that a process takes; 0 when it is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in status.splitlines() if "VmRSS" in line), 0.0)


@dataclass(frozen=True)
class Soak:
    """What many evaluations did; `wrong` are programs that ended otherwise than they should."""

    evaluations: int
    level: str
    per_second: float
    restarts: int
    statuses: dict[str, int]
    wrong: list[str]
    before: Footprint
    after: Footprint


async def soak(count: int, processes: int = 2, progress: bool = False) -> Soak:
    """Run so many programs in one evaluator, after a warm-up of 1000, and look before and after."""
    from fsdb.sandbox.lockdown import LAYERS

    wrong: list[str] = []
    statuses: collections.Counter[str] = collections.Counter()
    async with evaluator(LAYERS, timeout_seconds=1.0, processes=processes) as it:

        async def work(programs: Iterator[str]) -> None:
            for source in programs:
                result = await it.evaluate(source)
                statuses[result.status] += 1
                if result.status not in EXPECTED[source] or (source == GOOD and result.score != 3.0):
                    wrong.append(f"{result.status}: {result.error}\n{source}"[:500])

        async def run(number: int) -> None:
            programs = mixed(number)
            await asyncio.gather(*(work(programs) for _ in range(2 * processes)))

        await run(1000)
        statuses.clear()
        before = footprint()
        began = time.perf_counter()
        left = count
        while left:
            now = min(left, 10_000)
            await run(now)
            left -= now
            if progress:
                print(f"{count - left:,} of {count:,}, {dict(statuses)}", file=sys.stderr, flush=True)
        seconds = time.perf_counter() - began
        return Soak(count, it.level, count / seconds, it.restarts, dict(statuses), wrong, before, footprint())


def print_soak(result: Soak) -> None:
    print(f"{result.evaluations:,} evaluations at {result.level}, {result.per_second:.0f} a second")
    print(f"statuses: {dict(sorted(result.statuses.items()))}")
    print(f"restarts: {result.restarts}; ended otherwise than they should: {len(result.wrong)}")
    for text in result.wrong[:5]:
        print(text)
    print(f"{'':>20} {'before':>9} {'after':>9}")
    before, after = asdict(result.before), asdict(result.after)
    for name, value in before.items():
        print(f"{name.replace('_', ' '):>20} {value:>9.4g} {after[name]:>9.4g}")


def main() -> None:
    """Measure, print a table, and write JSON where asked to."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--evaluations", type=int, default=300, help="evaluations for each row")
    parser.add_argument("--soak", type=int, nargs="?", const=100_000, help="run so many and see what grows")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    options = parser.parse_args()
    machine = {"python": platform.python_version(), "machine": platform.machine(), "cores": os.cpu_count()}
    figures: dict[str, Any]
    if options.soak:
        result = asyncio.run(soak(options.soak, progress=True))
        print_soak(result)
        figures = {"machine": machine, "soak": asdict(result)}
    else:
        if hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
        costs = asyncio.run(measure(options.evaluations))
        print_costs(costs)
        figures = {"machine": machine, "rows": [asdict(row) for row in costs]}
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    main()
