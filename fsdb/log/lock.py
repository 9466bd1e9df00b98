"""One writer at a time for each run: a lock that dies with the process that holds it."""

from __future__ import annotations

import fcntl
import os
import socket
import weakref
from pathlib import Path

from fsdb.errors import LogError

LOCK = "lock"
"""Name of the lock file in a run's directory."""


class WriterLock:
    """An exclusive `flock` on `<run>/lock`, from construction until `release` or the process's death.

    The file holds the holder's process id and host, for messages only: the kernel's lock decides, so a
    file that a dead process left behind never blocks. Raises LogError if another writer holds it.
    """

    def __init__(self, run_dir: Path) -> None:
        self._path = run_dir / LOCK
        self._descriptor: int | None = self._acquire()
        os.truncate(self._descriptor, 0)
        os.pwrite(self._descriptor, f"{os.getpid()} {socket.gethostname()}\n".encode(), 0)
        _held.add(self)

    def _acquire(self) -> int:
        """Open and lock the file that stands at the path, and return its descriptor."""
        while True:
            try:
                descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
            except OSError as error:
                raise LogError(
                    f"The run cannot be opened for writing: {self._path}: {error.strerror}.",
                    cure="Give this user write permission in the run's directory, or copy the run elsewhere.",
                ) from error
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                holder = os.pread(descriptor, 256, 0).decode(errors="replace").split()
                os.close(descriptor)
                raise self._held_by(holder) from None
            except OSError as error:
                os.close(descriptor)
                raise LogError(
                    f"The file system cannot lock {self._path}: {error.strerror}.",
                    cure="Keep runs on a local disk, or on a network mount that supports locks.",
                ) from error
            if self._stands_at_path(descriptor):
                return descriptor
            os.close(descriptor)

    def _held_by(self, holder: list[str]) -> LogError:
        """Return the error for a lock that another writer holds."""
        who = f"process {holder[0]} on {holder[1]}" if len(holder) == 2 else "another process"
        return LogError(
            f"The run in {self._path.parent} is being written by {who}.",
            cure="Wait until it ends, or stop it with Ctrl-C (or 'kill' and its number), then try again.",
        )

    def _stands_at_path(self, descriptor: int) -> bool:
        """Return whether the descriptor's file is still the one that the path names."""
        try:
            return os.path.samestat(os.fstat(descriptor), self._path.stat())
        except OSError:
            return False

    @property
    def intact(self) -> bool:
        """Whether this still is the lock that other writers will meet: its file was not moved or deleted."""
        return self._descriptor is not None and self._stands_at_path(self._descriptor)

    def release(self) -> None:
        """Let go of the lock. The file stays: deleting it would let two writers hold locks on two files."""
        if self._descriptor is None:
            return
        os.truncate(self._descriptor, 0)
        fcntl.flock(self._descriptor, fcntl.LOCK_UN)  # for a fork's copy too, should it have one yet
        self._close()

    def _close(self) -> None:
        """Close the descriptor, which ends this process's part in the lock."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


_held: weakref.WeakSet[WriterLock] = weakref.WeakSet()


def _close_in_child() -> None:
    """Close the locks that a fork copied: a child that outlives its parent must not keep the run locked."""
    for lock in list(_held):
        lock._close()


os.register_at_fork(after_in_child=_close_in_child)
