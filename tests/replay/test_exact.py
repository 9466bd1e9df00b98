"""A log made again is the same; a change of one bit in a draw, a reset or a score is found and named."""

from __future__ import annotations

import copy
import json
import random
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from fsdb import queries, schema
from fsdb.replay.exact import Exact, replay_exactly
from fsdb.replay.history import History
from fsdb.report.runs import open_run
from tests.cli.conftest import Fsdb

DRAW = ("as_of", "seed", "noise_scheme", "policy", "policy_params", "island_id", "epoch", "island_propensity",
        "temperature")  # fmt: skip
PARENT = ("position", "slot", "program_id", "cluster_id", "cluster_propensity", "program_propensity")
RESET = ("reset_id", "as_of", "seed", "noise_scheme", "policy", "policy_params")
ISLAND = ("island_id", "epoch", "programs", "best_score", "best_program_id", "rank_key", "rank", "reset",
          "founder_program_id", "founder_propensity")  # fmt: skip


class Tampered:
    """A run's history in which events are changed, and put right again."""

    def __init__(self, history: History) -> None:
        self.history = history
        self.logged = {
            type: history.con.sql(f"from {type}").to_arrow_table()
            for type in ("prompt_drawn", "island_reset", "program_evaluated")
        }
        self.rows = {type: table.to_pylist() for type, table in self.logged.items()}

    def exact(self, type: str, changed: list[dict[str, Any]]) -> Exact:
        """Return what an exact replay says with rows in the place of those of the same seq."""
        by_seq = {row["seq"]: row for row in changed}
        rows = [by_seq.get(each["seq"], each) for each in self.rows[type]]
        self._put(type, pa.Table.from_pylist(rows, schema=self.logged[type].schema))
        try:
            return replay_exactly(self.history)
        finally:
            self._put(type, self.logged[type])

    def _put(self, type: str, table: pa.Table) -> None:
        con = self.history.con
        con.register("put", table)
        con.execute(f"create or replace table {type} as from put")
        con.unregister("put")
        con.execute(queries.text("replay/history.sql"))


@pytest.fixture(scope="module")
def tampered(real: Path) -> Iterator[Tampered]:
    with open_run(real) as log, History(log) as history:
        yield Tampered(history)


def flipped(value: Any, bit: int) -> Any:
    """Return a value with one bit turned over."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value ^ (1 << bit % 31)
    if isinstance(value, float):
        (bits,) = struct.unpack("<Q", struct.pack("<d", value))
        return struct.unpack("<d", struct.pack("<Q", bits ^ (1 << bit % 64)))[0]
    place = bit % len(value)
    return value[:place] + chr(ord(value[place]) ^ 1) + value[place + 1 :]


def flip(row: dict[str, Any], field: str, bit: int) -> None:
    """Turn over a bit of a field; where it has no value, give it one."""
    row[field] = 1 if row[field] is None else flipped(row[field], bit)


def test_a_run_is_made_again_bit_by_bit(tampered: Tampered) -> None:
    exact = replay_exactly(tampered.history)
    assert exact.same
    assert exact.differences == []
    assert (exact.draws + exact.random_draws, exact.resets, exact.programs) == tuple(
        len(tampered.rows[type]) for type in ("prompt_drawn", "island_reset", "program_evaluated")
    )


@settings(max_examples=4, deadline=None, phases=[Phase.generate])
@given(st.randoms(use_true_random=False))
def test_one_bit_of_a_draw_is_found_and_named(tampered: Tampered, chance: random.Random) -> None:
    """In every draw one bit is turned over, somewhere; every draw is named, and nothing else."""
    rows = copy.deepcopy([row for row in tampered.rows["prompt_drawn"] if row["kind"] == "parents"])
    for row in rows:
        inside = chance.random() < 0.5
        part = chance.choice(row["parents"]) if inside else row
        flip(part, chance.choice(PARENT if inside else DRAW), chance.randrange(64))
    exact = tampered.exact("prompt_drawn", rows)
    assert {each.what for each in exact.draw_differences} == {f"draw {row['draw_id']}" for row in rows}
    assert {each.seq for each in exact.differences} == {row["seq"] for row in rows}


@settings(max_examples=4, deadline=None, phases=[Phase.generate])
@given(st.randoms(use_true_random=False))
def test_one_bit_of_a_reset_is_found_and_named(tampered: Tampered, chance: random.Random) -> None:
    row = copy.deepcopy(chance.choice(tampered.rows["island_reset"]))
    fallen = [island for island in row["islands"] if island["reset"]]
    inside = chance.random() < 0.7
    part = chance.choice(fallen) if inside else row
    flip(part, chance.choice(ISLAND if inside else RESET), chance.randrange(64))
    exact = tampered.exact("island_reset", [row])
    assert row["seq"] in {difference.seq for difference in exact.differences}


@settings(max_examples=4, deadline=None, phases=[Phase.generate])
@given(st.randoms(use_true_random=False))
def test_one_bit_of_a_score_is_found_and_named(tampered: Tampered, chance: random.Random) -> None:
    scored = [row for row in tampered.rows["program_evaluated"] if row["score"]]
    row = copy.deepcopy(chance.choice(scored))
    bit = chance.randrange(64)
    place = chance.choice(["score", "signature_hash", "source_hash", *range(len(row["scores"]))])
    if isinstance(place, int):
        row["scores"][place] = flipped(row["scores"][place], bit)
    else:
        flip(row, place, bit)
    exact = tampered.exact("program_evaluated", [row])
    assert f"program {row['program_id']}" in {difference.what for difference in exact.program_differences}


@pytest.mark.parametrize("status", ["ok", "duplicate", "stale"])
def test_another_status_is_found_and_named(tampered: Tampered, status: str) -> None:
    row = dict(next(r for r in tampered.rows["program_evaluated"] if r["score"] and r["status"] != status))
    row["status"] = status
    exact = tampered.exact("program_evaluated", [row])
    assert not exact.same
    assert any(each.what == f"program {row['program_id']}" for each in exact.program_differences)


def test_every_event_type_that_decides_is_read(tampered: Tampered) -> None:
    held = {
        name for (name,) in tampered.history.con.execute("select table_name from duckdb_tables()").fetchall()
    }
    assert set(schema.event_types()) <= held


def test_on_the_command_line(fsdb: Fsdb, real: Path) -> None:
    said = fsdb("replay", real)
    assert (said.code, said.err) == (0, "")
    assert "bit by bit" in said.out
    assert "\nsame  " in said.out
    found = json.loads(fsdb("replay", real, "--json").out)
    assert found["exact"]["same"] is True
    assert found["exact"]["differences"] == []
    assert found["exact"]["draws"] > 10
