"""The processes of one evaluation: counting what they use, and ending every one of them."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import time
from pathlib import Path

from fsdb.sandbox import libc

_SET_CHILD_SUBREAPER = 36
_PATIENCE_SECONDS = 5.0


def adopt_orphans() -> None:
    """Have every descendant that loses its parent become a child of this process; raises OSError."""
    libc.call("prctl", _SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def reap(worker: int) -> int | None:
    """Take leave of the children that have ended; return the worker's exit code once it has."""
    with contextlib.suppress(ChildProcessError):
        while True:
            child, status = os.waitpid(-1, os.WNOHANG)
            if child == 0:
                return None
            if child == worker:
                return os.waitstatus_to_exitcode(status)
    return None


def kill_all(isolated: bool) -> None:
    """End all processes but this one: of its namespace where it has one, else its descendants."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if isolated:
            with contextlib.suppress(ProcessLookupError):
                os.kill(-1, signal.SIGKILL)
        else:
            for process in _descendants():
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(process, signal.SIGKILL)
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return
        time.sleep(0.002)
    raise OSError("processes of the evaluation do not end")


def memory_used(isolated: bool) -> int:
    """Return the bytes that the evaluation's processes hold in memory, shared ones counted once each."""
    pages = 0
    for process in _all() - {os.getpid()} if isolated else _descendants():
        with contextlib.suppress(OSError, IndexError, ValueError):
            fields = Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()
            pages += int(fields[1]) - int(fields[2])
    return pages * resource.getpagesize()


def processes_of(user: int) -> int:
    """Return how many processes a user has."""
    count = 0
    for process in _all():
        with contextlib.suppress(OSError):
            count += Path(f"/proc/{process}").stat().st_uid == user
    return count


def _all() -> set[int]:
    try:
        return {int(name) for name in os.listdir("/proc") if name.isdigit()}  # noqa: PTH208
    except OSError:
        return set()


def _descendants() -> set[int]:
    parents: dict[int, int] = {}
    for process in _all():
        with contextlib.suppress(OSError, IndexError, ValueError):
            text = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace")
            parents[process] = int(text.rpartition(")")[2].split()[1])
    found = {os.getpid()}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {os.getpid()}
