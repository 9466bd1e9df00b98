"""The process that evaluations are forked from: prepared once, without secrets, single-threaded.

Started by `fsdb.sandbox.supervisor` with one socket to the engine. It is told the specification and the
inputs, imports what they need, finds out which layers hold, and then serves one evaluation after another.
It ends when the engine's end of the socket closes, in whatever way the engine ended. Before any of this it
has entered namespaces of its own (`namespaces`), where the system allows that.
"""

from __future__ import annotations

import contextlib
import fcntl
import gc
import json
import os
import select
import signal
import socket
import sys
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NoReturn

from fsdb.sandbox import libc, namespaces, preload, rlimits, wire
from fsdb.sandbox.child import Task, evaluate_and_exit
from fsdb.sandbox.datafiles import parse_data
from fsdb.sandbox.lockdown import LAYERS, Lockdown
from fsdb.sandbox.messages import MAX_ARTEFACT_BYTES, Part
from fsdb.sandbox.seccomp import SystemCallFilter

_REPORT_BYTES = 16 * 1024
_REPORT_BYTES_PER_INPUT = 40
_READ_BYTES = 1 << 16
_PIPE_READS = 16
_CHILD_REPORT = 3
_CHILD_CALLS = 4
_ARTEFACT_REPORT_BYTES = MAX_ARTEFACT_BYTES * 4 // 3
# A child that has closed its report is given this long to be gone by itself, on however busy a machine.
_LINGER_SECONDS = 1.0
_NAP_SECONDS = 0.0001
_CANARY_SECONDS = 10.0


@dataclass(frozen=True)
class _Setup:
    """What stays the same from one evaluation to the next."""

    evolve: str
    run: str
    verify: str | None
    inputs: list[Any]
    timeout_seconds: float
    output_bytes: int
    lockdown: Lockdown


def main(descriptor: int, not_isolated: str | None) -> NoReturn:
    """Serve the engine over the socket `descriptor` until it closes.

    `not_isolated` is the reason why this process is not in namespaces of its own, None if it is.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        libc.die_with_parent()
        _prefer_to_be_killed()
    engine = socket.socket(fileno=descriptor)
    frame = wire.receive(engine)
    if frame is None:
        os._exit(0)
    try:
        setup, failures = _prepare(frame, not_isolated)
    except Exception as error:
        _send(engine, {"kind": "failed", "error": str(error), "cause": type(error).__name__})
        os._exit(1)
    _send(engine, {"kind": "ready", "layers": sorted(setup.lockdown.layers), "failures": failures})
    _serve(engine, setup)


def _prepare(frame: wire.Frame, not_isolated: str | None) -> tuple[_Setup, dict[str, str]]:
    """Return what evaluations need, and the reason for each layer that does not hold.

    Raises preload.PreloadError for an import that fails, datafiles.DataError for a data file that cannot be
    parsed.
    """
    header = frame.header
    specification, inputs, *files = wire.split(frame.first, header["lengths"])
    preload.install_funsearch(parse_data(header["data"], files))
    preload.preload(specification.decode())
    preload.fix_chance()
    inputs_decoded = json.loads(inputs)
    in_use = rlimits.address_space_in_use()
    if not_isolated is None:
        namespaces.hide_files()
        namespaces.drop_capabilities()
    full = Lockdown(
        layers=frozenset(LAYERS),
        timeout_seconds=header["timeout_seconds"],
        address_space=None if in_use is None else in_use + header["memory_bytes"],
        filter=_make_filter(),
    )
    failures = _canary(full)
    if not_isolated is not None:
        failures["namespaces"] = not_isolated
    setup = _Setup(
        evolve=header["evolve"],
        run=header["run"],
        verify=header["verify"],
        inputs=inputs_decoded,
        timeout_seconds=header["timeout_seconds"],
        output_bytes=header["output_bytes"],
        lockdown=replace(full, layers=frozenset(header["layers"]) - failures.keys()),
    )
    # What lives now stays: collecting it in each child would copy every page that it stands on.
    gc.collect()
    gc.freeze()
    return setup, failures


def _serve(engine: socket.socket, setup: _Setup) -> NoReturn:
    """Evaluate what the engine asks for, one after another, until it is gone."""
    while True:
        frame = wire.receive(engine)
        if frame is None:
            os._exit(0)
        if frame.header["kind"] != "evaluate":
            continue  # a cancellation that crossed the result
        reply, report, output = _evaluate(engine, setup, _task(frame, setup), frame.descriptor)
        _send(engine, reply, report, output)


def _task(frame: wire.Frame, setup: _Setup) -> Task:
    """Return what a request asks for."""
    header, part = frame.header, Part(frame.header["part"])
    wanted = range(len(setup.inputs)) if header["inputs"] is None else header["inputs"]
    verifies = part is Part.VERIFIER
    return Task(
        part=part,
        module=frame.first.decode(),
        program="" if verifies else frame.second.decode(),
        first_line=header["first_line"],
        evolve=setup.evolve,
        run=setup.run,
        verify=setup.verify,
        inputs=[setup.inputs[number] for number in wanted],
        artefacts=wire.split(frame.second, header["lengths"]) if verifies else [],
        calls=None if frame.descriptor is None else _CHILD_CALLS,
    )


def _evaluate(
    engine: socket.socket, setup: _Setup, task: Task, calls: int | None
) -> tuple[dict[str, Any], bytes, bytes]:
    """Fork a child for `task`, watch it, and return what is to be told of it.

    `calls` is the descriptor that came for the child, which is not kept open here.
    """
    started = time.monotonic()
    report, report_end = os.pipe()
    output, output_end = os.pipe()
    child = os.fork()
    if child == 0:
        _become_child(engine, setup, task, report_end, output_end, calls)
    for descriptor in (report_end, output_end, calls):
        if descriptor is not None:
            os.close(descriptor)
    cap = _REPORT_BYTES + _REPORT_BYTES_PER_INPUT * len(task.inputs)
    reader = _Reader(
        report=_Capped(report, cap + (_ARTEFACT_REPORT_BYTES if task.part is Part.MAKER else 0)),
        output=_Capped(output, setup.output_bytes),
    )
    try:
        ended = reader.read(engine, started + setup.timeout_seconds)
    finally:
        os.close(report)
        os.close(output)
    end = _reap(child, _LINGER_SECONDS if ended == "closed" else 0.0)
    if ended == "engine gone":
        os._exit(0)
    reply = {
        "kind": "result",
        "ended": "lingered" if ended == "closed" and end.killed else ended,
        "exit_code": end.exit_code,
        "signal": end.signal,
        "seconds": time.monotonic() - started,
        "cpu_seconds": end.cpu_seconds,
        "overflow": reader.report.overflow,
    }
    return reply, bytes(reader.report.data), bytes(reader.output.data)


def _become_child(
    engine: socket.socket, setup: _Setup, task: Task, report_end: int, output_end: int, calls: int | None
) -> NoReturn:
    """Turn this forked process into the child: only its own descriptors, its own session, then the task."""
    try:
        engine.detach()
        kept = [0, output_end, output_end, report_end, *(() if calls is None else (calls,))]
        # First out of the way of one another, then to where the child looks for them.
        for place, descriptor in enumerate([fcntl.fcntl(each, fcntl.F_DUPFD, len(kept)) for each in kept]):
            os.dup2(descriptor, place)
        rlimits.close_descriptors(len(kept))
        evaluate_and_exit(task, lambda: _lock(setup), _CHILD_REPORT, setup.output_bytes)
    finally:
        os._exit(1)


def _lock(setup: _Setup) -> None:
    """Leave the zygote's session, so that the child and all that it may start is killed as one; lock down."""
    os.setsid()
    setup.lockdown.enter()


@dataclass
class _Capped:
    """The first `cap` bytes that came from a descriptor."""

    descriptor: int
    cap: int
    data: bytearray = field(default_factory=bytearray)
    overflow: bool = False

    def take(self) -> bool:
        """Read what is there, once; return False at the end."""
        data = os.read(self.descriptor, _READ_BYTES)
        room = self.cap - len(self.data)
        self.overflow = self.overflow or len(data) > room
        self.data += data[:room]
        return bool(data)

    def drain(self) -> None:
        """Take what is left in the pipe, without waiting for more, and no more than a pipe holds."""
        os.set_blocking(self.descriptor, False)
        try:
            for _ in range(_PIPE_READS):
                if not self.take():
                    return
        except BlockingIOError:
            return


@dataclass
class _Reader:
    """Reads what a child reports and prints, until it closes its report or its time is over."""

    report: _Capped
    output: _Capped

    def read(self, engine: socket.socket, deadline: float) -> str:
        """Return why reading ended: "closed", "deadline", "cancelled" or "engine gone"."""
        poller = select.poll()
        for descriptor in (engine.fileno(), self.report.descriptor, self.output.descriptor):
            poller.register(descriptor, select.POLLIN)
        ended = None
        while ended is None:
            left = deadline - time.monotonic()
            ready = [descriptor for descriptor, _ in poller.poll(left * 1000)] if left > 0 else []
            if left <= 0:
                ended = "deadline"
            elif engine.fileno() in ready:
                ended = "engine gone" if wire.receive(engine) is None else "cancelled"
            elif self.output.descriptor in ready and not self.output.take():
                poller.unregister(self.output.descriptor)
            elif self.report.descriptor in ready and not self.report.take():
                ended = "closed"
        self.output.drain()
        return ended


@dataclass(frozen=True)
class _End:
    """How a child ended: with an exit code or by a signal, and whether that was ours."""

    exit_code: int | None
    signal: int | None
    killed: bool
    cpu_seconds: float


def _reap(child: int, patience: float) -> _End:
    """Wait for the child's end, killing it and its session once `patience` seconds are over."""
    deadline = time.monotonic() + patience
    reaped, status, usage = os.wait4(child, os.WNOHANG)
    while not reaped and time.monotonic() < deadline:
        time.sleep(_NAP_SECONDS)
        reaped, status, usage = os.wait4(child, os.WNOHANG)
    # Its session is killed even when the child has ended: there may be something left that it started.
    for kill in (os.killpg, os.kill) if not reaped else (os.killpg,):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            kill(child, signal.SIGKILL)
    if not reaped:
        _, status, usage = os.wait4(child, 0)
    code = os.waitstatus_to_exitcode(status)
    return _End(
        exit_code=code if code >= 0 else None,
        signal=-code if code < 0 else None,
        killed=not reaped and code == -signal.SIGKILL,
        cpu_seconds=usage.ru_utime + usage.ru_stime,
    )


def _make_filter() -> SystemCallFilter | None:
    """Return the filter of system calls, None where there is none."""
    try:
        return SystemCallFilter()
    except OSError:
        return None


def _canary(lockdown: Lockdown) -> dict[str, str]:
    """Return the reason for each layer that does not hold, found out in a process of its own."""
    report, report_end = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setsid()
            os.write(report_end, json.dumps(lockdown.attempt()).encode())
        finally:
            os._exit(0)
    os.close(report_end)
    answer = b""
    deadline = time.monotonic() + _CANARY_SECONDS
    while (left := deadline - time.monotonic()) > 0 and select.select([report], [], [], left)[0]:
        piece = os.read(report, _READ_BYTES)
        if not piece:
            break
        answer += piece
    os.close(report)
    end = _reap(child, _LINGER_SECONDS)
    if not answer:
        reason = f"the attempt died of signal {end.signal}" if end.signal else "the attempt gave no answer"
        return dict.fromkeys(LAYERS[1:], reason)
    failures: dict[str, str] = json.loads(answer)
    return failures


def _prefer_to_be_killed() -> None:
    """Have the system, when it runs out of memory, take an evaluation and not the engine."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("500", encoding="ascii")


def _send(engine: socket.socket, header: dict[str, Any], first: bytes = b"", second: bytes = b"") -> None:
    """Send a frame; without an engine there is nothing left to do."""
    try:
        engine.sendall(wire.pack(header, first, second))
    except OSError:
        os._exit(0)
