"""The layers that a child puts between itself and the machine, in order, and an attack on each.

Whether a layer holds is never guessed from the system's version: a process of its own puts the layers in
force one after another, as a child does, and attacks each as a program would.
"""

from __future__ import annotations

import mmap
import os
import signal
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass

from fsdb.sandbox import landlock, libc, rlimits
from fsdb.sandbox.seccomp import SystemCallFilter

LAYERS = ("namespaces", "rlimits", "user", "landlock", "seccomp")
"""The layers in the order in which they are entered: the first by the zygote, the others by each child."""

_ALWAYS = "process"
# Not a layer that may be left out: what the others stand on.

NOBODY = 65534
"""The user and group that root becomes; it owns nothing."""


class Breached(Exception):
    """A layer was put in force, and the attack on it got through; the message says how."""


@dataclass(frozen=True)
class Lockdown:
    """The layers in use, and what they need to know.

    `address_space` is in bytes, None where it cannot be limited; `filter` is None where system calls cannot
    be filtered.
    """

    layers: frozenset[str]
    timeout_seconds: float
    address_space: int | None
    filter: SystemCallFilter | None

    def enter(self) -> None:
        """Put the layers in force in this process, for good; raises OSError naming the layer that fails."""
        for name, put_in_force, _ in self._steps():
            if name in self.layers or name == _ALWAYS:
                try:
                    put_in_force()
                except (OSError, ValueError) as error:
                    raise OSError(f"{name}: {libc.reason(error)}") from error

    def attempt(self) -> dict[str, str]:
        """Put every layer in force and attack it; return the reason for each that does not hold.

        To be run in a process forked for it, which is of no further use.
        """
        failures: dict[str, str] = {}
        for name, put_in_force, attack in self._steps():
            try:
                put_in_force()
                attack()
            except (OSError, ValueError, Breached) as error:
                failures.setdefault(name, libc.reason(error))
        return failures

    def _steps(self) -> tuple[tuple[str, Callable[[], None], Callable[[], None]], ...]:
        """Return the steps in order: the layer it belongs to, the step, and the attack on it.

        Descriptors are forbidden after Landlock, which needs one for a moment; the filter comes last, for it
        refuses what the other layers are made with.
        """
        return (
            ("rlimits", self._limit_resources, self._attack_limits),
            ("user", self._leave_root, _attack_user),
            (_ALWAYS, _detach, _no_attack),
            ("landlock", landlock.deny_all, _attack_files),
            ("rlimits", rlimits.forbid_descriptors, _attack_descriptors),
            ("seccomp", self._filter_system_calls, _attack_system_calls),
        )

    def _limit_resources(self) -> None:
        rlimits.limit_resources(self.timeout_seconds, self.address_space)

    def _leave_root(self) -> None:
        """Become nobody, if this is root; an ordinary user stays itself."""
        if os.geteuid() == 0:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)

    def _filter_system_calls(self) -> None:
        if self.filter is None:
            raise OSError("system calls cannot be filtered on this machine")
        self.filter.enforce()

    def _attack_limits(self) -> None:
        if self.address_space is not None:
            _expect_refusal("map more memory than allowed", lambda: mmap.mmap(-1, self.address_space or 0))


def _detach() -> None:
    """Tie this process to its zygote's life, and close it to debuggers and to set-user-id programs."""
    if sys.platform == "linux":
        libc.die_with_parent()
        libc.hide_from_debuggers()
        libc.forbid_new_privileges()


def _no_attack() -> None:
    """Nothing to be tried."""


def _attack_user() -> None:
    _expect_refusal("become root", lambda: os.setuid(0))


def _attack_files() -> None:
    _expect_refusal("list the root directory", lambda: os.open("/", os.O_RDONLY | os.O_DIRECTORY))
    _expect_refusal("read a file", lambda: os.open(sys.executable, os.O_RDONLY))
    _expect_refusal(
        "write a file", lambda: os.open(f"/tmp/fsdb-canary-{os.getpid()}", os.O_CREAT | os.O_WRONLY)
    )


def _attack_descriptors() -> None:
    _expect_refusal("duplicate a descriptor", lambda: os.dup(0))


def _attack_system_calls() -> None:
    _expect_refusal("make a socket", lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM))
    _expect_refusal("make a local socket", lambda: socket.socketpair())
    _expect_refusal("fork", _fork_and_vanish)
    _expect_refusal("run a program", lambda: os.execv("/bin/true", ["/bin/true"]))
    _expect_refusal("send a signal", lambda: os.kill(os.getppid(), 0))
    _expect_refusal(
        "map executable memory", lambda: mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_EXEC)
    )


def _fork_and_vanish() -> None:
    if os.fork() == 0:
        os.kill(os.getpid(), signal.SIGKILL)


def _expect_refusal(what: str, attack: Callable[[], object]) -> None:
    """Run an attack that the system is to refuse; raises Breached if it does not."""
    try:
        attack()
    except (OSError, MemoryError):
        return
    raise Breached(f"it was possible to {what}")
