"""How strong the sandbox is on this machine, in one word, and the reasons and cures behind it."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from fsdb.errors import FsdbError
from fsdb.sandbox.lockdown import LAYERS
from fsdb.sandbox.messages import Limits
from fsdb.sandbox.supervisor import Setup, Zygote, ZygoteLost

LEVELS = ("L0", "L1", "L2", "L3")
"""The levels, weakest first."""

DEFAULT_LEVEL = "L2"
"""What an evaluator asks for unless it is told otherwise."""

_NEEDED = {
    "L3": frozenset(("rlimits", "landlock", "seccomp", "namespaces")),
    "L2": frozenset(("rlimits", "landlock", "seccomp")),
    "L1": frozenset(("rlimits", "seccomp")),
}

_PURPOSES = {
    "namespaces": "no network, no other process and no file is there to be reached",
    "rlimits": "memory, processor time, no files written, no descriptors opened",
    "user": "programs run as an ordinary user, also when fsdb runs as root",
    "landlock": "no file, directory, TCP port or outside process can be reached",
    "seccomp": "no system call beyond those of pure computation",
}

_CURES = {
    "namespaces": "Allow user namespaces to ordinary users (on Ubuntu:"
    " `sysctl kernel.apparmor_restrict_unprivileged_userns=0`), or do without: L2 is what containers give.",
    "rlimits": "Use Linux, or a container of it.",
    "user": "Run fsdb as an ordinary user, or with the capabilities to become one (SETUID, SETGID).",
    "landlock": "Use a Linux kernel of 5.13 or later that has Landlock in its list of security modules"
    " (`lsm=landlock,…` at boot), and a container runtime that lets it through.",
    "seccomp": "Use Linux on x86-64 or arm64, in a container (Docker will do) where the system is another.",
}


@dataclass(frozen=True)
class LayerReport:
    """One layer of the sandbox here: what it is for, whether it holds, and if not, why and what to do."""

    name: str
    purpose: str
    holds: bool
    reason: str
    cure: str


@dataclass(frozen=True)
class LevelReport:
    """What the sandbox is on this machine, found out by attempting each layer and attacking it."""

    level: str
    layers: tuple[LayerReport, ...]


def level_of(layers: Collection[str]) -> str:
    """Return the level that the layers in force amount to."""
    for level, needed in _NEEDED.items():
        if needed <= set(layers):
            return level
    return "L0"


def require(layers: Collection[str], failures: Mapping[str, str], level: str, allow_unsafe: bool) -> None:
    """Raise FsdbError, with the reasons in `failures`, when `layers` amount to less than `level`.

    With `allow_unsafe` any level will do.
    """
    found = level_of(layers)
    if allow_unsafe or LEVELS.index(found) >= LEVELS.index(level):
        return
    missing = sorted(_NEEDED[level] - set(layers))
    reasons = "; ".join(f"{name}: {failures.get(name, 'not in use')}" for name in missing)
    permission = f"--sandbox-level {found}" if found != "L0" else "--unsafe"
    raise FsdbError(
        f"The sandbox reaches only level {found} here, and {level} is asked for ({reasons}).",
        cure=f"`fsdb doctor` says what to do. To run hostile code with less: `{permission}`.",
    )


def probe() -> LevelReport:
    """Return what holds on this machine, in the process that evaluations would be forked from.

    Takes about as long as a start of Python. Raises FsdbError when no such process can be started.
    """
    return asyncio.run(_probe())


async def _probe() -> LevelReport:
    """Start a zygote with nothing to evaluate, and ask it."""
    zygote = Zygote(Setup(specification="", evolve="", run="", inputs=(), limits=Limits()))
    try:
        await zygote.start()
    except ZygoteLost as lost:
        raise FsdbError(f"A process for evaluations does not get ready: {lost}.") from None
    finally:
        await zygote.stop()
    reports = tuple(_report(name, zygote.failures.get(name)) for name in LAYERS)
    return LevelReport(level_of(zygote.layers), reports)


def _report(name: str, failure: str | None) -> LayerReport:
    """Return the report on one layer, whose reason for not holding is `failure`."""
    return LayerReport(
        name=name,
        purpose=_PURPOSES[name],
        holds=failure is None,
        reason=failure or "",
        cure=_CURES[name] if failure is not None else "",
    )
