"""Exact replay event by event, for logs of which one policy did not make every draw.

A fork's log goes on under other policies than it began with, and of an exploring run several components make
the draws. Such a log is folded as the running search does it; at each event as of which something was drawn
the same queries are asked the same question. What was chosen must be the same; probabilities too, but for
rounding.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from fsdb.errors import FsdbError
from fsdb.log import read_events
from fsdb.report.runs import RunLog
from fsdb.state import database
from fsdb.state.draws import decide_reset, draw_batch
from fsdb.state.eras import Era, era_of, eras
from fsdb.state.keys import NOISE_SCHEME
from fsdb.state.policies import Policy, install_reset, install_selection
from fsdb.state.projection import Projection

Progress = Callable[[int, int], None]
"""Told the events gone through so far and those that there are."""

ROUNDING = 1e-9
"""Two numbers that differ by no more than this share of them are the same but for rounding."""

_EVER = 1e9
"""Hours after which every reset by the clock is due."""


@dataclass
class Remade:
    """What came of making all again. Differences are told in words, the first ones first.

    `draws` and `resets` were made again, and in `rounded` of them a number is the same but for rounding;
    `random_draws` have nothing drawn in them; `states` counts the events as of which the state was asked.
    """

    draws: int = 0
    random_draws: int = 0
    resets: int = 0
    states: int = 0
    rounded: int = 0
    draw_differences: list[str] = field(default_factory=list)
    reset_differences: list[str] = field(default_factory=list)


def remake(log: RunLog, progress: Progress = lambda done, total: None) -> Remade:
    """Fold the whole log, make each draw and reset again where it was made, and compare; change nothing."""
    found = eras(log.started(), log.rows("from run_forked order by seq"))
    era: Era | None = None
    remade = Remade()
    state: Projection | None = None
    for as_of, events in _between(log, _asked_as_of(log)):
        if state is None:
            state = Projection(database.connect_table(events))
        else:
            remade.states += 1
            now = era_of(found, as_of + 1)
            if now is not era:
                era = now
                install_selection(state.con, era.policy)
                install_reset(state.con, era.reset_policy)
            _draws_again(state, era.policy, era.reset_policy, as_of, events, remade)
            _resets_again(state, era.reset_policy, as_of, events, remade)
            state.fold(events)
        progress(as_of + events.num_rows + 1, log.last_seq + 1)
    assert state is not None
    state.con.close()
    return remade


def _asked_as_of(log: RunLog) -> list[int]:
    """Return the events as of which something was drawn or reset, in order."""
    rows = log.rows(
        "select as_of from prompt_drawn where as_of < seq "
        "union select as_of from island_reset where as_of < seq order by as_of"
    )
    return [row["as_of"] for row in rows]


def _between(log: RunLog, cuts: Sequence[int]) -> Iterator[tuple[int, pa.Table]]:
    """Yield the log's events in order, cut after each of `cuts`, each piece with the seq before its first."""
    ends = iter([cut for cut in cuts if cut < log.last_seq] + [log.last_seq])
    end = next(ends)
    as_of, pieces = -1, []
    for table in read_events(log.path):
        first = table["seq"][0].as_py()
        while table.num_rows and first <= end:
            piece = table.slice(0, end - first + 1)
            pieces.append(piece)
            table, first = table.slice(piece.num_rows), first + piece.num_rows
            if first <= end:
                continue
            yield as_of, pa.concat_tables(pieces).combine_chunks()
            as_of, pieces = end, []
            if end == log.last_seq:
                return
            end = next(ends)


def _draws_again(
    state: Projection, policy: Policy, reset_policy: Policy, as_of: int, events: pa.Table, remade: Remade
) -> None:
    """Make the draws among `events` again from the state, which is as of `as_of`."""
    drawn = _of_type(events, "prompt_drawn")
    if not drawn:
        return
    remade.random_draws += sum(each["kind"] == "random" for each in drawn)
    _forgotten_reset(state, reset_policy, as_of, drawn[0], remade)
    found = remade.draw_differences
    logged = []
    for each in drawn:
        if each["as_of"] != as_of:
            found.append(
                f"{_draw_name(each)}: was drawn as of event {each['as_of']}, "
                f"which is not where the log then ended ({as_of})"
            )
        elif each["kind"] == "parents" and _same_question(each, policy, _draw_name(each), found):
            logged.append(each)
    seeds = {each["seed"] for each in logged}
    for seed in sorted(seeds):
        asked = [each for each in logged if each["seed"] == seed]
        remade.draws += len(asked)
        try:
            again = draw_batch(state.con, policy, seed, [each["draw_id"] for each in asked])
        except FsdbError as error:
            found.append(f"{_draw_name(asked[0])}: cannot be made again: {error}")
            continue
        by_id = {draw.draw_id: draw.event() for draw in again}
        for each in asked:
            _compare(each, by_id[each["draw_id"]], _draw_name(each), found, remade)


def _resets_again(state: Projection, policy: Policy, as_of: int, events: pa.Table, remade: Remade) -> None:
    """Decide the resets among `events` again from the state, which is as of `as_of`."""
    found = remade.reset_differences
    for each in _of_type(events, "island_reset"):
        name = f"reset {each['reset_id']} (event {each['seq']})"
        if each["as_of"] != as_of:
            found.append(f"{name}: was decided as of event {each['as_of']}, and not as of {as_of}")
            continue
        if not _same_question(each, policy, name, found):
            continue
        remade.resets += 1
        again = None
        for hours in (0.0, _EVER):  # whether the clock called for it is not in the log
            again = again or _decided(state, policy, each["seed"], each["reset_id"], as_of, hours)
        if again is None:
            found.append(f"{name}: none was due as of event {as_of}")
        else:
            _compare(each, again, name, found, remade)


def _forgotten_reset(
    state: Projection, policy: Policy, as_of: int, drawn: Mapping[str, Any], remade: Remade
) -> None:
    """Notice a reset that was due, whatever the clock said, when prompts were drawn instead."""
    reset_id = state.con.execute("select resets from progress").fetchall()[0][0]
    if all(_decided(state, policy, drawn["seed"], reset_id, as_of, hours) for hours in (0.0, _EVER)):
        remade.reset_differences.append(
            f"reset {reset_id}: was due as of event {as_of}, and {_draw_name(drawn)} was made without it"
        )


def _decided(
    state: Projection, policy: Policy, seed: int, reset_id: int, as_of: int, hours: float
) -> dict[str, Any] | None:
    state.con.execute(f"set variable hours_since_reset = {hours!r}::double")
    return decide_reset(state.con, policy, seed, reset_id, as_of)


def _same_question(logged: Mapping[str, Any], policy: Policy, name: str, found: list[str]) -> bool:
    """Return whether an event was drawn by the run's policy with this noise; else say so."""
    if logged["noise_scheme"] != NOISE_SCHEME:
        found.append(
            f"{name}: was drawn with the noise {logged['noise_scheme']}, which this fsdb does not know"
        )
        return False
    if (logged["policy"], json.loads(logged["policy_params"])) != (policy.name, policy.params):
        found.append(
            f"{name}: was drawn by {logged['policy']} with {logged['policy_params']}; "
            f"the run's policy is {policy.name} with {json.dumps(policy.params, sort_keys=True)}"
        )
        return False
    if (logged.get("explore") or 0.0) != policy.explore:
        found.append(f"{name}: was drawn exploring {logged['explore']}; the run explores {policy.explore}")
        return False
    return True


def _compare(
    logged: Mapping[str, Any], again: Mapping[str, Any], name: str, found: list[str], remade: Remade
) -> None:
    """Say where what was made again is not what was logged."""
    logged = {column: logged[column] for column in again}
    different = list(_differences(logged, again, ""))
    found += [
        f"{name}: {where} was logged as {one}, and made again is {other}" for where, one, other in different
    ]
    remade.rounded += not different and logged != again


def _differences(logged: Any, again: Any, where: str) -> Iterator[tuple[str, Any, Any]]:
    """Yield where two values differ by more than rounding, and what each has there."""
    if isinstance(logged, Mapping) and isinstance(again, Mapping) and logged.keys() == again.keys():
        for key in logged:
            yield from _differences(logged[key], again[key], f"{where}.{key}" if where else str(key))
    elif isinstance(logged, list) and isinstance(again, list) and len(logged) == len(again):
        for place, (one, other) in enumerate(zip(logged, again, strict=True)):
            yield from _differences(one, other, f"{where}[{place}]")
    elif isinstance(logged, float) and isinstance(again, float):
        if not math.isclose(logged, again, rel_tol=ROUNDING):
            yield where, logged, again
    elif logged != again:
        yield where, logged, again


def _of_type(events: pa.Table, type_: str) -> list[dict[str, Any]]:
    """Return the fields of the events of one type, with their seq."""
    chosen = events.filter(pc.equal(events["type"], type_))
    return [
        {"seq": seq, **fields}
        for seq, fields in zip(chosen["seq"].to_pylist(), chosen[type_].to_pylist(), strict=True)
    ]


def _draw_name(logged: Mapping[str, Any]) -> str:
    return f"draw {logged['draw_id']} (event {logged['seq']})"
