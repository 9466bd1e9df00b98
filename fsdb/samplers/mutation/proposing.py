"""From parents to a new program: which operators, how often tried, and what is refused."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from fsdb.samplers.mutation import crossover as cr
from fsdb.samplers.mutation import expression_operators as eo
from fsdb.samplers.mutation import statement_operators as so
from fsdb.samplers.mutation.chance import Wheel
from fsdb.samplers.mutation.draft import Draft, Program
from fsdb.samplers.mutation.fresh import fresh
from fsdb.samplers.mutation.limits import DEEPEST, MOST_LINES, MOST_LOOPS, MOST_NODES
from fsdb.samplers.mutation.material import Material
from fsdb.samplers.mutation.scope import settle
from fsdb.samplers.mutation.simplifying import tidied
from fsdb.samplers.mutation.statements import Block

Operator = Callable[[Draft], Block | None]

OPERATORS: dict[str, tuple[float, Operator]] = {
    "constant": (6, eo.constant),
    "terminal": (2, eo.terminal),
    "swap": (3, eo.swap),
    "subtree": (4, eo.subtree),
    "wrap": (4, eo.wrap),
    "hoist": (1.5, eo.hoist),
    "replicate": (1, eo.replicate),
    "guard": (3, eo.guard),
    "insert": (4, so.insert),
    "delete": (1.5, so.delete),
    "duplicate": (1, so.duplicate),
    "local": (1, so.local),
    "repeat": (1, so.repeat),
    "branch": (1, so.branch),
    "crossover": (5, cr.crossover),
}
"""Every operator by its name in the log, with its weight."""

STEPS = Wheel([(65, 1), (25, 2), (10, 3)])
TRIES = 12
SPINS = 4
SOFT = 0
FRESH = 0.0


@dataclass(frozen=True)
class Proposal:
    """A new body and the operators that made it, in order."""

    program: Program
    operators: tuple[str, ...]


_WITH_MATE = Wheel([(weight, name) for name, (weight, _) in OPERATORS.items()])
_ALONE = Wheel([(weight, name) for name, (weight, _) in OPERATORS.items() if name != "crossover"])


def propose(rng: random.Random, material: Material, parents: Sequence[Program]) -> Proposal | None:
    """Return a program made from `parents` (the best last), or a fresh one where there are none.

    None where nothing was found that is in order, within bounds and not one of the parents.
    """
    known = [parent.text for parent in parents]
    for _ in range(TRIES):
        proposal = _evolved(rng, material, parents) if parents else _random(rng, material)
        if proposal is None or proposal.program.text in known or not _is_bounded(proposal.program, parents):
            continue
        if (
            SOFT
            and parents
            and proposal.program.size > max(SOFT, parents[-1].size)
            and rng.random() > SOFT / proposal.program.size
        ):
            continue
        return proposal
    return None


def _random(rng: random.Random, material: Material) -> Proposal | None:
    block = fresh(rng, material)
    if block is not None:
        finished = _finished(block, material)
        return None if finished is None else Proposal(Program(finished), ("random",))
    if not material.seed:
        return None
    program = Program(material.seed)
    proposal = _changed(rng, material, program, (), rng.randint(2, 6))
    return None if proposal is None else Proposal(proposal.program, ("random", *proposal.operators))


def _evolved(rng: random.Random, material: Material, parents: Sequence[Program]) -> Proposal | None:
    if rng.random() < FRESH:
        return _random(rng, material)
    place = len(parents) - 1
    while place > 0 and rng.random() < 0.3:
        place -= 1
    mates = [parent for number, parent in enumerate(parents) if number != place]
    return _changed(rng, material, parents[place], mates, STEPS.spin(rng))


def _changed(
    rng: random.Random, material: Material, program: Program, mates: Sequence[Program], steps: int
) -> Proposal | None:
    operators: list[str] = []
    for _ in range(steps):
        for _ in range(SPINS):
            name = (_WITH_MATE if mates else _ALONE).spin(rng)
            block = OPERATORS[name][1](Draft(rng, material, program, mates))
            finished = _finished(block, material) if block is not None else None
            if finished is not None and finished is not program.block:
                program = Program(finished)
                operators.append(name)
                break
    return Proposal(program, tuple(operators)) if operators else None


def _finished(block: Block, material: Material) -> Block | None:
    """Return a body that is in order and simplified, None where it cannot be."""
    settled = settle(block, material.language)
    if settled is None:
        return None
    tidy = tidied(settled)
    return settle(tidy, material.language) if tidy is not settled else settled


def _is_bounded(program: Program, parents: Sequence[Program]) -> bool:
    """Whether a program is no larger than allowed, or than a parent that was larger already."""
    return (
        program.size <= max([MOST_NODES, *(parent.size for parent in parents)])
        and program.lines <= max([MOST_LINES, *(parent.lines for parent in parents)])
        and program.depth <= max([DEEPEST, *(parent.depth for parent in parents)])
        and program.loops <= max([MOST_LOOPS, *(parent.loops for parent in parents)])
    )
