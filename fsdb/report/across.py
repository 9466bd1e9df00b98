"""Several runs side by side: tables of what each came to, filled run by run, for the analyses across runs.

A log's views hold one run, whose events `seq` orders; several are not put into one. Instead each run is asked
the same questions (queries/analyses: run_summary, improvements, operators), and the answers stand in tables
that the analyses of the group "across" read.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import duckdb

from fsdb import queries
from fsdb.errors import UsageError
from fsdb.queries.catalogue import analyses
from fsdb.report.runs import open_run
from fsdb.state import database

RUNS, PROGRESS, OPERATORS = "runs", "runs_progress", "runs_operators"

_TABLES = """
create table runs (
    run varchar,
    run_id varchar,
    problem varchar,
    setting varchar,
    sampler varchar,
    model varchar,
    policy varchar,
    reset_policy varchar,
    seed bigint,
    draws bigint,
    samples bigint,
    programs bigint,
    valid bigint,
    seconds double,
    tokens bigint,
    cost_usd double,
    best_score double,
    best_program_id bigint
);
create table runs_progress (
    run varchar,
    program_id bigint,
    score double,
    gain double,
    sampler varchar,
    samples bigint,
    programs bigint,
    seconds double,
    tokens bigint,
    cost_usd double
);
create table runs_operators (
    run varchar,
    writer varchar,
    proposals bigint,
    valid bigint,
    trials bigint,
    beats_parent bigint,
    island_best bigint,
    global_best bigint,
    gain double,
    improvement double
);
"""

_PARAMS = {"policy_params": "policy", "reset_policy_params": "reset_policy", "sampler_params": "sampler"}
_FIELDS = ("reset_policy", "islands", "completions_per_prompt", "reduce", "in_order")


def define(con: duckdb.DuckDBPyConnection) -> None:
    """Make the tables, empty, and the macros across runs, in a connection of fsdb.state.database."""
    con.execute(_TABLES)
    con.execute(queries.text("macros/across.sql"))
    for analysis in analyses().values():
        if analysis.group == "across":
            con.execute(analysis.macro)


def load(con: duckdb.DuckDBPyConnection, run_dirs: Sequence[Path]) -> None:
    """Fill the tables from runs' logs; UsageError where two runs bear one name."""
    names = [path.resolve().name for path in run_dirs]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise UsageError(f"Two runs are called {min(twice)}.", cure="Give each run once.")
    found = []
    for path in run_dirs:
        with open_run(path) as log:
            (summary,) = log.analysis("run_summary")
            started = log.rows("from run_started")
            fields = {**(started[0] if started else {}), **summary, "run": log.name}
            improvements = log.analysis("improvements")
            writers = log.analysis("operators", by="writer")
        found.append(fields)
        _insert(con, PROGRESS, ({**row, "run": log.name} for row in improvements))
        _insert(con, OPERATORS, ({**row, "writer": row["value"], "run": log.name} for row in writers))
    settings = setting_names(found)
    for fields, setting in zip(found, settings, strict=True):
        tokens = [fields["tokens_in"], fields["tokens_out"]]
        known = [each for each in tokens if each is not None]
        fields.update(setting=setting, seconds=fields["active_seconds"], tokens=sum(known) if known else None)
    _insert(con, RUNS, found)


def connect(run_dirs: Sequence[Path]) -> duckdb.DuckDBPyConnection:
    """Return a connection with the tables and analyses across runs."""
    con = database.connect([])
    define(con)
    load(con, run_dirs)
    return con


def setting_names(runs: Sequence[dict[str, Any]]) -> list[str]:
    """Return what to call each run's setting: its writer and policy, and what else differs between runs."""
    described = [_described(run) for run in runs]
    values: dict[str, set[str]] = {}
    for each in described:
        for key, value in each.items():
            values.setdefault(key, set()).add(value)
    names = []
    for run, each in zip(runs, described, strict=True):
        told = [f"{key.split()[-1]}={value}" for key, value in each.items() if len(values[key]) > 1]
        names.append(" ".join([f"{run.get('model') or run.get('sampler')} {run.get('policy')}", *told]))
    return names


def _described(run: dict[str, Any]) -> dict[str, str]:
    """Return what may differ between runs, as text; parameters by what they are of: only those compare."""
    told = {field: str(run[field]) for field in _FIELDS if run.get(field) is not None}
    for field, owner in _PARAMS.items():
        try:
            params = json.loads(run.get(field) or "{}")
        except ValueError:
            continue
        prefix = "reset_" if owner == "reset_policy" else ""
        told.update(
            {f"{run.get(owner)} {prefix}{name}": str(value) for name, value in sorted(params.items())}
        )
    return told


def _insert(con: duckdb.DuckDBPyConnection, table: str, rows: Iterable[dict[str, Any]]) -> None:
    columns = [row[0] for row in con.execute(f"describe {table}").fetchall()]
    values = [[row.get(column) for column in columns] for row in rows]
    if values:
        places = ", ".join("?" * len(columns))
        con.executemany(f"insert into {table} values ({places})", values)
