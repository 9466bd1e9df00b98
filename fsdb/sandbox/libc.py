"""The C library's `syscall`, `prctl` and friends, by ctypes; nothing is loaded before it is used."""

from __future__ import annotations

import ctypes
import errno
import functools
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_SECCOMP = 22
PR_SET_NO_NEW_PRIVS = 38


@functools.cache
def library() -> ctypes.CDLL:
    """Return the C library of this process; raises OSError where it is not Linux's.

    Elsewhere the same names and numbers stand for other things, or for none.
    """
    if sys.platform != "linux":
        raise OSError(errno.ENOSYS, f"there is no such thing on {sys.platform}")
    return ctypes.CDLL(None, use_errno=True)


def call(name: str, *arguments: int | ctypes.c_void_p | ctypes.c_char_p | None) -> int:
    """Call a function of the C library with integers and pointers; raises OSError when it returns -1."""
    converted = [ctypes.c_long(value) if isinstance(value, int) else value for value in arguments]
    result: int = getattr(library(), name)(*converted)
    if result == -1:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
    return result


def reason(error: Exception) -> str:
    """Return what an error says, without the number that the system gives it."""
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def pointer(structure: ctypes.Structure) -> ctypes.c_void_p:
    """Return the address of a structure, which must be kept alive by the caller."""
    return ctypes.c_void_p(ctypes.addressof(structure))


def forbid_new_privileges() -> None:
    """Give up, for good, what a set-user-id program could give; Landlock and seccomp ask for it."""
    call("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)


def hide_from_debuggers() -> None:
    """Leave no memory image, and let no process of the same user look into this one."""
    call("prctl", PR_SET_DUMPABLE, 0, 0, 0, 0)


def die_with_parent() -> None:
    """Have this process killed when the thread that started it ends."""
    call("prctl", PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
