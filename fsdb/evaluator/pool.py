"""Evaluates programs: any number at once, each in forks of a few prepared processes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath
from typing import Any

from fsdb.errors import FsdbError
from fsdb.evaluator.evaluation import Evaluation, Limits, not_run, reduced
from fsdb.evaluator.modes import CALL_BY_CALL, IN_PROCESS, Lane, agree, default_mode, joined, make_lane
from fsdb.problem.concealment import conceal
from fsdb.problem.specification import DataFile, Specification
from fsdb.sandbox.levels import DEFAULT_LEVEL, level_of, require
from fsdb.sandbox.lockdown import LAYERS
from fsdb.sandbox.messages import MAX_SOURCE_BYTES
from fsdb.sandbox.supervisor import Setup, Zygote, ZygoteLost
from fsdb.sandbox.verdict import Outcome

_ATTEMPTS = 2
# Calls between processes take time of their own, which is not the program's fault.
_SECOND_SCORING_PATIENCE = 4.0


class Evaluator:
    """Scores programs of one problem, `processes` of them at a time, in sandboxed processes.

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
        scoring: str | None = None,
        isolate_inputs: bool = False,
        data: Mapping[str, DataFile] | None = None,
        require_level: str = DEFAULT_LEVEL,
        allow_unsafe: bool = False,
        layers: Collection[str] = LAYERS,
        on_loss: Callable[[str], None] = lambda reason: None,
    ) -> None:
        """`inputs` are JSON values in input order, `reduce` as in fsdb.problem.reduction.

        `input_names` are for errors (the numbers from 1 when left out). `scoring` is one of
        fsdb.evaluator.modes.MODES (the specification's own when left out); `isolate_inputs` and `data` are as
        in fsdb.problem.specification.Problem. The strongest sandbox that holds is used; one below
        `require_level` (L3 to L1) is refused at start, unless `allow_unsafe`. `layers` leaves some of
        lockdown.LAYERS out, to see what the others are worth. `on_loss` is told once, when first a process
        is lost, how it ended. Raises UsageError where the specification does not have what the mode needs.
        """
        self._specification = conceal(specification)
        self._names = list(input_names) if input_names is not None else _ordinals(len(inputs))
        self._reduce = reduce
        self._isolate_inputs = isolate_inputs
        self._require_level = require_level
        self._allow_unsafe = allow_unsafe
        self._on_loss = on_loss
        self._setup = Setup(
            specification=self._specification.text,
            evolve=specification.evolve.name,
            run=specification.run,
            verify=specification.verify,
            inputs=inputs,
            limits=limits,
            layers=layers,
            data={name: (PurePath(file.path).suffix, file.content) for name, file in (data or {}).items()},
        )
        self.scoring = default_mode(specification) if scoring is None else scoring
        """How programs are scored, one of fsdb.evaluator.modes.MODES."""
        self._lanes = [self._lane(self.scoring) for _ in range(processes)]
        self._second = self._lane(CALL_BY_CALL, _SECOND_SCORING_PATIENCE)
        self._second_is_free = asyncio.Lock()
        self._idle: asyncio.Queue[Lane | None] = asyncio.Queue()
        self._closed = False
        self._losses = 0
        self.restarts = 0
        """How often a process was restarted because it had died or fallen silent."""

    def _lane(self, mode: str, patience: float = 1.0) -> Lane:
        """Return a new lane, with `patience` times the time limit."""
        limits = self._setup.limits
        limits = replace(limits, timeout_seconds=limits.timeout_seconds * patience)
        return make_lane(mode, self._specification, replace(self._setup, limits=limits), self._names)

    async def start(self) -> None:
        """Start the processes and check what sandbox holds in them.

        Raises UsageError when the specification's imports fail or its data files cannot be parsed, FsdbError
        when the sandbox is too weak or no process can be started.
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
        for lane in self._lanes:
            self._idle.put_nowait(lane)

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
    def _zygotes(self) -> list[Zygote]:
        """The processes that are started with the evaluator."""
        return [zygote for lane in self._lanes for zygote in lane.zygotes]

    @property
    def level(self) -> str:
        """The sandbox level in force (L3 to L0), once started."""
        return level_of(self.layers)

    @property
    def layers(self) -> frozenset[str]:
        """The layers in force, once started; see lockdown.LAYERS."""
        return _common_layers(self._zygotes)

    async def evaluate(self, source: str) -> Evaluation:
        """Return the evaluation of a program, the evolved function's whole text at column 0.

        Never raises for what a program does. When cancelled, the evaluation is killed. Raises FsdbError once
        the evaluator is closed.
        """
        refusal = refuse_unseen(source)
        if refusal is not None:
            return not_run("syntax_error", refusal, len(self._names))
        lane = await self._idle.get()
        if lane is None or self._closed:
            self._idle.put_nowait(None)
            raise FsdbError("The evaluator is closed.")
        try:
            return await self._evaluate(lane, self.scoring, source)
        finally:
            self._idle.put_nowait(lane)

    async def confirm(self, source: str, evaluation: Evaluation) -> Evaluation:
        """Return an evaluation that is ok after a second scoring of the program, out of the program's reach.

        One that was not scored in-process is returned as it is. Another score, or none, makes the status
        `forged`. The processes for it are started when they are first needed; raises as `start` does.
        """
        if evaluation.status != "ok" or self.scoring != IN_PROCESS:
            return evaluation
        async with self._second_is_free:
            for zygote in self._second.zygotes:
                if not zygote.running:
                    await self._start(zygote)
            second = await self._evaluate(self._second, CALL_BY_CALL, source)
        if second.status == "sandbox_error":
            return replace(evaluation, status="sandbox_error", score=None, error=second.error)
        if second.status == "ok" and agree(evaluation.scores, second.scores):
            return replace(evaluation, second_score=second.score)
        return replace(
            evaluation,
            status="forged",
            score=None,
            error=_describe_forgery(evaluation, second),
            second_score=second.score,
        )

    async def _evaluate(self, lane: Lane, mode: str, source: str) -> Evaluation:
        """Evaluate in this lane; if a process of it is lost, once more with a new one."""
        reason = ""
        for _ in range(_ATTEMPTS):
            try:
                for zygote in lane.zygotes:
                    if not zygote.running:
                        self.restarts += 1
                        await self._start(zygote)
                outcome = await self._score(lane, source)
            except (ZygoteLost, FsdbError) as lost:
                reason = str(lost)
                if not self._losses and not self._closed:
                    self._on_loss(reason)
                self._losses += 1
            else:
                return reduced(outcome, self._reduce, level_of(_common_layers(lane.zygotes)), mode)
            if self._closed:
                raise FsdbError("The evaluator is closed.")
        return not_run("sandbox_error", f"the process for evaluations was lost: {reason}", len(self._names))

    async def _score(self, lane: Lane, source: str) -> Outcome:
        """Have all inputs scored, together or one after another until one fails; raises ZygoteLost."""
        inputs = range(len(self._names))
        if not self._isolate_inputs:
            return await lane.evaluate(source, inputs)
        outcomes = []
        for number in inputs:
            outcomes.append(await lane.evaluate(source, [number]))
            if outcomes[-1].status != "ok":
                break
        return joined(outcomes, len(inputs))

    async def close(self) -> None:
        """End all processes, evaluations under way with them. May be called more than once."""
        self._closed = True
        self._idle.put_nowait(None)
        for zygote in [*self._zygotes, *self._second.zygotes]:
            await zygote.stop()


def _common_layers(zygotes: Sequence[Zygote]) -> frozenset[str]:
    return frozenset.intersection(*(zygote.layers for zygote in zygotes))


def _describe_forgery(evaluation: Evaluation, second: Evaluation) -> str:
    again = f"{second.score!r}" if second.status == "ok" else f"{second.status} ({second.error})"
    return (
        f"scored {evaluation.score!r} in the specification's process, and {again} when only its calls could"
        " reach the specification: it changed more than what it returns, or the score depends on chance, on"
        " the clock or on arguments that it changed"
    )


def refuse_unseen(source: str) -> str | None:
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
