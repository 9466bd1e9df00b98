"""The three ways to score a program, told apart by what shares a process with it.

*In-process*: the specification; fast, and a program can forge its score. *Call-by-call*: nothing; the
specification runs in a process of its own, the referee, and each call of the evolved function goes to the
player, which holds the program and no input. *Artefact*: the specification builds something with the program,
and another process scores what was built.
"""

from __future__ import annotations

import asyncio
import math
import socket
from collections.abc import Coroutine, Sequence
from dataclasses import replace
from typing import Any, Protocol

from fsdb.errors import UsageError
from fsdb.evaluator.evaluation import SCRIPT
from fsdb.problem.specification import Specification
from fsdb.sandbox.child import calling_program
from fsdb.sandbox.messages import Part
from fsdb.sandbox.supervisor import Request, Setup, Zygote
from fsdb.sandbox.verdict import Outcome, judge

IN_PROCESS, CALL_BY_CALL, ARTEFACT = MODES = ("in-process", "call-by-call", "artefact")
"""The modes, by the names that logs and options have for them."""


class Lane(Protocol):
    """What evaluates one program at a time."""

    zygotes: tuple[Zygote, ...]
    """Its processes, each to be started before anything is evaluated."""

    async def evaluate(self, source: str, inputs: Sequence[int]) -> Outcome:
        """Return how the program does on the inputs of these numbers; raises ZygoteLost."""


def default_mode(specification: Specification) -> str:
    """Return the mode that a specification is meant for."""
    if specification.blocks:
        return SCRIPT
    return IN_PROCESS if specification.verify is None else ARTEFACT


def make_lane(mode: str, specification: Specification, setup: Setup, names: Sequence[str]) -> Lane:
    """Return a lane for a mode of MODES; `names` are those of the inputs, for errors.

    Raises UsageError where the specification does not have what the mode needs.
    """
    if mode == ARTEFACT and specification.verify is None:
        raise UsageError(
            f"The specification {specification.name} has no function marked with `@funsearch.verify`.",
            cure="Let the run function return what it builds, and write `def verify(input, built)` that"
            " scores it; or choose another --scoring.",
        )
    return _LANES[mode](specification, setup, names)


class _InProcess:
    def __init__(self, specification: Specification, setup: Setup, names: Sequence[str]) -> None:
        self._specification, self._setup, self._names = specification, setup, names
        self._zygote = Zygote(setup)
        self.zygotes: tuple[Zygote, ...] = (self._zygote,)

    async def evaluate(self, source: str, inputs: Sequence[int]) -> Outcome:
        request = _request(Part.WHOLE, self._specification, source, inputs)
        return await _judged(self._zygote, self._setup, request, [self._names[i] for i in inputs])


class _CallByCall:
    def __init__(self, specification: Specification, setup: Setup, names: Sequence[str]) -> None:
        self._specification, self._setup, self._names = specification, setup, names
        self._referee, self._player = Zygote(setup), Zygote(replace(setup, inputs=()))
        self.zygotes: tuple[Zygote, ...] = (self._referee, self._player)

    async def evaluate(self, source: str, inputs: Sequence[int]) -> Outcome:
        names = [self._names[i] for i in inputs]
        asking = calling_program(self._specification.evolve.name)
        ends = socket.socketpair()
        played, refereed = await _both(
            _judged(
                self._player, self._setup, _request(Part.PLAYER, self._specification, source, ()), (), ends[0]
            ),
            _judged(
                self._referee,
                self._setup,
                _request(Part.REFEREE, self._specification, asking, inputs),
                names,
                ends[1],
            ),
        )
        return _joint(played, refereed)


class _Artefact:
    def __init__(self, specification: Specification, setup: Setup, names: Sequence[str]) -> None:
        self._specification, self._setup, self._names = specification, setup, names
        self._maker, self._verifier = Zygote(setup), Zygote(setup)
        self.zygotes: tuple[Zygote, ...] = (self._maker, self._verifier)

    async def evaluate(self, source: str, inputs: Sequence[int]) -> Outcome:
        names = [self._names[i] for i in inputs]
        request = _request(Part.MAKER, self._specification, source, inputs)
        made = await _judged(self._maker, self._setup, request, names)
        if made.status != "ok":
            return made
        # Of the specification alone, with the program that it came with.
        seed = self._specification.evolve.source
        request = replace(
            _request(Part.VERIFIER, self._specification, seed, inputs), artefacts=made.artefacts
        )
        verified = await _judged(self._verifier, self._setup, request, names)
        return replace(
            _joint(made, verified),
            # What verify raises, it raises at an artefact that it will not have.
            status="invalid_score" if verified.status == "runtime_error" else verified.status,
        )


_LANES: dict[str, type[_InProcess | _CallByCall | _Artefact]] = {
    IN_PROCESS: _InProcess,
    CALL_BY_CALL: _CallByCall,
    ARTEFACT: _Artefact,
}


def joined(outcomes: Sequence[Outcome], inputs: int) -> Outcome:
    """Return the outcome of a program from those of its inputs, each evaluated alone, in order.

    The last one may have failed and stands for all that were not tried.
    """
    last = outcomes[-1]
    scores = [score for outcome in outcomes for score in outcome.scores]
    return replace(
        last,
        scores=(*scores, *[None] * (inputs - len(scores))),
        output="".join(outcome.output or "" for outcome in outcomes) or None,
        seconds=sum(outcome.seconds or 0.0 for outcome in outcomes),
        cpu_seconds=sum(outcome.cpu_seconds or 0.0 for outcome in outcomes),
    )


def agree(first: Sequence[float | None], second: Sequence[float | None]) -> bool:
    """Return whether scores are the same, but for the last digits: sums may be taken in another order."""
    return len(first) == len(second) and all(
        one is not None and other is not None and math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)
        for one, other in zip(first, second, strict=True)
    )


def _request(part: Part, specification: Specification, source: str, inputs: Sequence[int]) -> Request:
    module, lines = specification.render_with_lines(source)
    return Request(part, module, source, lines.start, inputs)


async def _judged(
    zygote: Zygote,
    setup: Setup,
    request: Request,
    names: Sequence[str],
    calls: socket.socket | None = None,
) -> Outcome:
    reply, report, output = await zygote.evaluate(request, calls)
    return judge(reply, report, output, names, setup.limits, request.part)


async def _both(
    one: Coroutine[Any, Any, Outcome], other: Coroutine[Any, Any, Outcome]
) -> tuple[Outcome, Outcome]:
    """Return what both give; where one of them fails, only once the other has come to its end too."""
    ended = await asyncio.gather(one, other, return_exceptions=True)
    outcomes = []
    for outcome in ended:
        if isinstance(outcome, BaseException):
            raise outcome
        outcomes.append(outcome)
    return outcomes[0], outcomes[1]


def _joint(program: Outcome, specification: Outcome) -> Outcome:
    """Return one outcome of an evaluation's two processes: what went wrong in the program's comes first."""
    decisive = specification if program.status == "ok" else program
    return replace(
        specification,
        status=decisive.status,
        error=decisive.error,
        output=program.output or specification.output,
        seconds=max(program.seconds or 0.0, specification.seconds or 0.0),
        cpu_seconds=(program.cpu_seconds or 0.0) + (specification.cpu_seconds or 0.0),
    )
