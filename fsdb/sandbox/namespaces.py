"""Namespaces: a zygote in a machine of its own, with no network, no other process, and in the end no files.

A zygote enters them before it imports anything large. Ordinary users get them by way of a user namespace,
where the system allows one; root needs none. Inside, the zygote is process 1: when it dies, the kernel
kills all that is in there with it. The process that entered stays outside, waits, and ends as it ends.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
from pathlib import Path
from typing import NoReturn

from fsdb.sandbox import libc, rlimits

_USER = 0x10000000
_ALL_BUT_USER = {
    "mount": 0x00020000,
    "cgroup": 0x02000000,
    "uts": 0x04000000,
    "ipc": 0x08000000,
    "pid": 0x20000000,
    "net": 0x40000000,
}

_MS_RDONLY, _MS_NOSUID, _MS_NODEV, _MS_NOEXEC, _MS_REMOUNT = 1, 2, 4, 8, 32
_MS_REC, _MS_PRIVATE = 16384, 1 << 18
_MNT_DETACH = 2

_CAPABILITY_VERSION = 0x20080522
# What root's zygote needs to make its children nobody, and to kill them.
_KILL, _SETGID, _SETUID = 1 << 5, 1 << 6, 1 << 7


class _CapabilityHeader(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Capabilities(ctypes.Structure):
    _fields_ = (
        ("effective", ctypes.c_uint32),
        ("permitted", ctypes.c_uint32),
        ("inheritable", ctypes.c_uint32),
        ("effective_high", ctypes.c_uint32),
        ("permitted_high", ctypes.c_uint32),
        ("inheritable_high", ctypes.c_uint32),
    )


def enter() -> str | None:
    """Go on in a new process inside new namespaces; or, where that cannot be, return the reason.

    Everything that is to be done in them is attempted first in a process of its own, so that a system which
    grants half of it (as where a security module empties user namespaces of rights) leaves no half-entered
    zygote behind. Raises OSError if what has just been possible no longer is.
    """
    reason = _attempt()
    if reason is not None:
        return reason
    libc.die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _unshare()
    inside = os.fork()
    if inside:
        _end_as(inside)
    libc.die_with_parent()
    return None


def hide_files() -> None:
    """Leave this process, in its namespaces, an empty and read-only root directory; raises OSError.

    Nothing can be opened or imported by path after it.
    """
    libc.call("mount", _text("none"), _text("/"), None, _MS_REC | _MS_PRIVATE, None)
    # Any directory does to mount on, and this one is everywhere; only this process will ever see it.
    flags = _MS_NOSUID | _MS_NODEV | _MS_NOEXEC
    libc.call("mount", _text("fsdb"), _text("/proc"), _text("tmpfs"), flags, _text("size=4k,mode=555"))
    os.chdir("/proc")
    # With both arguments the same, the old root ends up on top of the new one, and is taken away from there.
    libc.call("pivot_root", _text("."), _text("."))
    libc.call("umount2", _text("."), _MNT_DETACH)
    os.chdir("/")
    libc.call("mount", _text("fsdb"), _text("/"), None, _MS_REMOUNT | _MS_RDONLY | flags, None)


def drop_capabilities() -> None:
    """Keep no power but, as root, to make children nobody and to kill them; raises OSError."""
    _keep_capabilities(_KILL | _SETGID | _SETUID if os.geteuid() == 0 else 0)


def drop_all_capabilities() -> None:
    """Keep no power over the namespaces that this process is in; raises OSError."""
    _keep_capabilities(0)


def _keep_capabilities(kept: int) -> None:
    header = _CapabilityHeader(_CAPABILITY_VERSION, 0)
    capabilities = _Capabilities(effective=kept, permitted=kept)
    libc.call("capset", libc.pointer(header), libc.pointer(capabilities))


def _attempt() -> str | None:
    """Do it all in a process that ends at once; return why it cannot be done, None if it can."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(writing, _try_all().encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as answer:
        reason = answer.read().decode()
    os.waitpid(child, 0)
    return None if reason == _DONE else reason or "the attempt gave no answer"


_DONE = "done"


def _try_all() -> str:
    """Enter, fork, hide the files and look; return _DONE or what went wrong."""
    try:
        _unshare()
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                os.write(writing, _try_inside().encode())
            finally:
                os._exit(0)
        os.close(writing)
        with os.fdopen(reading, "rb") as answer:
            return answer.read().decode()
    except OSError as error:
        return libc.reason(error)


def _try_inside() -> str:
    """Look at what is to be seen from inside; return _DONE or what should not be."""
    try:
        hide_files()
        drop_capabilities()
    except OSError as error:
        return libc.reason(error)
    if os.getpid() != 1:
        return "other processes are to be seen"
    if list(Path("/").iterdir()):
        return "files are to be seen"
    return _DONE


def _unshare() -> None:
    """Put this process, and as for process numbers its next child, into new namespaces; raises OSError."""
    flags = sum(_ALL_BUT_USER.values())
    user, group = os.geteuid(), os.getegid()
    if user == 0:
        libc.call("unshare", flags)
        return
    libc.call("unshare", flags | _USER)
    # One user and one group, who are outside what they are inside.
    Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1", encoding="ascii")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1", encoding="ascii")


def _end_as(child: int) -> NoReturn:
    """Wait for `child` and end as it does, holding nothing open meanwhile."""
    rlimits.close_descriptors(0)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if code < 0:
        with contextlib.suppress(OSError):
            signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    os._exit(code)


def _text(value: str) -> ctypes.c_char_p:
    """Return a string for the C library."""
    return ctypes.c_char_p(value.encode())
