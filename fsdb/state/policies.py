"""Policies as SQL files: named queries with declared parameters, for selection and for resets alike.

A file's header declares parameters, one a line:

    -- param temperature_init = 0.1: temperature of an empty island, in units of the score

and its body holds queries, each after a line `-- name: …`; `$temperature_init` in them stands for the value
in force. A specification such as `funsearch:temperature_init=0.02,parents=3` or `./mine.sql:size=5` names a
policy and sets parameters.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from fsdb import queries
from fsdb.errors import UsageError

Value = bool | int | float | str

_PARAM = re.compile(r"^--\s*param\s+(\w+)\s*=\s*(.+?)\s*(?::\s+(.*))?$")
_NAME = re.compile(r"^--\s*name:\s*(\w+)\s*$")
_VARIABLE = re.compile(r"\$([A-Za-z_]\w*)")


@dataclass(frozen=True)
class Kind:
    """A sort of policy: where the shipped ones are, which queries a file may have, which it must have."""

    folder: str
    option: str
    queries: Mapping[str, tuple[str, ...]]
    """Query name to the columns that it must return."""
    required: tuple[str, ...]
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
    params={"fraction": (0.5, "share of the islands that is reset")},
)


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

    def query(self, name: str) -> str | None:
        """Return the named query with its parameters written in, None where the file has none."""
        text = _split_queries(self.sql).get(name)
        if text is None:
            return None

        def literal(match: re.Match[str]) -> str:
            if match[1] not in self.params:
                raise UsageError(
                    f"policy {self.name}: query {name} uses ${match[1]}, which the file does not declare",
                    cure=f"add a line `-- param {match[1]} = DEFAULT: meaning` to its header",
                )
            return _sql_literal(self.params[match[1]])

        return _VARIABLE.sub(literal, text)


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
                f"the policy file {target} cannot be read: {error}", cure="check the path and that it is UTF-8"
            ) from None
    else:
        raise UsageError(
            f"there is no {kind.option} called {target!r}",
            cure=f"use one of {', '.join(queries.names(kind.folder))}, or a path that ends in .sql",
        )
    return make_policy(kind, name, sql, settings)


def make_policy(kind: Kind, name: str, sql: str, settings: Mapping[str, object]) -> Policy:
    """Return the policy that a file's text and settings (text or values) make, checked."""
    declared = {key: default for key, (default, _) in kind.params.items()}
    meanings = {key: meaning for key, (_, meaning) in kind.params.items()}
    for line in _header(sql):
        if match := _PARAM.match(line):
            declared[match[1]] = _parse_value(match[2])
            meanings[match[1]] = match[3] or meanings.get(match[1], "")
        elif re.match(r"^--\s*param\b", line):
            raise UsageError(
                f"policy {name}: the line {line!r} declares no parameter",
                cure="write it as `-- param NAME = DEFAULT: meaning`",
            )
    unknown = [key for key in settings if key not in declared]
    if unknown:
        raise UsageError(
            f"policy {name} has no parameter {unknown[0]!r}", cure=f"it has {', '.join(sorted(declared))}"
        )
    params = {key: _as_type(name, key, settings.get(key, value), value) for key, value in declared.items()}
    found = _split_queries(sql)
    for query in found:
        if query not in kind.queries:
            raise UsageError(
                f"policy {name}: there is no query called {query!r}",
                cure=f"a {kind.option} file may have {', '.join(kind.queries)}",
            )
    missing = [query for query in kind.required if query not in found]
    if missing or not found:
        wanted = ", ".join(missing or kind.queries)
        raise UsageError(f"policy {name} lacks the query {wanted}", cure="add it after a line `-- name: …`")
    policy = Policy(kind, name, sql, params, meanings, _description(sql))
    _check_params(policy)
    return policy


def install_selection(con: duckdb.DuckDBPyConnection, policy: Policy) -> None:
    """Make the relations policy_islands, policy_clusters and policy_programs, as draw.sql reads them.

    They are views in the connection's first schema, over the relations population, clusters and islands as
    its search path finds them. Raises UsageError where a query does not bind or lacks a column.
    """
    defaults = load_policy("funsearch")
    uniform = "select island_id, 0.0 as logit from islands"
    _install(con, policy, "islands", policy.query("islands") or uniform)
    _install(con, policy, "clusters", policy.query("clusters") or _required(defaults.query("clusters")))
    _install(con, policy, "programs", policy.query("programs") or _required(defaults.query("programs")))


def install_reset(con: duckdb.DuckDBPyConnection, policy: Policy) -> None:
    """Make the relations reset_due and reset_ranking, and reset_founders (empty where the policy has none)."""
    nobody = "select 0::bigint as program_id, 0.0 as logit where false"
    _install(con, policy, "due", _required(policy.query("due")))
    _install(con, policy, "ranking", _required(policy.query("ranking")))
    _install(con, policy, "founders", policy.query("founders") or nobody)


def _install(con: duckdb.DuckDBPyConnection, policy: Policy, query: str, sql: str) -> None:
    prefix = "policy" if policy.kind is SELECTION else "reset"
    sql = sql.strip().rstrip(";")
    try:
        columns = [row[0] for row in con.execute(f"describe {sql}").fetchall()]
    except duckdb.Error as error:
        raise UsageError(
            f"policy {policy.name}: its query {query} does not run: {error}",
            cure="policies read the relations population, clusters and islands (docs/policies.md)",
        ) from None
    lacking = [name for name in policy.kind.queries[query] if name not in columns]
    if lacking:
        raise UsageError(
            f"policy {policy.name}: its query {query} returns {', '.join(columns)}, but no {lacking[0]}",
            cure=f"it must return {', '.join(policy.kind.queries[query])}",
        )
    selected = ", ".join(policy.kind.queries[query])
    if (policy.kind, query) == (SELECTION, "clusters"):
        selected += ", temperature" if "temperature" in columns else ", null::double as temperature"
    con.execute(f"create or replace view {prefix}_{query} as select {selected} from ({sql})")


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


def _header(sql: str) -> list[str]:
    lines = []
    for line in sql.splitlines():
        if not line.startswith("--") or _NAME.match(line):
            break
        lines.append(line)
    return lines


def _description(sql: str) -> str:
    lines = [line.lstrip("-").strip() for line in _header(sql) if not re.match(r"^--\s*param\b", line)]
    return "\n".join(lines).strip()


def _split_queries(sql: str) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    current: list[str] | None = None
    for line in sql.splitlines():
        if match := _NAME.match(line):
            current = found.setdefault(match[1], [])
        elif current is not None:
            current.append(line)
    return {name: "\n".join(lines).strip() for name, lines in found.items()}


def _parse_value(text: str) -> Value:
    lowered = text.lower()
    if lowered in ("true", "false"):
        return lowered == "true"
    for convert in (int, float):
        try:
            return convert(text)
        except ValueError:
            continue
    return text.strip("'")


def _as_type(policy: str, key: str, value: object, default: Value) -> Value:
    """Return a setting as the type of the parameter's default."""
    parsed = _parse_value(value) if isinstance(value, str) and not isinstance(default, str) else value
    if isinstance(default, float) and isinstance(parsed, int) and not isinstance(parsed, bool):
        parsed = float(parsed)
    if type(parsed) is not type(default) or parsed != parsed:
        raise UsageError(
            f"policy {policy}: {key}={value} is no {type(default).__name__}",
            cure=f"its default is {default}",
        )
    assert isinstance(parsed, bool | int | float | str)
    return parsed


def _check_params(policy: Policy) -> None:
    parents = policy.params.get("parents")
    if isinstance(parents, int) and not 1 <= parents <= 100:
        raise UsageError(f"policy {policy.name}: parents={parents}", cure="a prompt has 1 to 100 parents")
    fraction = policy.params.get("fraction")
    if isinstance(fraction, float) and not 0.0 <= fraction < 1.0:
        raise UsageError(
            f"policy {policy.name}: fraction={fraction}", cure="give a share of at least 0 and below 1"
        )


def _sql_literal(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return f"{value}::bigint"
    if isinstance(value, float):
        return f"'{value!r}'::double"
    return "'" + value.replace("'", "''") + "'"


def _required(sql: str | None) -> str:
    assert sql is not None
    return sql
