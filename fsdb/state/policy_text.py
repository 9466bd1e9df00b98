"""The text of a policy file: parameters declared in its header, and named queries.

-- What the policy does.
-- param temperature = 0.1 > 0: temperature of the clusters, in units of the score

-- name: clusters
select cluster_id, score / $temperature as logit
from clusters;
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from fsdb.errors import UsageError

Value = bool | int | float | str

_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_DEFAULT = rf"'[^']*'(?:\s*\|\s*'[^']*')*|true|false|{_NUMBER}"
_PARAM = re.compile(
    rf"--\s*param\s+([A-Za-z_]\w*)\s*=\s*({_DEFAULT})(?:\s*(>=?)\s*({_NUMBER}))?\s*(?::\s+(.*))?",
    re.IGNORECASE,
)
_NAME = re.compile(r"--\s*name:\s*(\w+)\s*")
_LIKE_PARAM = re.compile(r"--\s*param\b")
_LIKE_NAME = re.compile(r"--\s*name:")
# Comments and quoted text are matched whole, so that a $ in them is none.
_VARIABLE = re.compile(
    r"""--[^\n]* | /\*.*?\*/ | '(?:[^']|'')*' | "(?:[^"]|"")*" | \$([A-Za-z_]\w*)""", re.VERBOSE | re.DOTALL
)


@dataclass(frozen=True)
class Parameter:
    """A parameter: its default, what else it may be, and what it means.

    A text may be one of `choices`; a number is at least `minimum`, or above it where that is `exclusive`.
    """

    name: str
    default: Value
    meaning: str
    choices: tuple[str, ...] = ()
    minimum: float | None = None
    exclusive: bool = False

    def check(self, policy: str, value: object) -> Value:
        """Return a setting (a value, or its text) as the default's type; UsageError where it is none."""
        parsed = value
        if isinstance(value, str) and not isinstance(self.default, str):
            parsed = _parse(value)
        if isinstance(self.default, float) and isinstance(parsed, int) and not isinstance(parsed, bool):
            parsed = float(parsed)
        if not isinstance(parsed, bool | int | float | str) or type(parsed) is not type(self.default):
            raise UsageError(
                f"policy {policy}: {self.name}={value} is no {_TYPES[type(self.default)]}",
                cure=f"its default is {show(self.default)}",
            )
        if self.choices and parsed not in self.choices:
            raise UsageError(
                f"policy {policy}: {self.name}={value}", cure=f"it may be {' or '.join(self.choices)}"
            )
        if not isinstance(parsed, str):
            self._check_number(policy, parsed)
        return parsed

    def _check_number(self, policy: str, value: float) -> None:
        fits = -(2**63) <= value < 2**63 if isinstance(value, int) else math.isfinite(value)
        if not fits:
            raise UsageError(f"policy {policy}: {self.name}={value}", cure="give a number that fits 64 bits")
        if self.minimum is None or value > self.minimum or (value == self.minimum and not self.exclusive):
            return
        bound = f"above {self.minimum:g}" if self.exclusive else f"of at least {self.minimum:g}"
        raise UsageError(f"policy {policy}: {self.name}={value}", cure=f"give a number {bound}")


_TYPES: Mapping[type, str] = {bool: "true or false", int: "whole number", float: "number", str: "text"}


@dataclass(frozen=True)
class PolicyText:
    """A policy file, taken apart."""

    description: str
    parameters: tuple[Parameter, ...]
    queries: Mapping[str, str]


def parse(name: str, sql: str) -> PolicyText:
    """Take a policy file apart; UsageError with the line that is off.

    The header is all before the first `-- name:` line: comments, of which those that begin with `param`
    declare parameters and the others describe the policy.
    """
    header: list[str] = []
    queries: dict[str, list[str]] = {}
    current = header
    for line in sql.splitlines():
        if match := _NAME.fullmatch(line):
            if match[1] in queries:
                raise UsageError(f"policy {name} has two queries called {match[1]}", cure="keep one of them")
            current = queries.setdefault(match[1], [])
        elif _LIKE_NAME.match(line):
            raise UsageError(
                f"policy {name}: the line {line!r} names no query", cure="write it as `-- name: QUERY`"
            )
        else:
            current.append(line)
    return PolicyText(
        description="\n".join(_description(name, header)).strip(),
        parameters=tuple(_parameter(name, line) for line in header if _LIKE_PARAM.match(line)),
        queries={query: "\n".join(lines).strip() for query, lines in queries.items()},
    )


def write_in(policy: str, query: str, sql: str, params: Mapping[str, Value]) -> str:
    """Return a query with parameters' values in the place of `$name`, and without its comments.

    Raises UsageError for a parameter that is not declared.
    """

    def literal(match: re.Match[str]) -> str:
        if match[1] is None:
            return " " if match[0].startswith(("--", "/*")) else match[0]
        if match[1] not in params:
            raise UsageError(
                f"policy {policy}: its query {query} uses ${match[1]}, which the file does not declare",
                cure=f"add a line `-- param {match[1]} = DEFAULT: meaning` to its header",
            )
        return _literal(params[match[1]])

    return _VARIABLE.sub(literal, sql)


def show(value: Value) -> str:
    """Return a value as it is written in a setting."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _description(name: str, header: list[str]) -> list[str]:
    lines = []
    for line in header:
        if line.strip() and not line.startswith("--"):
            raise UsageError(
                f"policy {name}: {line.strip()!r} belongs to no query",
                cure="begin each query with a line `-- name: QUERY`; only comments come before the first",
            )
        if not _LIKE_PARAM.match(line):
            lines.append(line.lstrip("-").strip())
    return lines


def _parameter(policy: str, line: str) -> Parameter:
    match = _PARAM.fullmatch(line.rstrip())
    if match is None:
        raise UsageError(
            f"policy {policy}: the line {line!r} declares no parameter",
            cure="write it as `-- param NAME = DEFAULT: meaning`; "
            "DEFAULT is a number, true, false, or text in single quotes",
        )
    name, default, comparison, bound, meaning = match.groups()
    texts = re.findall(r"'([^']*)'", default)
    parameter = Parameter(
        name=name,
        default=texts[0] if texts else _parse(default),
        meaning=meaning or "",
        choices=tuple(texts) if len(texts) > 1 else (),
        minimum=None if bound is None else float(bound),
        exclusive=comparison == ">",
    )
    parameter.check(policy, parameter.default)
    return parameter


def _parse(text: str) -> Value:
    lowered = text.strip().lower()
    if lowered in ("true", "false"):
        return lowered == "true"
    for convert in (int, float):
        try:
            return convert(lowered)
        except ValueError:
            continue
    return text


def _literal(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return f"({value}::bigint)"
    if isinstance(value, float):
        return f"'{value!r}'::double"
    return "'" + value.replace("'", "''") + "'"
