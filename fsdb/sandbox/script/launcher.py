"""The process that holds one evaluation of a whole program, from the first system call to the last kill.

Its own program, started anew for each evaluation: it reads a job from standard input, enters the namespaces,
starts the evaluator locked down, watches over it, kills all that it started, and only then reads what the
evaluator left, and writes that to standard output. Nothing of the user's or of a program's runs in it.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import select
import signal
import stat
import sys
import time
from functools import partial
from pathlib import Path
from typing import Any

from fsdb.sandbox import landlock, libc, namespaces, rlimits
from fsdb.sandbox.script import calls, tree, view
from fsdb.sandbox.seccomp import SystemCallFilter

RESULT = 3
"""The descriptor on which an evaluator's runner may answer; no process that it starts inherits it."""

_MAX_ANSWER_BYTES = 512 * 1024
_OUTPUT_HEAD, _OUTPUT_TAIL = 2048, 6144
_LOOK_SECONDS = 0.05
_MAX_PROCESSES = 64
_MAX_OPEN = 512
_EXTRA_ADDRESS_SPACE = 2 * 2**30
# Libraries map far more than they use; what is used is watched.


def main() -> None:
    """Do the job on standard input."""
    job = json.load(sys.stdin)
    with contextlib.suppress(OSError):
        libc.die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if "namespaces" in job["layers"]:
        reason = namespaces.enter()
        if reason is not None:
            _answer({"failed": f"namespaces: {reason}"})
    with contextlib.suppress(OSError):
        libc.hide_from_debuggers()
    try:
        _answer(_evaluate(job))
    except OSError as error:
        _answer({"failed": libc.reason(error)})


def _answer(fields: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(fields))
    sys.stdout.flush()
    os._exit(0)


def _evaluate(job: dict[str, Any]) -> dict[str, Any]:
    """Have the evaluator run; return how it ended and what it left."""
    isolated = "namespaces" in job["layers"]
    if isolated:
        try:
            view.build(job["mount_point"], job["readable"], job["replaced"], job["scratch_bytes"])
        except OSError as error:
            raise OSError(f"namespaces: {libc.reason(error)}") from error
    else:
        tree.adopt_orphans()
    writable = view.SCRATCH if isolated else job["scratch"]
    scratch = f"{writable}/fsdb-evaluation"
    _furnish(scratch, job)
    output_from, output_to = os.pipe()
    result_from, result_to = os.pipe()
    trouble_from, trouble_to = os.pipe()
    began = time.monotonic()
    worker = os.fork()
    if worker == 0:
        _become_evaluator(job, writable, isolated, output_to, result_to, trouble_to)
    for descriptor in (output_to, result_to, trouble_to):
        os.close(descriptor)
    trouble = _read_all(trouble_from)
    if trouble:
        tree.kill_all(isolated)
        raise OSError(trouble.decode(errors="replace"))
    watch = _Watch(job, writable, isolated, worker, output_from, result_from)
    ended, code = watch.until_it_ends(began + job["timeout_seconds"])
    # From here on nothing of it runs, so nothing that is read can change any more.
    tree.kill_all(isolated)
    seconds = time.monotonic() - began
    watch.drain()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "ended": ended,
        "exit_code": code,
        "seconds": seconds,
        "cpu_seconds": used.ru_utime + used.ru_stime,
        "output": watch.output(),
        "result": watch.result.decode(errors="replace"),
        "files": {name: _read_file(Path(scratch) / "results" / name) for name in job["files"]},
    }


def _furnish(scratch: str, job: dict[str, Any]) -> None:
    """Put the program where the evaluator expects it, and an empty folder for its answers."""
    folder = Path(scratch)
    program = folder / "program" / job["program_name"]
    for place in (folder, folder / "program", folder / "results", folder / "tmp"):
        place.mkdir(exist_ok=True)
    program.write_text(job["program"], encoding="utf-8", newline="")
    if job["user"] is not None:
        for place in (folder, program, *folder.iterdir()):
            os.chown(place, job["user"], job["user"])


def _become_evaluator(
    job: dict[str, Any], writable: str, isolated: bool, output: int, result: int, trouble: int
) -> None:
    """Lock this process down and run the evaluator in it; says on `trouble` what cannot be."""
    try:
        os.setsid()
        nothing = os.open("/dev/null", os.O_RDONLY)
        for old, new in ((nothing, 0), (output, 1), (output, 2)):
            os.dup2(old, new)
        # The result's number may be in use by what is still needed.
        moved_trouble = os.dup(trouble) if trouble == RESULT else trouble
        os.set_inheritable(moved_trouble, False)
        if result != RESULT:
            os.dup2(result, RESULT)
        os.set_inheritable(RESULT, True)
        for descriptor in range(RESULT + 1, 256):
            if descriptor != moved_trouble:
                with contextlib.suppress(OSError):
                    os.close(descriptor)
        os.chdir(job["folder"])
        _lock_down(job, writable, isolated)
        scratch = f"{writable}/fsdb-evaluation"
        arguments = [each.replace("{scratch}", scratch) for each in job["command"]]
        environment = {name: each.replace("{scratch}", scratch) for name, each in job["environment"].items()}
        os.execve(arguments[0], arguments, environment)
    except (OSError, ValueError) as error:
        os.write(moved_trouble, libc.reason(error).encode())
    os._exit(1)


def _lock_down(job: dict[str, Any], scratch: str, isolated: bool) -> None:
    layers = job["layers"]
    if "rlimits" in layers:
        _limit(job)
    user = job["user"]
    if user is not None and "user" in layers:
        os.setgroups([])
        os.setgid(user)
        os.setuid(user)
    elif isolated or os.geteuid() == 0:
        namespaces.drop_all_capabilities()
    if sys.platform != "linux":
        return
    libc.forbid_new_privileges()
    if "landlock" in layers:
        writable = [scratch, "/dev/null", "/dev/zero", "/dev/full"]
        if isolated:
            writable.append(view.SHARED_MEMORY)
        readable = [*job["readable"], *(f"/dev/{name}" for name in ("random", "urandom"))]
        if isolated:
            readable += ["/proc"]
        try:
            landlock.allow_only(readable, writable)
        except OSError as error:
            raise OSError(f"landlock: {libc.reason(error)}") from error
    if "seccomp" in layers:
        try:
            SystemCallFilter(partial(calls.program, local_sockets=isolated)).enforce()
        except OSError as error:
            raise OSError(f"seccomp: {libc.reason(error)}") from error


def _limit(job: dict[str, Any]) -> None:
    cores = os.cpu_count() or 1
    seconds = rlimits.cpu_limit(job["timeout_seconds"] * cores)
    limits = {
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_AS: job["memory_bytes"] + _EXTRA_ADDRESS_SPACE,
        resource.RLIMIT_FSIZE: job["scratch_bytes"],
        resource.RLIMIT_NPROC: _MAX_PROCESSES + job["processes_of_user"],
        resource.RLIMIT_NOFILE: _MAX_OPEN,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_MSGQUEUE: 0,
    }
    for kind, value in limits.items():
        hard = resource.getrlimit(kind)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (value, value))


class _Watch:
    """Watches over an evaluator: its output, its answer, its memory, its scratch folder, its time."""

    def __init__(
        self, job: dict[str, Any], scratch: str, isolated: bool, worker: int, output: int, result: int
    ) -> None:
        self._job, self._scratch, self._isolated, self._worker = job, scratch, isolated, worker
        self._output, self._result = output, result
        self._open = [output, result]
        self._head, self._tail, self._length = b"", b"", 0
        self.result = b""

    def until_it_ends(self, deadline: float) -> tuple[str, int | None]:
        """Return how it ended (exited, timeout, memory or disk), and the exit code where it exited."""
        looked = 0.0
        while True:
            code = tree.reap(self._worker)
            if code is not None:
                return "exited", code
            now = time.monotonic()
            if now >= deadline:
                return "timeout", None
            if now - looked >= _LOOK_SECONDS:
                looked = now
                used = tree.memory_used(self._isolated)
                if used > self._job["memory_bytes"]:
                    return "memory", None
                if not self._isolated and _size(self._scratch) > self._job["scratch_bytes"]:
                    return "disk", None
            if self._open:
                self._take_in(min(0.02, deadline - now))
            else:
                time.sleep(0.01)

    def drain(self) -> None:
        """Take in what is left in the pipes; nobody writes to them any more."""
        while self._open and self._take_in(0):
            pass

    def output(self) -> str:
        """Return the beginning and the end of what was printed."""
        cut = self._length - len(self._head) - len(self._tail)
        between = f"\n… {cut} bytes …\n".encode() if cut > 0 else b""
        return (self._head + between + self._tail).decode(errors="replace")

    def _take_in(self, seconds: float) -> bool:
        ready, _, _ = select.select(self._open, (), (), max(seconds, 0))
        for descriptor in ready:
            piece = os.read(descriptor, 65536)
            if not piece:
                self._open.remove(descriptor)
            elif descriptor == self._result:
                self.result = (self.result + piece)[: _MAX_ANSWER_BYTES + 1]
            else:
                self._keep(piece)
        return bool(ready)

    def _keep(self, piece: bytes) -> None:
        self._length += len(piece)
        room = _OUTPUT_HEAD - len(self._head)
        if room > 0:
            self._head, piece = self._head + piece[:room], piece[room:]
        self._tail = (self._tail + piece)[-_OUTPUT_TAIL:]


def _read_file(path: Path) -> str | None:
    """Return an answer's text; None where it is no file, or no answer for its length."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return None
        data = file.read(_MAX_ANSWER_BYTES + 1)
    return None if len(data) > _MAX_ANSWER_BYTES else data.decode(errors="replace")


def _read_all(descriptor: int) -> bytes:
    with os.fdopen(descriptor, "rb") as file:
        return file.read(4096)


def _size(folder: str) -> int:
    total = 0
    for place, _, files in os.walk(folder):
        for name in files:
            with contextlib.suppress(OSError):
                total += os.lstat(os.path.join(place, name)).st_blocks * 512  # noqa: PTH118
    return total
