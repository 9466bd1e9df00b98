"""Policies as SQL files: named queries with declared parameters, for selection and for resets alike.

A specification such as `funsearch:temperature_init=0.02,parents=3` or `./mine.sql:size=5` names a policy and
sets parameters. fsdb.state.policy_text says how a file is written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb

from fsdb import queries
from fsdb.errors import UsageError
from fsdb.state.policy_text import Parameter, Value, parse, write_in


@dataclass(frozen=True)
class Kind:
    """A sort of policy: where the shipped ones are, which queries a file may have, which it must have."""

    folder: str
    option: str
    queries: Mapping[str, tuple[str, ...]]
    """Query name to the columns that it must return."""
    required: tuple[str, ...]
    reads: str
    """The relations that its queries may read, for people."""
    params: Mapping[str, tuple[Value, str]]
    """Parameters that every policy of the kind has: name to (default, meaning)."""


SELECTION = Kind(
    folder="policies",
    option="--policy",
    queries={
        "islands": ("island_id", "logit"),
        "clusters": ("cluster_id", "logit"),
        "programs": ("program_id", "logit"),
    },
    required=(),
    reads="population, clusters and islands",
    params={
        "parents": (2, "parents of a prompt, programs"),
        "replacement": (True, "whether one cluster may be drawn more than once for a prompt"),
    },
)

RESET = Kind(
    folder="resets",
    option="--reset-policy",
    queries={
        "due": ("due",),
        "ranking": ("island_id", "rank_key"),
        "founders": ("program_id", "logit"),
    },
    required=("due", "ranking"),
    reads="progress, islands, clusters and population; founders also survivors",
    params={"fraction": (0.5, "share of the islands that is reset")},
)


_INTEGER = r"U?(?:TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)"
_NUMBER = ("a number", re.compile(rf"{_INTEGER}|FLOAT|DOUBLE|DECIMAL\(.*\)"))
_ID = ("a whole number", re.compile(_INTEGER))
_FITTING = {
    "island_id": _ID,
    "cluster_id": _ID,
    "program_id": _ID,
    "logit": _NUMBER,
    "temperature": _NUMBER,
    "rank_key": _NUMBER,
    "due": ("true or false", re.compile("BOOLEAN")),
}
"""What the engine takes each column to be, and the types of DuckDB that are that."""


@dataclass(frozen=True)
class Policy:
    """A policy file with its parameters in force.

    `sql` is the whole file; `params` maps each parameter to its value; `meanings` to its description.
    """

    kind: Kind
    name: str
    sql: str
    params: dict[str, Value]
    meanings: dict[str, str]
    description: str
    explore: float = 0.0
    """The share of the draws that other components make in its place, as `components` says."""

    def query(self, name: str) -> str | None:
        """Return the named query with its parameters written in, None where the file has none."""
        sql = parse(self.name, self.sql).queries.get(name)
        return None if sql is None else write_in(self.name, name, sql, self.params)


def load_policy(spec: str, kind: Kind = SELECTION) -> Policy:
    """Return the policy named by `NAME_OR_PATH[:PARAM=VALUE,…]`; UsageError with the cure where it is off."""
    target, settings = _split_spec(spec)
    if target in queries.names(kind.folder):
        name, sql = target, queries.text(f"{kind.folder}/{target}.sql")
    elif target.endswith(".sql"):
        name = Path(target).stem
        try:
            sql = Path(target).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(
                f"the policy file {target} cannot be read: {error}",
                cure="check the path and that it is UTF-8",
            ) from None
    else:
        raise UsageError(
            f"there is no {kind.option} called {target!r}",
            cure=f"use one of {', '.join(queries.names(kind.folder))}, or a path that ends in .sql",
        )
    return make_policy(kind, name, sql, settings)


def policy_from_event(started: Mapping[str, Any], which: str) -> Policy:
    """Return the policy ("policy" or "reset_policy") that a run_started event holds, parameters and all."""
    kind = SELECTION if which == "policy" else RESET
    params = json.loads(started[f"{which}_params"])
    policy = make_policy(kind, started[which], started[f"{which}_sql"], params)
    return replace(policy, explore=started.get("explore") or 0.0) if kind is SELECTION else policy


def make_policy(kind: Kind, name: str, sql: str, settings: Mapping[str, object]) -> Policy:
    """Return the policy that a file's text and settings (text or values) make, checked."""
    text = parse(name, sql)
    declared = {key: Parameter(key, *shared) for key, shared in kind.params.items()}
    for parameter in text.parameters:
        meaning = parameter.meaning or getattr(declared.get(parameter.name), "meaning", "")
        declared[parameter.name] = replace(parameter, meaning=meaning)
    unknown = [key for key in settings if key not in declared]
    if unknown:
        raise UsageError(
            f"policy {name} has no parameter {unknown[0]!r}", cure=f"it has {', '.join(sorted(declared))}"
        )
    for query in text.queries:
        if query not in kind.queries:
            raise UsageError(
                f"policy {name}: there is no query called {query!r}",
                cure=f"a {kind.option} file may have {', '.join(kind.queries)}",
            )
    missing = [query for query in kind.required if query not in text.queries]
    if missing or not text.queries:
        wanted = ", ".join(missing or kind.queries)
        raise UsageError(f"policy {name} lacks the query {wanted}", cure="add it after a line `-- name: …`")
    policy = Policy(
        kind,
        name,
        sql,
        params={key: each.check(name, settings.get(key, each.default)) for key, each in declared.items()},
        meanings={key: each.meaning for key, each in declared.items()},
        description=text.description,
    )
    _check_params(policy)
    for query in text.queries:
        policy.query(query)
    return policy


def with_exploration(policy: Policy, share: float) -> Policy:
    """Return a selection policy that leaves this share of its draws to the components of exploration."""
    if not 0.0 <= share < 1.0:
        raise UsageError(f"--explore is {share}", cure="give a share of at least 0 and below 1")
    return replace(policy, explore=share)


def components(policy: Policy) -> dict[str, tuple[float, Policy]]:
    """Return what an exploring policy is a mixture of: by name, shares of the draws and policies.

    `policy` is the policy itself; the others have equal parts of `policy.explore`: `cool`, the policy with
    its parameter temperature or temperature_init at COOL, or where it has none FunSearch's at that, in units
    of the island's range of scores; `uniform`; `greedy`. All draw as many parents as the policy, and as it
    does with or without replacement.
    """
    share = policy.explore / (len(_EXPLORERS) + 1)
    return {
        "policy": (1.0 - policy.explore, policy),
        "cool": (share, _cooled(policy)),
        **{name: (share, load_policy(name)) for name in _EXPLORERS},
    }


COOL = 0.05
"""The temperature of the component `cool`."""

_EXPLORERS = ("uniform", "greedy")


def _cooled(policy: Policy) -> Policy:
    for name in ("temperature", "temperature_init"):
        if isinstance(policy.params.get(name), float):
            return make_policy(policy.kind, policy.name, policy.sql, {**policy.params, name: COOL})
    return load_policy(f"funsearch:temperature_init={COOL},normalise=range")


def install_selection(con: duckdb.DuckDBPyConnection, policy: Policy) -> None:
    """Make the relations policy_islands, policy_clusters and policy_programs, as draw.sql reads them.

    They are views in the connection's first schema, over the relations population, clusters and islands as
    its search path finds them. Of an exploring policy they are those of the component that the variable
    `component` names, and component_islands, …, as mixture.sql reads them, those of all of them. Raises
    UsageError where a query does not bind or lacks a column.
    """
    if not policy.explore:
        for query, sql in selection_selects(con, policy).items():
            con.execute(f"create or replace view policy_{query} as {sql}")
        return
    selects = {name: selection_selects(con, component) for name, (_, component) in components(policy).items()}
    for query in policy.kind.queries:
        rows = " union all ".join(
            f"select '{name}' as component, * from ({queries[query]})" for name, queries in selects.items()
        )
        con.execute(f"create or replace view component_{query} as {rows}")
        con.execute(
            f"create or replace view policy_{query} as select * exclude (component) from component_{query} "
            "where component = getvariable('component')"
        )


def selection_selects(con: duckdb.DuckDBPyConnection, policy: Policy) -> dict[str, str]:
    """Return the policy's islands, clusters and programs as selects of the columns that the engine reads.

    Where it has none, FunSearch's own. Checked as `install_selection` says; nothing is made.
    """
    defaults = load_policy("funsearch")
    uniform = "select island_id, 0.0 as logit from islands"
    texts = {
        "islands": policy.query("islands") or uniform,
        "clusters": policy.query("clusters") or _required(defaults.query("clusters")),
        "programs": policy.query("programs") or _required(defaults.query("programs")),
    }
    return {query: _checked(con, policy, query, sql) for query, sql in texts.items()}


def install_reset(con: duckdb.DuckDBPyConnection, policy: Policy) -> None:
    """Make the relations reset_due, reset_ranking and reset_founders (empty where the policy has none)."""
    nobody = "select 0::bigint as program_id, 0.0 as logit where false"
    texts = {
        "due": _required(policy.query("due")),
        "ranking": _required(policy.query("ranking")),
        "founders": policy.query("founders") or nobody,
    }
    for query, sql in texts.items():
        con.execute(f"create or replace view reset_{query} as {_checked(con, policy, query, sql)}")


def reset_due_select(con: duckdb.DuckDBPyConnection, policy: Policy) -> str:
    """Return the query that says whether a reset is due, checked as `install_reset` does."""
    return _checked(con, policy, "due", _required(policy.query("due")))


def _checked(con: duckdb.DuckDBPyConnection, policy: Policy, query: str, sql: str) -> str:
    sql = _one_select(con, policy, query, sql)
    try:
        types = {row[0]: row[1] for row in con.execute(f"describe {sql}").fetchall()}
    except duckdb.Error as error:
        raise _does_not_run(policy, query, error) from None
    wanted = policy.kind.queries[query]
    selected = [_column(policy, query, column, types) for column in wanted]
    if (policy.kind, query) == (SELECTION, "clusters"):
        optional = "temperature" in types
        selected.append(
            _column(policy, query, "temperature", types) if optional else "null::double as temperature"
        )
    return f"select {', '.join(selected)} from ({sql})"


def _one_select(con: duckdb.DuckDBPyConnection, policy: Policy, query: str, sql: str) -> str:
    """Return a query, which has no comments, without the semicolon at its end, if it is one and no other."""
    try:
        statements = con.extract_statements(sql)
    except duckdb.Error as error:
        raise _does_not_run(policy, query, error) from None
    if [statement.type for statement in statements] != [duckdb.StatementType.SELECT]:
        raise UsageError(
            f"policy {policy.name}: its query {query} is not one select statement",
            cure="write one query that returns " + ", ".join(policy.kind.queries[query]),
        )
    return sql.rstrip("; \n")


def _does_not_run(policy: Policy, query: str, error: duckdb.Error) -> UsageError:
    return UsageError(
        f"policy {policy.name}: its query {query} does not run: {error}",
        cure=f"{policy.kind.option} files read the relations {policy.kind.reads} (docs/policies.md)",
    )


def _column(policy: Policy, query: str, column: str, types: Mapping[str, str]) -> str:
    """Return the select item for a column that the engine reads, with the type that it counts on."""
    if column not in types:
        raise UsageError(
            f"policy {policy.name}: its query {query} returns {', '.join(types)}, but no {column}",
            cure=f"it must return {', '.join(policy.kind.queries[query])}",
        )
    wanted, fitting = _FITTING[column]
    if not fitting.fullmatch(types[column]):
        raise UsageError(
            f"policy {policy.name}: the {column} of its query {query} is of type {types[column]}",
            cure=f"make it {wanted}",
        )
    return f"{column}::double as {column}" if wanted == "a number" else column


def _split_spec(spec: str) -> tuple[str, dict[str, str]]:
    target, _, rest = spec.partition(":")
    settings = {}
    for part in filter(None, (piece.strip() for piece in rest.split(","))):
        key, equals, value = part.partition("=")
        if not equals:
            raise UsageError(
                f"in {spec!r} the part {part!r} sets nothing", cure="write NAME:PARAM=VALUE,PARAM=VALUE"
            )
        settings[key.strip()] = value.strip()
    return target, settings


def _check_params(policy: Policy) -> None:
    parents = policy.params.get("parents")
    if isinstance(parents, int) and not 1 <= parents <= 100:
        raise UsageError(f"policy {policy.name}: parents={parents}", cure="a prompt has 1 to 100 parents")
    fraction = policy.params.get("fraction")
    if isinstance(fraction, float) and not 0.0 <= fraction < 1.0:
        raise UsageError(
            f"policy {policy.name}: fraction={fraction}", cure="give a share of at least 0 and below 1"
        )


def _required(sql: str | None) -> str:
    assert sql is not None
    return sql
