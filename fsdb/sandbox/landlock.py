"""Landlock: deny this process every file, directory, TCP port, outside signal and abstract socket.

Constants are from the kernel's `include/uapi/linux/landlock.h`; the system call numbers are the same on all
architectures. A ruleset that handles a right and holds no rule for it denies that right everywhere.
"""

from __future__ import annotations

import ctypes
import os

from fsdb.sandbox import libc

_CREATE_RULESET = 444
_RESTRICT_SELF = 446
_CREATE_RULESET_VERSION = 1

# The number of file system rights by version: 13 at first, then "refer", "truncate" and "ioctl" on devices.
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 5: 16}
_TCP_SINCE, _TCP_RIGHTS = 4, 0b11
_SCOPES_SINCE, _SCOPES = 6, 0b11


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
    attributes = _attributes(version())
    ruleset = libc.call("syscall", _CREATE_RULESET, libc.pointer(attributes), ctypes.sizeof(attributes), 0)
    try:
        libc.call("syscall", _RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def _attributes(known: int) -> _RulesetAttributes:
    """Return what a kernel of this version can be asked to handle; zeros for the rest, which all accept."""
    rights = max(count for since, count in _FILE_RIGHTS.items() if since <= known)
    return _RulesetAttributes(
        handled_access_fs=(1 << rights) - 1,
        handled_access_net=_TCP_RIGHTS if known >= _TCP_SINCE else 0,
        scoped=_SCOPES if known >= _SCOPES_SINCE else 0,
    )
