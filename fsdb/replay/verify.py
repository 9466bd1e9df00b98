"""Whether a log is what it should be: its files, the state folded from it, its draws, its audits.

Nothing is changed. What is checked is said in schema/PROTOCOL.md and in queries/audits.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow.compute as pc

from fsdb import queries
from fsdb.errors import FsdbError, LogError
from fsdb.log import read_events, scan
from fsdb.replay.exact import Difference, Exact, replay_exactly
from fsdb.replay.history import History
from fsdb.replay.redraw import Progress
from fsdb.report.runs import RunLog, open_run
from fsdb.state import database
from fsdb.state.projection import Projection, differences

SHOWN = 5
"""How many problems of a check are told one by one."""

_FOLDED = 10_000
"""Events that are folded at a time."""


@dataclass(frozen=True)
class Check:
    """One thing that was checked: what it came to in a sentence, its first problems, and the cure."""

    name: str
    passed: bool
    summary: str
    problems: tuple[str, ...] = ()
    cure: str = ""


def verify(run_dir: Path, progress: Progress = lambda done, total: None) -> Iterator[Check]:
    """Yield the checks of a run's log, each once it is done; `progress` is told of the long one.

    Of a damaged log what stands before the damage is checked all the same. Raises LogError where the
    directory is no run's, or the log is of a newer version.
    """
    yield _check_files(run_dir)
    try:
        log = open_run(run_dir, unbroken=True)
    except LogError as error:
        yield Check("state", False, "nothing of the log can be read from its beginning on", (error.message,))
        return
    with log:
        yield from _check_state(log, progress)
        for name in queries.names("audits"):
            yield _audit(log, name)


def _check_files(run_dir: Path) -> Check:
    state = scan(run_dir, check=True)
    count = f"{len(state.files):,} {_plural(len(state.files), 'file')} with {state.events:,} events"
    if state.whole:
        return Check("files", True, f"{count}, numbered without a gap, every checksum right")
    return Check(
        "files",
        False,
        f"{count} can be read, {len(state.damages)} {_plural(len(state.damages), 'thing')} wrong",
        _first([str(damage) for damage in state.damages]),
        state.damages[0].cure,
    )


def _check_state(log: RunLog, progress: Progress) -> Iterator[Check]:
    try:
        yield _compared(
            "state",
            f"folded to event {log.last_seq:,}, and every projection is equal to its view",
            "projections differ from their views",
            _fold(log),
            "The events are the truth: please report this, with the log, as an error of fsdb.",
        )
        with History(log) as history:
            exact = replay_exactly(history, progress)
    except FsdbError as error:
        yield Check("state", False, "the log cannot be folded", (error.message,), error.cure)
        return
    yield _exact(
        "draws",
        f"{exact.draws:,} draws made again, as of {exact.states:,} states, each the same"
        + (f"; {exact.random_draws:,} of random programs have nothing to draw" if exact.random_draws else ""),
        "things in draws are not what they are when made again",
        exact,
        exact.draw_differences,
        "Either the log was changed, or its policy uses what is not in it, such as random().",
    )
    yield _exact(
        "resets",
        f"{exact.resets:,} {_plural(exact.resets, 'reset')} decided again, each the same, none left out",
        "things in resets are not what they are when decided again",
        exact,
        exact.reset_differences,
        "Either the log was changed, or its reset policy uses what is not in it, such as random().",
    )
    yield _exact(
        "programs",
        f"{exact.programs:,} {_plural(exact.programs, 'program')} admitted again, and every score reduced "
        "again, each the same",
        "things in programs are not what they are when decided again",
        exact,
        exact.program_differences,
        "The log was changed, or written by a program with an error.",
    )


def _fold(log: RunLog) -> list[str]:
    """Fold the log, as the search does commit by commit; return where that is not what the views say."""
    state: Projection | None = None
    for table in read_events(log.path):
        wanted = table.filter(pc.less_equal(table["seq"], log.last_seq))
        for start in range(0, wanted.num_rows, _FOLDED):
            piece = wanted.slice(start, _FOLDED).combine_chunks()
            if state is None:
                state = Projection(database.connect_table(piece))
            else:
                state.fold(piece)
    assert state is not None
    projected = state.con
    try:
        return log.read(lambda viewed: differences(projected, viewed))
    finally:
        projected.close()


def _exact(
    name: str, summary: str, trouble: str, exact: Exact, differences: list[Difference], cure: str
) -> Check:
    """Return the check of a part of an exact replay; roundings in a log from elsewhere are no failure."""
    faults = exact.faults(differences)
    if differences and not faults:
        count = len(differences)
        summary += (
            f", but for the last bits of {count:,} {_plural(count, 'number')}: {exact.elsewhere} wrote it"
        )
    return _compared(name, summary, trouble, [str(fault) for fault in faults], cure)


def _compared(name: str, summary: str, trouble: str, differences: list[str], cure: str) -> Check:
    if not differences:
        return Check(name, True, summary)
    return Check(name, False, f"{len(differences):,} {trouble}", _first(differences), cure)


def _audit(log: RunLog, name: str) -> Check:
    """Run an audit: a query that returns no row where all is well."""
    sql = queries.text(f"audits/{name}.sql")
    rows = log.rows(sql)
    label = name.replace("_", " ")
    if not rows:
        return Check(label, True, audit_promise(sql))
    told = [", ".join(f"{column} {value}" for column, value in row.items()) for row in rows[:SHOWN]]
    return Check(
        label,
        False,
        f"{len(rows):,} {_plural(len(rows), 'row')} where it should be true that {audit_promise(sql)}",
        _first(told, len(rows)),
        "The log was changed, or written by a program with an error; the events named show where.",
    )


def audit_promise(sql: str) -> str:
    """Return what an audit makes sure of: the first line of its file, as part of a sentence."""
    first = sql.splitlines()[0].removeprefix("--").strip().rstrip(".")
    return first[0].lower() + first[1:]


def _first(problems: list[str], total: int | None = None) -> tuple[str, ...]:
    """Return the first problems, and how many more there are."""
    more = (len(problems) if total is None else total) - SHOWN
    return (*problems[:SHOWN], *([f"and {more:,} more"] if more > 0 else []))


def _plural(count: int, noun: str) -> str:
    return noun if count == 1 else f"{noun}s"
