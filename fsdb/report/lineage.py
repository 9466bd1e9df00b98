"""What a program descends from: every ancestor, and the line of its best parents back to the beginning."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from fsdb import queries
from fsdb.report.programs import resolve
from fsdb.report.runs import RunLog


@dataclass(frozen=True)
class Ancestor:
    """A program of a lineage.

    `parents` are in prompt order, the best one last; a program that was shown twice stands there once. Those
    that the log has lost, and those beyond the depth asked for, are left out. `steps` is how many steps away
    the program is at least.
    """

    program_id: int
    steps: int
    seq: int
    sampler: str
    island_id: int
    epoch: int
    status: str
    score: float | None
    source: str | None
    parents: tuple[int, ...]

    @property
    def best_parent(self) -> int | None:
        """The parent that was shown last, which is the best one."""
        return self.parents[-1] if self.parents else None


@dataclass(frozen=True)
class Lineage:
    """A program and its ancestors by id; `line` leads from it through the best parents to where it began."""

    run: str
    program_id: int
    programs: dict[int, Ancestor]
    line: tuple[int, ...]

    def gain(self, program_id: int) -> float | None:
        """Return by how much a program scores more than its best parent; None unless both have a score."""
        program = self.programs[program_id]
        parent = self.programs.get(-1 if program.best_parent is None else program.best_parent)
        if parent is None or program.score is None or parent.score is None:
            return None
        return program.score - parent.score


def lineage(log: RunLog, which: str, *, only_line: bool = False, depth: int | None = None) -> Lineage:
    """Return what a program (a number, `best` or `seed`) descends from, at most `depth` steps back.

    With `only_line`, of each program's parents only the best one. UsageError where there is no such program.
    """
    program_id = resolve(log, which)
    found = {
        row["program_id"]: row
        for row in log.rows(queries.text("report/ancestry.sql"), {"program_id": program_id})
    }
    parents = {
        own: tuple(p for p in _last_mention(row["parents"]) if p in found and p < own)
        for own, row in found.items()
    }
    if only_line:
        parents = {own: shown[-1:] for own, shown in parents.items()}
    steps = _steps(program_id, parents, depth)
    programs = {
        own: Ancestor(
            parents=tuple(parent for parent in parents[own] if parent in steps),
            steps=away,
            **{name: found[own][name] for name in _FROM_ROW},
        )
        for own, away in steps.items()
    }
    line = [program_id]
    while (parent := programs[line[-1]].best_parent) is not None and len(line) - 1 != depth:
        line.append(parent)
    return Lineage(log.name, program_id, programs, tuple(line))


_FROM_ROW = ("program_id", "seq", "sampler", "island_id", "epoch", "status", "score", "source")


def _last_mention(parents: list[int]) -> list[int]:
    """Return parents in order, each once, where it was shown last."""
    return list(dict.fromkeys(reversed(parents)))[::-1]


def _steps(program_id: int, parents: dict[int, tuple[int, ...]], depth: int | None) -> dict[int, int]:
    """Return the least number of steps to each ancestor, the nearest first."""
    steps = {program_id: 0}
    queue = deque([program_id])
    while queue:
        own = queue.popleft()
        if depth is not None and steps[own] >= depth:
            continue
        for parent in reversed(parents[own]):
            if parent not in steps:
                steps[parent] = steps[own] + 1
                queue.append(parent)
    return steps
