"""How long each view and each query takes on a large log.

    python benchmarks/queries.py                                  # 100,000 programs and 1,000,000
    python benchmarks/queries.py --programs 100000 --json FILE
    python benchmarks/queries.py --only diversity,ancestors

Each log is written by make_log.py, and each query is run twice, over the files; the better time counts.
Beside it stands the time of all processors, which other work on the machine changes less. The aim: under 1 s
on 100,000 programs and under 5 s on 1,000,000, with two cores and 4 GB.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
from make_log import make_log

from fsdb import queries
from fsdb.queries.catalogue import analyses
from fsdb.report import across
from fsdb.report.runs import RunLog, open_run
from fsdb.state.database import STATE_VIEWS

MEMORY = "4GB"


def measure(run_dir: Path, only: set[str]) -> Iterator[dict[str, Any]]:
    """Yield the time of each view, query and audit over one log."""
    with open_run(run_dir) as log:
        log.read(lambda con: con.execute(f"set memory_limit = '{MEMORY}'"))
        for name, kind, ask in _asked(log):
            if not only or name in only:
                times, work, rows = [], [], 0
                for _ in range(2):
                    began, before = time.perf_counter(), _cpu()
                    rows = ask()
                    times.append(time.perf_counter() - began)
                    work.append(_cpu() - before)
                yield {"kind": kind, "name": name, "seconds": min(times), "cpu": min(work), "rows": rows}
    if not only or only & {"across"}:
        began, before = time.perf_counter(), _cpu()
        across.connect([run_dir]).close()
        seconds, cpu = time.perf_counter() - began, _cpu() - before
        yield {"kind": "across", "name": "load", "seconds": seconds, "cpu": cpu, "rows": 1}


def _cpu() -> float:
    """Return the processor time that this process has taken, in all its threads."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def _asked(log: RunLog) -> Iterator[tuple[str, str, Callable[[], int]]]:
    def view(name: str) -> int:
        def materialise(con: duckdb.DuckDBPyConnection) -> int:
            con.execute(f"create or replace temp table materialised as from {name}")
            return len(con.execute("from materialised limit 1").fetchall())

        log.read(materialise)
        return log.rows("select count(*) as rows from materialised")[0]["rows"]

    for name in STATE_VIEWS:
        yield name, "view", lambda name=name: view(name)  # type: ignore[misc]
    for analysis in analyses().values():
        if analysis.group != "across":
            yield analysis.name, analysis.group, lambda name=analysis.name: len(log.analysis(name))  # type: ignore[misc]
    for name in queries.names("audits"):
        sql = queries.text(f"audits/{name}.sql")
        yield name, "audit", lambda sql=sql: len(log.rows(sql))  # type: ignore[misc]


def main() -> None:
    """Measure every size, print a table, and write JSON where asked to."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--programs", default="100000,1000000", help="programs in the log")
    parser.add_argument("--only", default="", help="names of what is measured")
    parser.add_argument("--log", type=Path, help="a log that is there already, instead of a new one")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    options = parser.parse_args()
    only = set(filter(None, options.only.split(",")))
    sizes = [int(size) for size in options.programs.split(",")]
    found: dict[tuple[str, str], dict[str, tuple[float, float]]] = {}
    heads = [f"{size:,}" for size in sizes] if options.log is None else [options.log.name]
    with tempfile.TemporaryDirectory() as folder:
        for size, head in zip(sizes, heads, strict=False):
            run_dir = options.log or Path(folder) / "run"
            if options.log is None:
                began = time.perf_counter()
                make_log(run_dir, size)
                print(f"{head} programs: log written in {time.perf_counter() - began:.0f} s", flush=True)
            for row in measure(run_dir, only):
                found.setdefault((row["kind"], row["name"]), {})[head] = (row["seconds"], row["cpu"])
                told = f"{row['seconds']:>7.2f} s, {row['cpu']:.2f} s of processors"
                print(f"  {row['kind']:<10} {row['name']:<30} {told}", flush=True)
    print()
    print(f"{'':<10} {'':<30} " + " ".join(f"{head:>9} {'cpu':>8}" for head in heads))
    for (kind, name), seconds in sorted(found.items(), key=lambda pair: max(pair[1].values()), reverse=True):
        cells = " ".join("{:>7.2f} s {:>6.2f} s".format(*seconds[head]) for head in heads if head in seconds)
        print(f"{kind:<10} {name:<30} {cells}")
    if options.json:
        machine = {
            "python": platform.python_version(),
            "duckdb": duckdb.__version__,
            "machine": platform.machine(),
            "cores": os.cpu_count(),
        }
        rows = [{"kind": kind, "name": name, "seconds": times} for (kind, name), times in found.items()]
        options.json.write_text(json.dumps({"machine": machine, "rows": rows}, indent=1) + "\n")


if __name__ == "__main__":
    main()
