"""What an evaluation sees of the machine: a root directory of its own with little in it.

For the first process in new namespaces (fsdb.sandbox.namespaces), which alone may mount.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
from collections.abc import Iterable
from pathlib import Path

from fsdb.sandbox import libc

_RDONLY, _NOSUID, _NODEV, _REMOUNT, _BIND, _REC, _PRIVATE = 1, 2, 4, 32, 4096, 16384, 1 << 18
_DETACH = 2
_MOUNT_SETATTR = 442
_AT_FDCWD, _AT_RECURSIVE = -100, 0x8000
_DEVICES = ("null", "zero", "full", "random", "urandom")
_DEVICE_LINKS = {"fd": "/proc/self/fd", "stdin": "/proc/self/fd/0", "stdout": "/proc/self/fd/1"}

SCRATCH = "/tmp"
"""Where an evaluation may write, as it sees it."""
SHARED_MEMORY = "/dev/shm"


class _Attributes(ctypes.Structure):
    _fields_ = (
        ("set", ctypes.c_uint64),
        ("clear", ctypes.c_uint64),
        ("propagation", ctypes.c_uint64),
        ("user_namespace", ctypes.c_uint64),
    )


def build(mount_point: str, readable: Iterable[str], replaced: dict[str, str], scratch_bytes: int) -> None:
    """Make a root directory at `mount_point` and move into it; raises OSError.

    `readable` are the paths that are there, read-only, under the names they have outside; `replaced` says for
    some of them where what is seen there really stands. Scratch and shared memory are in memory and limited.
    """
    _mount("none", "/", None, _REC | _PRIVATE)
    _mount("fsdb", mount_point, "tmpfs", _NOSUID | _NODEV, "size=1m,mode=755")
    _memory(mount_point + SCRATCH, scratch_bytes)
    for path in readable:
        _show(mount_point, path, replaced.get(path, path))
    for name in _DEVICES:
        _bind(f"/dev/{name}", f"{mount_point}/dev/{name}")
    for name, target in _DEVICE_LINKS.items():
        Path(f"{mount_point}/dev/{name}").symlink_to(target)
    _memory(mount_point + SHARED_MEMORY, scratch_bytes)
    Path(f"{mount_point}/proc").mkdir(exist_ok=True)
    # Some containers forbid it; then there is none to be seen.
    with contextlib.suppress(OSError):
        _mount("proc", f"{mount_point}/proc", "proc", _NOSUID | _NODEV)
    os.chdir(mount_point)
    # With both arguments the same, the old root ends up on top of the new one, and is taken away from there.
    libc.call("pivot_root", _text("."), _text("."))
    libc.call("umount2", _text("."), _DETACH)
    os.chdir("/")
    _mount("fsdb", "/", None, _REMOUNT | _RDONLY | _NOSUID | _NODEV)


def _show(root: str, path: str, source: str) -> None:
    """Have a path of the machine seen beneath `root`, read-only; symbolic links stay links."""
    place = Path(source)
    if place.is_symlink() and source == path:
        target = Path(root + path)
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.is_symlink():
            target.symlink_to(place.readlink())
    elif place.exists():
        _bind(source, root + path)
        attributes = _Attributes(set=_RDONLY | _NOSUID | _NODEV)
        libc.call(
            "syscall",
            _MOUNT_SETATTR,
            _AT_FDCWD,
            _text(root + path),
            _AT_RECURSIVE,
            libc.pointer(attributes),
            ctypes.sizeof(attributes),
        )


def _bind(source: str, target: str) -> None:
    place = Path(target)
    if Path(source).is_dir():
        place.mkdir(parents=True, exist_ok=True)
    else:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.touch()
    _mount(source, target, None, _BIND | _REC)


def _memory(target: str, size: int) -> None:
    Path(target).mkdir(parents=True, exist_ok=True)
    _mount("fsdb", target, "tmpfs", _NOSUID | _NODEV, f"size={size},nr_inodes=20000,mode=1777")


def _mount(source: str, target: str, kind: str | None, flags: int, options: str | None = None) -> None:
    data = None if options is None else _text(options)
    libc.call("mount", _text(source), _text(target), None if kind is None else _text(kind), flags, data)


def _text(value: str) -> ctypes.c_char_p:
    return ctypes.c_char_p(os.fsencode(value))
