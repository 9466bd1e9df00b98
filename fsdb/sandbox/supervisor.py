"""The engine's hold on one zygote: start it, ask for one evaluation at a time, give up on it, end it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from fsdb.errors import FsdbError, UsageError
from fsdb.sandbox import wire
from fsdb.sandbox.environment import clean_environment, zygote_command
from fsdb.sandbox.lockdown import LAYERS
from fsdb.sandbox.messages import Limits, Part

_READY_SECONDS = 120.0
# How much later than the zygote's own deadline the engine gives up on it.
_GRACE_SECONDS = 10.0
_STOP_SECONDS = 5.0
_LAST_BREATH_SECONDS = 0.5

Answer = tuple[bytes, bytes, bytes]
"""A frame from a zygote: its header undecoded, and its two byte strings."""


class ZygoteLost(Exception):
    """The zygote died or fell silent; the message says which. It has been killed."""


class Reply(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="result"):
    """What a zygote tells of one evaluation.

    `ended` is why it stopped watching the child: the child "closed" its report, or did so and "lingered"
    until it was killed, the "deadline" came, or the evaluation was "cancelled". Exactly one of `exit_code`
    and `signal` is set. `overflow`: the report was longer than it may be.
    """

    ended: str
    exit_code: int | None
    signal: int | None
    seconds: float
    cpu_seconds: float
    overflow: bool


class _Ready(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="ready"):
    """A prepared zygote: the layers in use, and the reason for each that does not hold."""

    layers: list[str]
    failures: dict[str, str]


class _Failed(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="failed"):
    """A zygote that could not get ready: the class of the error, and its message."""

    cause: str
    error: str


@dataclass(frozen=True)
class Setup:
    """What a zygote is to be prepared for; `layers` are the most that may be used of lockdown.LAYERS.

    `evolve`, `run` and `verify` are names of functions, the last one None where there is none. `data` has the
    suffix and the content of each data file by name.
    """

    specification: str
    evolve: str
    run: str
    inputs: Sequence[Any]
    limits: Limits
    verify: str | None = None
    layers: Collection[str] = LAYERS
    data: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)


@dataclass(frozen=True)
class Request:
    """One child's part of an evaluation; fields as in child.Task.

    `inputs` are the numbers of those to be scored, None for all.
    """

    part: Part
    module: str
    program: str
    first_line: int
    inputs: Sequence[int] | None = None
    artefacts: Sequence[bytes] = ()

    def pack(self) -> bytes:
        """Return the bytes of the request."""
        artefacts, lengths = wire.join(self.artefacts)
        header = {
            "kind": "evaluate",
            "part": self.part,
            "first_line": self.first_line,
            "inputs": None if self.inputs is None else list(self.inputs),
            "lengths": lengths,
        }
        second = artefacts if self.part is Part.VERIFIER else self.program.encode()
        return wire.pack(header, self.module.encode(), second)


class Zygote:
    """One zygote process. Not to be used by two evaluations at a time."""

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self._process: subprocess.Popen[bytes] | None = None
        self._socket: socket.socket | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._reader: asyncio.StreamReader | None = None
        self.layers: frozenset[str] = frozenset()
        """The layers in force, once started."""
        self.failures: dict[str, str] = {}
        """The reason for each layer that does not hold, once started."""

    @property
    def running(self) -> bool:
        """Whether it has been started and not been ended."""
        return self._process is not None

    async def start(self) -> None:
        """Start the process and wait until it is prepared.

        Raises UsageError for a specification whose imports fail, ZygoteLost when the process dies or does
        not get ready, FsdbError when it cannot be started.
        """
        engine_end, zygote_end = socket.socketpair()
        try:
            with zygote_end:
                self._process = _spawn(zygote_end.fileno(), "namespaces" in self._setup.layers)
            self._socket = engine_end
            self._reader, self._writer = await asyncio.open_connection(sock=engine_end)
            await self._prepare()
        except BaseException:
            engine_end.close()
            await self.stop()
            raise

    async def _prepare(self) -> None:
        """Send the setup and take in the answer."""
        setup = self._setup
        header = {
            "kind": "setup",
            "evolve": setup.evolve,
            "run": setup.run,
            "verify": setup.verify,
            "timeout_seconds": setup.limits.timeout_seconds,
            "memory_bytes": setup.limits.memory_bytes,
            "output_bytes": setup.limits.output_bytes,
            "layers": sorted(setup.layers),
            "data": [(name, suffix) for name, (suffix, _) in setup.data.items()],
        }
        inputs = json.dumps(list(setup.inputs)).encode()
        files = [content for _, content in setup.data.values()]
        first, lengths = wire.join([setup.specification.encode(), inputs, *files])
        answer, _, _ = await self._exchange(wire.pack({**header, "lengths": lengths}, first), _READY_SECONDS)
        ready = _decode(answer, _Ready | _Failed)
        if isinstance(ready, _Failed):
            raise _setup_error(ready)
        self.layers = frozenset(ready.layers)
        self.failures = ready.failures

    async def evaluate(
        self, request: Request, calls: socket.socket | None = None
    ) -> tuple[Reply, bytes, bytes]:
        """Have one child forked for `request`; return the zygote's reply, the report and the output.

        The child gets `calls`, which is closed here. Raises ZygoteLost. When cancelled, the child is killed
        and the zygote is ready for the next.
        """
        patience = self._setup.limits.timeout_seconds + _GRACE_SECONDS
        answer = asyncio.ensure_future(self._exchange(request.pack(), patience, calls))
        try:
            header, report, output = await asyncio.shield(answer)
        except asyncio.CancelledError:
            await self._cancel(answer)
            raise
        return _decode(header, Reply), report, output

    async def _cancel(self, answer: asyncio.Future[Answer]) -> None:
        """Have the running evaluation killed; without an answer to that soon, kill the zygote."""
        if self._writer is not None:
            self._writer.write(wire.pack({"kind": "cancel"}))
        try:
            await asyncio.wait_for(answer, _STOP_SECONDS)
        except (ZygoteLost, TimeoutError, asyncio.CancelledError):
            await self.stop()

    async def _exchange(self, request: bytes, patience: float, calls: socket.socket | None = None) -> Answer:
        """Send a frame and return the next one that comes; on any failure end the process."""
        assert self._reader is not None
        assert self._writer is not None
        assert self._socket is not None
        try:
            if calls is not None:
                # Nothing else is under way on this connection, so there is room for these few bytes.
                with calls:
                    sent = socket.send_fds(self._socket, [request[: wire.LENGTHS.size]], [calls.fileno()])
                request = request[sent:]
            self._writer.write(request)
            async with asyncio.timeout(patience):
                lengths = wire.LENGTHS.unpack(await self._reader.readexactly(wire.LENGTHS.size))
                header, first, second = [await self._reader.readexactly(length) for length in lengths]
        except TimeoutError:
            await self.stop()
            raise ZygoteLost(f"it gave no answer in {patience:g} s") from None
        except (asyncio.IncompleteReadError, ConnectionError):
            raise ZygoteLost(_describe_end(await self._exit_code())) from None
        return header, first, second

    async def _exit_code(self) -> int | None:
        """See that the process is gone; return its exit code, None if it did not go by itself."""
        process, code = self._process, None
        deadline = time.monotonic() + _LAST_BREATH_SECONDS
        while process is not None and code is None and time.monotonic() < deadline:
            await asyncio.sleep(0.01)
            code = process.poll()
        await self.stop()
        return code

    async def stop(self) -> None:
        """End the process and whatever it runs."""
        process, self._process = self._process, None
        writer, self._writer = self._writer, None
        if process is not None:
            # Its death takes its child with it, which has asked the system for that.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_STOP_SECONDS)
        if writer is not None:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()


def _spawn(descriptor: int, isolate: bool) -> subprocess.Popen[bytes]:
    """Start a zygote that talks over `descriptor`, in its own session so that Ctrl-C does not reach it."""
    try:
        return subprocess.Popen(
            zygote_command(descriptor, isolate),
            env=clean_environment(),
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=(descriptor,),
            start_new_session=True,
        )
    except OSError as error:
        raise FsdbError(
            f"A process for evaluations cannot be started: {error}.",
            cure="Look at the limits on processes and memory (`ulimit -a`).",
        ) from error


def _setup_error(answer: _Failed) -> FsdbError:
    """Return the error for a zygote that could not get ready."""
    if answer.cause == "DataError":
        return UsageError(f"{answer.error}.", cure="Mend the file, or name it by what is in it.")
    if answer.cause == "PreloadError":
        return UsageError(
            f"An import of the specification fails: {answer.error}.",
            cure="Install what it imports in the environment that fsdb runs in.",
        )
    return FsdbError(f"The sandbox cannot be prepared: {answer.cause}: {answer.error}.")


def _decode(header: bytes, kind: Any) -> Any:
    """Return the header of a frame as `kind`; one that is not is taken as the end of the zygote."""
    try:
        return msgspec.json.decode(header, type=kind)
    except msgspec.DecodeError as error:
        raise ZygoteLost(f"it answered what it should not: {error}") from None


def _describe_end(code: int | None) -> str:
    """Return in words how a process ended."""
    if code is None:
        return "it closed its connection"
    return f"it was killed by signal {-code}" if code < 0 else f"it ended with exit code {code}"
