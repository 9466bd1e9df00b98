"""Forks: a run of its own that begins with another run's past, and goes on from there another way."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from fsdb.errors import LogError
from fsdb.log import read_events
from fsdb.log.events import Event, check_fields, to_table
from fsdb.log.files import EVENTS, commit_path, sync_directory
from fsdb.log.parquet import encode_commit
from fsdb.search import events
from fsdb.state.draws import params_json
from fsdb.state.policies import Policy

_BEFORE = (
    "seed",
    "policy",
    "policy_sql",
    "policy_params",
    "explore",
    "reset_policy",
    "reset_policy_sql",
    "reset_policy_params",
    "sampler",
    "model",
    "sampler_params",
    "stops",
)
"""What a run_forked event keeps of the parent's first event."""


def fork_settings(policy: Policy, reset_policy: Policy, seed: int, stops: str) -> dict[str, Any]:
    """Return the fields of run_started that a fork may set otherwise than its parent."""
    return {
        "seed": seed,
        "policy": policy.name,
        "policy_sql": policy.sql,
        "policy_params": params_json(policy),
        "explore": policy.explore or None,
        "reset_policy": reset_policy.name,
        "reset_policy_sql": reset_policy.sql,
        "reset_policy_params": params_json(reset_policy),
        "stops": stops,
    }


def write_fork(parent: Path, seq: int, run_dir: Path, open_draws: int, settings: Mapping[str, Any]) -> None:
    """Make the log of a fork: the parent's events up to `seq`, and the event that says so.

    `settings` are the fields of run_started that hold from here on. The directory appears whole or not at
    all. Raises LogError where it is there, or the parent's log cannot be read that far.
    """
    if run_dir.exists():
        raise LogError(f"There is a run in {run_dir} already.", cure="Choose another --name.")
    making = run_dir.with_name(f".{run_dir.name}.forking")  # what a kill leaves there is no run
    shutil.rmtree(making, ignore_errors=True)
    made = making / "made"
    (made / EVENTS).mkdir(parents=True)
    try:
        _write(parent, seq, made, run_dir.name, open_draws, settings)
        made.rename(run_dir)
        sync_directory(run_dir.parent)
    finally:
        shutil.rmtree(making, ignore_errors=True)


def _write(
    parent: Path, seq: int, making: Path, name: str, open_draws: int, settings: Mapping[str, Any]
) -> None:
    run_id = uuid.uuid4().hex
    before: dict[str, Any] = {}
    parent_id, last_time = "", 0
    written = -1
    for table in read_events(parent):
        first = table["seq"][0].as_py()
        if first > seq:
            break
        if first != written + 1:
            raise LogError(
                f"The log in {parent} lacks events from {written + 1} on.", cure="See `fsdb verify`."
            )
        piece = table.slice(0, seq - first + 1)
        if first == 0:
            parent_id, before = piece["run_id"][0].as_py(), piece["run_started"][0].as_py()
        last_time = piece["recorded_at"].cast(pa.int64())[-1].as_py()
        index = piece.column_names.index("run_id")
        own = piece.set_column(index, piece.schema.field(index), pa.repeat(run_id, len(piece)))
        if first == 0:
            began = own["recorded_at"].cast(pa.int64())[0].as_py()
            changed = {**before, **settings, "name": name, "parent_run_id": parent_id, "parent_seq": seq}
            start = to_table(run_id, 0, [Event("run_started", began, check_fields("run_started", changed))])
            own = pa.concat_tables([start, own.slice(1)])
        written = first + len(own) - 1
        _put(commit_path(making, first, written), own)
    if written < seq:
        raise LogError(f"The log in {parent} ends at event {written}, before {seq}.", cure="Fork earlier.")
    fields = {
        **{column: before[column] for column in _BEFORE},
        **events.versions(),
        "parent_run_id": parent_id,
        "parent_name": parent.resolve().name,
        "parent_seq": seq,
        "open_draws": open_draws,
    }
    # At the time of the last event: how long the parent has been standing still is no time of the fork's.
    forked = Event("run_forked", last_time, check_fields("run_forked", fields))
    _put(commit_path(making, seq + 1, seq + 1), to_table(run_id, seq + 1, [forked]))
    sync_directory(making / EVENTS)


def _put(path: Path, table: pa.Table) -> None:
    with path.open("xb") as sink:
        sink.write(encode_commit(table.combine_chunks()))
        sink.flush()
        os.fsync(sink.fileno())
