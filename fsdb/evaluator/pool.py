"""Evaluates programs: any number at once, each in a fork of one of a few prepared processes."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from fsdb.errors import FsdbError
from fsdb.evaluator.evaluation import Evaluation, Limits, not_run, reduced
from fsdb.sandbox.levels import DEFAULT_LEVEL, level_of, require
from fsdb.sandbox.lockdown import LAYERS
from fsdb.sandbox.messages import MAX_SOURCE_BYTES
from fsdb.sandbox.supervisor import Setup, Zygote, ZygoteLost
from fsdb.sandbox.verdict import judge

if TYPE_CHECKING:
    from collections.abc import Collection

    from fsdb.problem.specification import Specification

_ATTEMPTS = 2


class Evaluator:
    """Scores programs of one problem in `processes` sandboxed processes.

    Use: `await start()`, any number of `evaluate` at a time, `await close()`; or `async with`. It belongs to
    one event loop. Its processes end with the thread that started it, so nothing is left behind however the
    engine ends.
    """

    def __init__(
        self,
        specification: Specification,
        inputs: Sequence[Any],
        reduce: str,
        limits: Limits,
        processes: int,
        *,
        input_names: Sequence[str] | None = None,
        require_level: str = DEFAULT_LEVEL,
        allow_unsafe: bool = False,
        layers: Collection[str] = LAYERS,
    ) -> None:
        """`inputs` are JSON values in input order, `reduce` as in fsdb.problem.reduction.

        `input_names` are for errors (the numbers from 1 when left out). The strongest sandbox that holds is
        used; one below `require_level` (L3 to L1) is refused at start, unless `allow_unsafe`. `layers`
        leaves some of lockdown.LAYERS out, to see what the others are worth.
        """
        self._specification = specification
        self._names = list(input_names) if input_names is not None else _ordinals(len(inputs))
        self._reduce = reduce
        self._limits = limits
        self._require_level = require_level
        self._allow_unsafe = allow_unsafe
        setup = Setup(
            specification=specification.text,
            evolve=specification.evolve.name,
            run=specification.run,
            inputs=inputs,
            limits=limits,
            layers=layers,
        )
        self._zygotes = [Zygote(setup) for _ in range(processes)]
        self._idle: asyncio.Queue[Zygote | None] = asyncio.Queue()
        self._closed = False
        self.restarts = 0
        """How often a process was restarted because it had died or fallen silent."""

    async def start(self) -> None:
        """Start the processes and check what sandbox holds in them.

        Raises UsageError when the specification's imports fail, FsdbError when the sandbox is too weak or
        no process can be started.
        """
        try:
            async with asyncio.TaskGroup() as group:
                for zygote in self._zygotes:
                    group.create_task(self._start(zygote))
        except BaseException as error:
            await self.close()
            if isinstance(error, BaseExceptionGroup):
                raise error.exceptions[0] from None
            raise
        for zygote in self._zygotes:
            self._idle.put_nowait(zygote)

    async def _start(self, zygote: Zygote) -> None:
        """Start one process; raises FsdbError when it cannot be or its sandbox is too weak."""
        try:
            await zygote.start()
        except ZygoteLost as lost:
            raise FsdbError(f"A process for evaluations does not get ready: {lost}.") from None
        require(zygote.layers, zygote.failures, self._require_level, self._allow_unsafe)

    async def __aenter__(self) -> Evaluator:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @property
    def level(self) -> str:
        """The sandbox level in force (L3 to L0), once started."""
        return level_of(self.layers)

    @property
    def layers(self) -> frozenset[str]:
        """The layers in force, once started; see lockdown.LAYERS."""
        return frozenset.intersection(*(zygote.layers for zygote in self._zygotes))

    async def evaluate(self, source: str) -> Evaluation:
        """Return the evaluation of a program, the evolved function's whole text at column 0.

        Never raises for what a program does. When cancelled, the evaluation is killed. Raises FsdbError once
        the evaluator is closed.
        """
        refusal = _refuse_unseen(source)
        if refusal is not None:
            return not_run("syntax_error", refusal, len(self._names))
        zygote = await self._idle.get()
        if zygote is None or self._closed:
            self._idle.put_nowait(None)
            raise FsdbError("The evaluator is closed.")
        try:
            return await self._evaluate(zygote, source)
        finally:
            self._idle.put_nowait(zygote)

    async def _evaluate(self, zygote: Zygote, source: str) -> Evaluation:
        """Evaluate in this process; if that is lost, once more in a new one."""
        module, lines = self._specification.render_with_lines(source)
        reason = ""
        for _ in range(_ATTEMPTS):
            try:
                if not zygote.running:
                    self.restarts += 1
                    await self._start(zygote)
                reply, report, output = await zygote.evaluate(module, source, lines.start)
            except (ZygoteLost, FsdbError) as lost:
                reason = str(lost)
            else:
                outcome = judge(reply, report, output, self._names, self._limits)
                return reduced(outcome, self._reduce, level_of(zygote.layers))
            if self._closed:
                raise FsdbError("The evaluator is closed.")
        return not_run("sandbox_error", f"the process for evaluations was lost: {reason}", len(self._names))

    async def close(self) -> None:
        """End all processes, evaluations under way with them. May be called more than once."""
        self._closed = True
        self._idle.put_nowait(None)
        for zygote in self._zygotes:
            await zygote.stop()


def _refuse_unseen(source: str) -> str | None:
    """Return why a program is not even shown to the compiler, None where it may be."""
    try:
        size = len(source.encode())
    except UnicodeEncodeError:
        return "the source has a lone surrogate, which is no character"
    if size > MAX_SOURCE_BYTES:
        return f"the source is {size} bytes long; at most {MAX_SOURCE_BYTES} are allowed"
    if "\0" in source:
        return "the source has a NUL byte"
    return None


def _ordinals(count: int) -> list[str]:
    """Return names for inputs that have none: "1 of 3", "2 of 3", "3 of 3"."""
    return [f"{number} of {count}" for number in range(1, count + 1)]
