"""seccomp for whole programs: all system calls but those that reach the machine rather than compute.

Processes, threads, files and pipes are to be had; what may be opened is for Landlock to say. Numbers are from
the kernel's tables for x86-64 and `asm-generic/unistd.h` for arm64; from 424 on they are the same everywhere.
"""

from __future__ import annotations

import errno

from fsdb.sandbox.seccomp import (
    ALLOW,
    ARCHITECTURE_OFFSET,
    JUMP_ANY_BIT,
    JUMP_AT_LEAST,
    JUMP_EQUAL,
    KILL,
    LOAD,
    NUMBER_OFFSET,
    REFUSE,
    RETURN,
    Architecture,
    Instruction,
)

_X86_64 = 0xC000003E
_FIRST_ARGUMENT_OFFSET = 16
_AF_UNIX = 1
_NEW_NAMESPACES = 0x7E020000
_NOT_THERE = 0x00050000 | errno.ENOSYS
_CLONE3 = 435

_REFUSED = {
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "kcmp": (312, 272),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "unshare": (272, 97),
    "setns": (308, 268),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "reboot": (169, 142),
    "acct": (163, 89),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "clock_adjtime": (305, 266),
    "adjtimex": (159, 171),
    "quotactl": (179, 60),
    "syslog": (103, 116),
    "fanotify_init": (300, 262),
    "fanotify_mark": (301, 263),
    "lookup_dcookie": (212, 18),
    "vhangup": (153, 58),
    "sethostname": (170, 161),
    "setdomainname": (171, 162),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "pidfd_getfd": (438, 438),
    "mount_setattr": (442, 442),
    "quotactl_fd": (443, 443),
}
_SOCKET, _CLONE = (41, 198), (56, 220)
# Of x86-64 alone: iopl, ioperm, modify_ldt.
_REFUSED_ON_X86_64 = (172, 173, 154)


def program(architecture: Architecture, *, local_sockets: bool) -> list[Instruction]:
    """Return the filter; with `local_sockets` sockets may be made that have a path, and no others ever."""
    column = 0 if architecture.identifier == _X86_64 else 1
    instructions: list[Instruction] = [
        (LOAD, 0, 0, ARCHITECTURE_OFFSET),
        (JUMP_EQUAL, 1, 0, architecture.identifier),
        (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, NUMBER_OFFSET),
    ]
    if architecture.foreign_from is not None:
        instructions += [(JUMP_AT_LEAST, 0, 1, architecture.foreign_from), (RETURN, 0, 0, KILL)]
    numbers = [pair[column] for pair in _REFUSED.values()]
    if column == 0:
        numbers += _REFUSED_ON_X86_64
    for number in numbers:
        instructions += [(JUMP_EQUAL, 0, 1, number), (RETURN, 0, 0, REFUSE)]
    # The C library goes on with clone, whose flags can be looked at.
    instructions += [(JUMP_EQUAL, 0, 1, _CLONE3), (RETURN, 0, 0, _NOT_THERE)]
    instructions += [
        (JUMP_EQUAL, 0, 4, _CLONE[column]),
        (LOAD, 0, 0, _FIRST_ARGUMENT_OFFSET),
        (JUMP_ANY_BIT, 0, 1, _NEW_NAMESPACES),
        (RETURN, 0, 0, REFUSE),
        (RETURN, 0, 0, ALLOW),
    ]
    if local_sockets:
        instructions += [
            (JUMP_EQUAL, 0, 4, _SOCKET[column]),
            (LOAD, 0, 0, _FIRST_ARGUMENT_OFFSET),
            (JUMP_EQUAL, 1, 0, _AF_UNIX),
            (RETURN, 0, 0, REFUSE),
            (RETURN, 0, 0, ALLOW),
        ]
    else:
        instructions += [(JUMP_EQUAL, 0, 1, _SOCKET[column]), (RETURN, 0, 0, REFUSE)]
    instructions.append((RETURN, 0, 0, ALLOW))
    return instructions
