"""Looks at the processes of this machine."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path


def children(pid: int) -> set[int]:
    """Return the processes that the main thread of `pid` has started; none when it is gone."""
    try:
        return {int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}
    except OSError:
        return set()


def descendants(pid: int) -> set[int]:
    """Return the processes below `pid`."""
    own = children(pid)
    return own.union(*map(descendants, own))


def session(pid: int) -> int | None:
    """Return the session of a process, None when it is gone."""
    try:
        return os.getsid(pid)
    except ProcessLookupError:
        return None


def wait_for(condition: Callable[[], bool], seconds: float = 20.0) -> bool:
    """Wait until `condition` holds; return whether it does."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def open_descriptors() -> set[str]:
    """Return what this process has open."""
    found = set()
    for descriptor in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):
            found.add(f"{descriptor.name} {descriptor.readlink()}")
    return found


def gone(pids: Iterable[int]) -> bool:
    """Whether none of these processes is there any more, or will be in a moment."""
    pids = list(pids)
    return wait_for(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids))


def dead(pids: Iterable[int]) -> bool:
    """Whether all of these processes have ended, or will have in a moment, be they waited for or not."""
    pids = list(pids)
    return wait_for(lambda: all(_state(pid) in "ZX" for pid in pids))


def _state(pid: int) -> str:
    """Return the letter of a process's state, X when it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "X"
