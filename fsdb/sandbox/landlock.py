"""Landlock: deny this process files, directories, TCP ports, outside signals and abstract sockets.

Constants are from the kernel's `include/uapi/linux/landlock.h`; the system call numbers are the same on all
architectures. A ruleset that handles a right and holds no rule for it denies that right everywhere.
"""

from __future__ import annotations

import ctypes
import os
import stat
from collections.abc import Iterable

from fsdb.sandbox import libc

_CREATE_RULESET = 444
_ADD_RULE = 445
_RESTRICT_SELF = 446
_CREATE_RULESET_VERSION = 1
_PATH_BENEATH = 1

# By their bits: execute, write, read a file; list a directory; truncate; commands to a device.
_EXECUTE, _WRITE, _READ, _LIST, _TRUNCATE, _IOCTL = 1 << 0, 1 << 1, 1 << 2, 1 << 3, 1 << 14, 1 << 15
_READING = _EXECUTE | _READ | _LIST
_OF_FILES = _EXECUTE | _WRITE | _READ | _TRUNCATE | _IOCTL
# Device nodes cannot be made even where all else may be.
_MAKE_DEVICES = 1 << 6 | 1 << 11

# The number of file system rights by version: 13 at first, then "refer", "truncate" and "ioctl" on devices.
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 5: 16}
_TCP_SINCE, _TCP_RIGHTS = 4, 0b11
_SCOPES_SINCE, _SCOPES = 6, 0b11


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed_access", ctypes.c_uint64), ("parent", ctypes.c_int32))


class _RulesetAttributes(ctypes.Structure):
    _fields_ = (
        ("handled_access_fs", ctypes.c_uint64),
        ("handled_access_net", ctypes.c_uint64),
        ("scoped", ctypes.c_uint64),
    )


def version() -> int:
    """Return the version of Landlock that the kernel speaks; raises OSError where it has none."""
    return libc.call("syscall", _CREATE_RULESET, None, 0, _CREATE_RULESET_VERSION)


def deny_all() -> None:
    """Restrict this process, for good, with every right that the kernel's Landlock knows; raises OSError.

    Open descriptors stay usable. `libc.forbid_new_privileges` must have been called.
    """
    allow_only((), ())


def allow_only(readable: Iterable[str], writable: Iterable[str]) -> None:
    """Restrict this process, for good, to reading (and running) and to writing beneath these paths.

    Paths that are not there are passed over; else as `deny_all`.
    """
    attributes = _attributes(version())
    handled = attributes.handled_access_fs
    ruleset = libc.call("syscall", _CREATE_RULESET, libc.pointer(attributes), ctypes.sizeof(attributes), 0)
    try:
        for path in readable:
            _allow(ruleset, path, _READING & handled)
        for path in writable:
            _allow(ruleset, path, handled & ~_MAKE_DEVICES)
        libc.call("syscall", _RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: str, rights: int) -> None:
    """Add a rule for all beneath a path."""
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(place).st_mode):
            rights &= _OF_FILES
        rule = _PathBeneath(rights, place)
        libc.call("syscall", _ADD_RULE, ruleset, _PATH_BENEATH, libc.pointer(rule), 0)
    finally:
        os.close(place)


def _attributes(known: int) -> _RulesetAttributes:
    """Return what a kernel of this version can be asked to handle; zeros for the rest, which all accept."""
    rights = max(count for since, count in _FILE_RIGHTS.items() if since <= known)
    return _RulesetAttributes(
        handled_access_fs=(1 << rights) - 1,
        handled_access_net=_TCP_RIGHTS if known >= _TCP_SINCE else 0,
        scoped=_SCOPES if known >= _SCOPES_SINCE else 0,
    )
