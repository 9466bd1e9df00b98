"""Resource limits: what holds on every Unix."""

from __future__ import annotations

import math
import os
import resource
import sys
from pathlib import Path

_MAX_STACK_BYTES = 64 * 2**20
_MAX_DESCRIPTORS = 1024
_NOTHING = ("RLIMIT_CORE", "RLIMIT_FSIZE", "RLIMIT_MEMLOCK", "RLIMIT_MSGQUEUE", "RLIMIT_NPROC")


def cpu_limit(timeout_seconds: float) -> int:
    """Return the seconds of processor time given to an evaluation that has `timeout_seconds`.

    One more than fits in that time on one core, so that the deadline on the clock comes first.
    """
    return math.ceil(timeout_seconds) + 1


def limit_resources(timeout_seconds: float, address_space: int | None) -> None:
    """Limit this process: processor time, address space (bytes; None leaves it), files, processes, stack.

    Raises OSError or ValueError where the system refuses.
    """
    seconds = cpu_limit(timeout_seconds)
    _set("RLIMIT_CPU", seconds, seconds + 1)
    if address_space is not None:
        _set("RLIMIT_AS", address_space, address_space)
    for name in _NOTHING:
        if hasattr(resource, name):
            _set(name, 0, 0)
    if resource.getrlimit(resource.RLIMIT_STACK)[0] == resource.RLIM_INFINITY:
        _set("RLIMIT_STACK", _MAX_STACK_BYTES, _MAX_STACK_BYTES)


def have_few_descriptors() -> None:
    """Keep the numbers of descriptors low, so that closing all there may be does not take long."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (_lower(_MAX_DESCRIPTORS, soft), hard))


def close_descriptors(first: int) -> None:
    """Close every descriptor from `first` on, in a process that has called `have_few_descriptors`."""
    os.closerange(first, resource.getrlimit(resource.RLIMIT_NOFILE)[0])


def forbid_descriptors() -> None:
    """Let this process open nothing more: no file, no socket, no pipe. What is open stays so."""
    _set("RLIMIT_NOFILE", 0, 0)


def _set(name: str, soft: int, hard: int) -> None:
    """Set a limit, never above what is in force."""
    kind = getattr(resource, name)
    old_soft, old_hard = resource.getrlimit(kind)
    resource.setrlimit(kind, (_lower(soft, old_soft), _lower(hard, old_hard)))


def _lower(wanted: int, in_force: int) -> int:
    """Return the lower of two limits, where infinity may be written as a negative number."""
    return wanted if in_force == resource.RLIM_INFINITY else min(wanted, in_force)


def address_space_in_use() -> int | None:
    """Return the bytes of address space that this process has now; None where that cannot be limited."""
    if sys.platform != "linux":
        return None
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[0]
    return int(pages) * resource.getpagesize()
