"""What the analyses say of themselves: the comment at the top of each file of queries/analyses, taken apart.

-- Which of these is it?
--
-- group: run
-- grain: one row for each of them
-- reads: programs
-- parameters:
--   top bigint = 20: how many are listed
--   by varchar = 'sampler' | 'model': what they are grouped by
--   program bigint = best: a program's number, or best
-- columns:
--   program_id: the program
-- notes:
--   Anything else that there is to know.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from fsdb import queries

Value = int | float | str | None

BEST = "best"
"""What may be said for the number of a run's best program."""

GROUPS: Mapping[str, str] = {
    "run": "The run",
    "lineage": "Lineage",
    "operators": "Operators",
    "islands": "Islands",
    "selection": "Selection",
    "diversity": "Diversity",
    "across": "Across runs",
}
"""Groups in the order in which they are listed, with their titles."""

_FIELD = re.compile(r"-- (group|grain|reads|parameters|columns|notes):\s*(.*)")
_ENTRY = re.compile(r"--   (\S.*)")
_CONTINUED = re.compile(r"--     +(\S.*)")
_PARAMETER = re.compile(r"(\w+) (bigint|double|varchar) = (.+?): (.+)")
_COLUMN = re.compile(r"(\w+): (.+)")
# Comments and quoted text are matched whole, so that a $ in them is none.
_VARIABLE = re.compile(r"""--[^\n]*|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$([a-z_]\w*)""")


@dataclass(frozen=True)
class Parameter:
    """A parameter: its type in SQL, its default, what else it may be, and what it means.

    A default of None stands for what its meaning says, which of a program's number is the best one.
    """

    name: str
    type: str
    default: Value
    meaning: str
    choices: tuple[str, ...] = ()
    is_program: bool = False

    @property
    def shown_default(self) -> str:
        """The default as a user would write it; empty where leaving it out is the only way to say it."""
        if self.default is None:
            return BEST if self.is_program else ""
        return f"{self.default:g}" if isinstance(self.default, float) else str(self.default)

    def parse(self, text: str) -> Value:
        """Return the value that a text stands for; ValueError, with what it may be, where it is none."""
        if self.is_program and text == BEST:
            return None
        if self.type == "varchar":
            if self.choices and text not in self.choices:
                raise ValueError(f"it may be {', '.join(self.choices)}")
            return text
        what = "a program's number, or best" if self.is_program else "a number"
        if self.type == "bigint" and not re.fullmatch(r"-?\d{1,18}", text):
            raise ValueError(f"it is {what if self.is_program else 'a whole number'}")
        try:
            number = float(text)
        except ValueError:
            raise ValueError(f"it is {what}") from None
        if number != number or number in (float("inf"), float("-inf")):
            raise ValueError(f"it is {what}")
        return int(text) if self.type == "bigint" else number


@dataclass(frozen=True)
class Analysis:
    """A file of queries/analyses: its question, grain, parameters and columns, and the query itself."""

    name: str
    question: str
    group: str
    grain: str
    reads: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    columns: Mapping[str, str]
    notes: str
    sql: str

    @property
    def defaults(self) -> dict[str, Value]:
        """The parameters' defaults by name."""
        return {parameter.name: parameter.default for parameter in self.parameters}

    @property
    def macro(self) -> str:
        """The statement that makes the query a table macro of its name, its parameters by name."""
        declared = ", ".join(f'"{p.name}" := {_literal(p)}' for p in self.parameters)
        return f"create or replace macro {self.name}({declared}) as table\n{_with_names(self.sql)}"


def analysis(name: str) -> Analysis:
    """Return an analysis; KeyError where there is none of that name."""
    return analyses()[name]


@cache
def analyses() -> Mapping[str, Analysis]:
    """Return every analysis by name, in the order of their groups, then of their names."""
    found = [parse(name, queries.text(f"analyses/{name}.sql")) for name in queries.names("analyses")]
    order = list(GROUPS)
    return {each.name: each for each in sorted(found, key=lambda each: (order.index(each.group), each.name))}


def parse(name: str, sql: str) -> Analysis:
    """Take a file apart; ValueError with the line that is off."""
    fields: dict[str, list[str]] = {"question": []}
    current = "question"
    for line in sql.splitlines():
        if not line.startswith("--"):
            break
        if match := _FIELD.fullmatch(line):
            current = match[1]
            if current in fields:
                raise ValueError(f"{name}.sql says twice what its {current} are")
            fields[current] = [match[2]] if match[2] else []
        elif current == "question":
            fields[current].append(line.removeprefix("--").strip())
        elif match := _CONTINUED.fullmatch(line):
            fields[current][-1] += f" {match[1]}"
        elif match := _ENTRY.fullmatch(line):
            fields[current].append(match[1])
        elif line != "--":
            raise ValueError(f"{name}.sql: the line {line!r} says nothing that is known")
    for field in ("group", "grain", "reads", "columns"):
        if not fields.get(field):
            raise ValueError(f"{name}.sql does not say what its {field} is")
    if fields["group"][0] not in GROUPS:
        raise ValueError(f"{name}.sql: there is no group {fields['group'][0]!r}")
    return Analysis(
        name=name,
        question=" ".join(filter(None, fields["question"])),
        group=fields["group"][0],
        grain=" ".join(fields["grain"]).rstrip("."),
        reads=tuple(re.split(r",\s*", " ".join(fields["reads"]))),
        parameters=tuple(_parameter(name, entry) for entry in fields.get("parameters", [])),
        columns=dict(_column(name, entry) for entry in fields["columns"]),
        notes=" ".join(fields.get("notes", [])),
        sql=sql,
    )


def _parameter(analysis: str, entry: str) -> Parameter:
    match = _PARAMETER.fullmatch(entry)
    if match is None:
        raise ValueError(f"{analysis}.sql: {entry!r} is no parameter: name type = default: meaning")
    name, type_, default, meaning = match.groups()
    texts = re.findall(r"'([^']*)'", default)
    is_program = default == BEST
    value: Value
    if is_program or default == "null":
        value = None
    elif type_ == "varchar":
        value = texts[0]
    else:
        value = int(default) if type_ == "bigint" else float(default)
    return Parameter(name, type_, value, meaning, tuple(texts) if len(texts) > 1 else (), is_program)


def _column(analysis: str, entry: str) -> tuple[str, str]:
    match = _COLUMN.fullmatch(entry)
    if match is None:
        raise ValueError(f"{analysis}.sql: {entry!r} is no column: name: meaning")
    return match[1], match[2]


def _literal(parameter: Parameter) -> str:
    value = parameter.default
    if value is None:
        return "null"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return f"{value!r}"


def _with_names(sql: str) -> str:
    """Return a query with each $name as the quoted name of a macro's parameter, and without comments."""

    def named(match: re.Match[str]) -> str:
        if match[1] is None:
            return "" if match[0].startswith("--") else match[0]
        return f'"{match[1]}"'

    return _VARIABLE.sub(named, sql).strip().rstrip(";")
