"""seccomp: a filter that allows the few system calls that pure computation needs and refuses all others.

A refused call fails with EPERM, so that Python raises PermissionError and the program's author can read
why. A call by another architecture's convention kills the process, for its numbers mean something else.
Mappings may not be executable. System call numbers are from the kernel's tables for x86-64 and from
`asm-generic/unistd.h` for arm64.
"""

from __future__ import annotations

import ctypes
import errno
import platform
from collections.abc import Callable
from dataclasses import dataclass

from fsdb.sandbox import libc

ALLOW = 0x7FFF0000
REFUSE = 0x00050000 | errno.EPERM
KILL = 0x80000000

# Classic BPF: load a word at an absolute offset, compare, return. Offsets are those of struct seccomp_data.
LOAD, JUMP_EQUAL, JUMP_AT_LEAST, JUMP_ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
NUMBER_OFFSET, ARCHITECTURE_OFFSET, PROTECTION_OFFSET = 0, 4, 32
PROT_EXEC = 4

_SECCOMP_MODE_FILTER = 2

Instruction = tuple[int, int, int, int]
"""One instruction of classic BPF: code, jump if true, jump if false, constant."""


@dataclass(frozen=True)
class Architecture:
    """What a filter needs to know of a machine.

    `identifier` is the audit constant of its calling convention; system calls with a number from
    `foreign_from` on (None: there are none) belong to another convention that shares the identifier.
    """

    identifier: int
    foreign_from: int | None
    allowed: dict[str, int]
    mapping: dict[str, int]


ARCHITECTURES = {
    "x86_64": Architecture(
        identifier=0xC000003E,
        foreign_from=0x40000000,
        allowed={
            "read": 0,
            "write": 1,
            "close": 3,
            "munmap": 11,
            "brk": 12,
            "rt_sigreturn": 15,
            "sched_yield": 24,
            "mremap": 25,
            "madvise": 28,
            "nanosleep": 35,
            "getpid": 39,
            "exit": 60,
            "gettimeofday": 96,
            "getrusage": 98,
            "sysinfo": 99,
            "times": 100,
            "gettid": 186,
            "time": 201,
            "futex": 202,
            "sched_getaffinity": 204,
            "restart_syscall": 219,
            "clock_gettime": 228,
            "clock_getres": 229,
            "clock_nanosleep": 230,
            "exit_group": 231,
            "getcpu": 309,
            "getrandom": 318,
        },
        mapping={"mmap": 9, "mprotect": 10},
    ),
    "aarch64": Architecture(
        identifier=0xC00000B7,
        foreign_from=None,
        allowed={
            "read": 63,
            "write": 64,
            "close": 57,
            "munmap": 215,
            "brk": 214,
            "rt_sigreturn": 139,
            "sched_yield": 124,
            "mremap": 216,
            "madvise": 233,
            "nanosleep": 101,
            "getpid": 172,
            "exit": 93,
            "gettimeofday": 169,
            "getrusage": 165,
            "sysinfo": 179,
            "times": 153,
            "gettid": 178,
            "futex": 98,
            "sched_getaffinity": 123,
            "restart_syscall": 128,
            "clock_gettime": 113,
            "clock_getres": 114,
            "clock_nanosleep": 115,
            "exit_group": 94,
            "getcpu": 168,
            "getrandom": 278,
        },
        mapping={"mmap": 222, "mprotect": 226},
    ),
}
"""The machines that the sandbox knows, by what `platform.machine()` says."""


def program(architecture: Architecture) -> list[Instruction]:
    """Return the filter for `architecture`, as classic BPF."""
    instructions: list[Instruction] = [
        (LOAD, 0, 0, ARCHITECTURE_OFFSET),
        (JUMP_EQUAL, 1, 0, architecture.identifier),
        (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, NUMBER_OFFSET),
    ]
    if architecture.foreign_from is not None:
        instructions += [(JUMP_AT_LEAST, 0, 1, architecture.foreign_from), (RETURN, 0, 0, KILL)]
    for number in architecture.mapping.values():
        instructions += [
            (JUMP_EQUAL, 0, 4, number),
            (LOAD, 0, 0, PROTECTION_OFFSET),
            (JUMP_ANY_BIT, 0, 1, PROT_EXEC),
            (RETURN, 0, 0, REFUSE),
            (RETURN, 0, 0, ALLOW),
        ]
    for number in architecture.allowed.values():
        instructions += [(JUMP_EQUAL, 0, 1, number), (RETURN, 0, 0, ALLOW)]
    instructions.append((RETURN, 0, 0, REFUSE))
    return instructions


class _Filter(ctypes.Structure):
    _fields_ = (
        ("code", ctypes.c_uint16),
        ("if_true", ctypes.c_uint8),
        ("if_false", ctypes.c_uint8),
        ("constant", ctypes.c_uint32),
    )


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("filters", ctypes.POINTER(_Filter)))


class SystemCallFilter:
    """The filter for this machine, made once and put in force in each child."""

    def __init__(self, make: Callable[[Architecture], list[Instruction]] = program) -> None:
        """`make` writes the filter; raises OSError on a machine that the sandbox has no filter for."""
        machine = platform.machine()
        if machine not in ARCHITECTURES or ctypes.sizeof(ctypes.c_void_p) != 8:
            raise OSError(errno.ENOSYS, f"no filter is known for the machine type {machine}")
        instructions = make(ARCHITECTURES[machine])
        self._filters = (_Filter * len(instructions))(*(_Filter(*one) for one in instructions))
        self._program = _Program(len(instructions), self._filters)

    def enforce(self) -> None:
        """Filter the system calls of this process, for good; raises OSError.

        `libc.forbid_new_privileges` must have been called.
        """
        libc.call("prctl", libc.PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, libc.pointer(self._program), 0, 0)
