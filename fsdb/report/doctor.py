"""What works on this machine and what does not: all that a run needs, tried out."""

from __future__ import annotations

import fcntl
import importlib.metadata
import os
import platform
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import fsdb
from fsdb.errors import FsdbError
from fsdb.sandbox.levels import DEFAULT_LEVEL, LEVELS, probe

OK, NOTE, FAILED = "ok", "note", "failed"
"""How a finding stands: fine; worth knowing, but a run works; or a run would not work."""

PACKAGES = ("click", "duckdb", "msgspec", "numpy", "openai", "polars", "pyarrow", "rich")

SLOW_SYNC_SECONDS = 0.05
"""Above it, making a commit durable takes longer than events wait for one another."""

LITTLE_ROOM_BYTES = 2**30

_SYNCS = 15


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: its state, what was found, and what to do unless it is fine."""

    name: str
    state: str
    found: str
    cure: str = ""


def examine(runs_dir: Path) -> Iterator[Finding]:
    """Yield what there is to say of this machine, for runs in `runs_dir`; nothing is left behind there."""
    yield _python()
    yield from _packages()
    yield Finding("processors", OK, f"{_cores()} for evaluations")
    yield from _sandbox()
    yield from _disk(runs_dir)
    yield _key()


def _python() -> Finding:
    version = platform.python_version()
    found = f"{version}, {platform.system()} {platform.machine()}; fsdb {fsdb.__version__}"
    return Finding("Python", OK, found)


def _packages() -> Iterator[Finding]:
    versions = []
    for package in PACKAGES:
        try:
            versions.append(f"{package} {importlib.metadata.version(package)}")
        except importlib.metadata.PackageNotFoundError:
            yield Finding(package, FAILED, "is not installed", f"Install it: pip install {package}")
    yield Finding("packages", OK, ", ".join(versions))


def _cores() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _sandbox() -> Iterator[Finding]:
    try:
        report = probe()
    except FsdbError as error:
        yield Finding(
            "sandbox", FAILED, error.message, error.cure or "Without it no program can be evaluated."
        )
        return
    if LEVELS.index(report.level) >= LEVELS.index(DEFAULT_LEVEL):
        yield Finding("sandbox", OK, f"level {report.level}; runs ask for {DEFAULT_LEVEL}")
    else:
        less = "--unsafe" if report.level == "L0" else f"--sandbox-level {report.level}"
        yield Finding(
            "sandbox",
            FAILED,
            f"level {report.level}; runs ask for {DEFAULT_LEVEL}",
            f"Mend the layers below; or run with {less}, only with programs that you trust.",
        )
    for layer in report.layers:
        if layer.holds:
            yield Finding(f"sandbox: {layer.name}", OK, layer.purpose)
        else:
            yield Finding(f"sandbox: {layer.name}", NOTE, f"does not hold: {layer.reason}", layer.cure)


def _disk(runs_dir: Path) -> Iterator[Finding]:
    """Try what a log needs of the disk, in the runs' directory or where it would be made."""
    where = runs_dir.absolute()
    while not where.exists() and where != where.parent:
        where = where.parent
    name = "runs directory"
    made = "" if where == runs_dir.absolute() else ", to be made"
    try:
        with tempfile.TemporaryDirectory(dir=where, prefix=".fsdb-doctor-") as scratch:
            yield Finding(name, OK, f"{runs_dir} (can be written{made})")
            yield _lock(Path(scratch))
            yield _sync(Path(scratch))
    except OSError as error:
        yield Finding(
            name,
            FAILED,
            f"{where} cannot be written: {error.strerror}",
            "Choose another one with --runs-dir or FSDB_RUNS_DIR.",
        )
        return
    free = shutil.disk_usage(where).free
    room = f"{free / 2**30:.1f} GiB free"
    if free < LITTLE_ROOM_BYTES:
        yield Finding("room", NOTE, room, "A long run with a model writes some 100 MiB: make room.")
    else:
        yield Finding("room", OK, room)


def _lock(scratch: Path) -> Finding:
    descriptor = os.open(scratch / "lock", os.O_RDWR | os.O_CREAT)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return Finding(
            "locks",
            FAILED,
            f"the file system has none ({error.strerror})",
            "Keep runs on a local disk, or on a network mount that supports locks.",
        )
    finally:
        os.close(descriptor)
    return Finding("locks", OK, "one writer at a time can be made sure of")


def _sync(scratch: Path) -> Finding:
    """Measure how long a small file takes to be durable, as a commit is."""
    took = []
    for number in range(_SYNCS):
        began = time.perf_counter()
        descriptor = os.open(scratch / str(number), os.O_WRONLY | os.O_CREAT)
        try:
            os.write(descriptor, b"\0" * 16384)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        took.append(time.perf_counter() - began)
    median = statistics.median(took)
    found = f"a commit is durable after {1000 * median:.1f} ms"
    if median > SLOW_SYNC_SECONDS:
        return Finding("disk", NOTE, found, "Slow, but safe. A local disk for --runs-dir makes runs faster.")
    return Finding("disk", OK, found)


def _key() -> Finding:
    """Say whether there is a key for a model, never what it is."""
    with suppress(KeyError):
        if os.environ["OPENAI_API_KEY"]:
            return Finding("model", OK, "OPENAI_API_KEY is set")
    return Finding(
        "model",
        NOTE,
        "OPENAI_API_KEY is not set; runs without --model need none",
        "For OpenAI's models set it; for a server of your own give --base-url.",
    )
