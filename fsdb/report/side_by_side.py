"""Runs side by side: what was set otherwise, what came of it, and how good they were at equal cost."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fsdb import queries
from fsdb.errors import UsageError
from fsdb.queries import catalogue
from fsdb.report import across
from fsdb.report.locked import labels
from fsdb.report.runs import open_run

CHECKPOINTS = (0.02, 0.05, 0.1, 0.25, 0.5, 0.75, 1.0)
"""After which shares of the samples that all runs have the best scores are compared."""

_SEED = "seed"
_JSON = ("policy_params", "reset_policy_params", "sampler_params", "stops")
_PASSED_OVER = (
    "run_id",
    "seq",
    "recorded_at",
    "name",
    "platform",
    "baselines",
    "held_out",
    "specification_hash",
)
_TEXTS = ("policy_sql", "reset_policy_sql", "specification", "inputs", "input_names")


@dataclass(frozen=True)
class Contender:
    """A run among others. `settings` are those of its first event, those in JSON one by one.

    `summary` is the row of queries/analyses/run_summary.sql, `improvements` the rows of improvements.sql,
    `writers` those of operators.sql by writer; `best_after` is the best score after so many samples.
    """

    name: str
    settings: dict[str, Any]
    summary: dict[str, Any]
    improvements: list[dict[str, Any]]
    best_after: dict[int, float]
    writers: list[dict[str, Any]]


@dataclass(frozen=True)
class Group:
    """Runs that were set alike but for their seeds."""

    runs: tuple[str, ...]
    settings: dict[str, Any]
    best_after: dict[int, tuple[float, float, float]]
    """After so many samples the mean of the runs' bests, the lowest and the highest of them."""


@dataclass(frozen=True)
class SideBySide:
    """Runs and what tells them apart: `differing` settings by name, with each run's value in their order.

    `expected` and `pairs` are the rows of queries/analyses/best_at_budget.sql and paired_comparison.sql, for
    as many samples as all runs have.
    """

    runs: tuple[Contender, ...]
    differing: dict[str, tuple[Any, ...]]
    groups: tuple[Group, ...]
    checkpoints: tuple[int, ...]
    expected: tuple[dict[str, Any], ...] = ()
    pairs: tuple[dict[str, Any], ...] = ()

    @property
    def comparable(self) -> bool:
        """Whether their scores are of the same problem, on the same inputs."""
        return not {"specification", "inputs", "reduce"} & self.differing.keys()


def side_by_side(run_dirs: Sequence[Path]) -> SideBySide:
    """Return runs side by side; UsageError where there are fewer than two."""
    if len(run_dirs) < 2:
        raise UsageError(
            "There is only one run to compare.",
            cure="Name several, or give a pattern in quotes: 'cap_set-*'.",
        )
    summaries = [_read_summary(run_dir) for run_dir in run_dirs]
    checkpoints = _checkpoints([summary["samples"] for summary in summaries])
    runs = tuple(
        _read(run_dir, name, summary, checkpoints)
        for run_dir, name, summary in zip(run_dirs, labels(run_dirs), summaries, strict=True)
    )
    names = list(dict.fromkeys(name for run in runs for name in run.settings))
    values = {name: tuple(run.settings.get(name) for run in runs) for name in names}
    differing = {name: each for name, each in values.items() if any(value != each[0] for value in each)}
    expected, pairs = _across(run_dirs)
    return SideBySide(runs, differing, _groups(runs, checkpoints), checkpoints, expected, pairs)


def _across(run_dirs: Sequence[Path]) -> tuple[tuple[dict[str, Any], ...], tuple[dict[str, Any], ...]]:
    with across.connect(run_dirs) as con:
        found = []
        for name in ("best_at_budget", "paired_comparison"):
            analysis = catalogue.analysis(name)
            result = con.execute(analysis.sql, analysis.defaults)
            columns = [column[0] for column in result.description or ()]
            found.append(tuple(dict(zip(columns, row, strict=True)) for row in result.fetchall()))
    return found[0], found[1]


def _read_summary(run_dir: Path) -> dict[str, Any]:
    with open_run(run_dir) as log:
        (summary,) = log.analysis("run_summary")
    return summary


def _read(run_dir: Path, name: str, summary: dict[str, Any], checkpoints: Sequence[int]) -> Contender:
    with open_run(run_dir) as log:
        after = log.rows(queries.text("report/best_after.sql"), {"samples": list(checkpoints)})
        return Contender(
            name=name,
            settings=_settings(log.rows("from run_started")),
            summary=summary,
            improvements=log.analysis("improvements"),
            best_after={row["samples"]: row["best_score"] for row in after},
            writers=log.analysis("operators", by="writer"),
        )


def _settings(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what a run was set to, flat; nothing where the log has lost its first event."""
    found: dict[str, Any] = {}
    for name, value in (rows[0] if rows else {}).items():
        if name in _PASSED_OVER:
            continue
        if name in _JSON:
            fields = json.loads(value)
            found |= {f"{name.removesuffix('_params')}.{key}": inner for key, inner in fields.items()}
        else:
            found[name] = value
    return found


def _checkpoints(samples: list[int]) -> tuple[int, ...]:
    """Return after how many samples runs are compared: as many as the shortest of them has."""
    return (
        tuple(sorted({max(1, round(share * min(samples))) for share in CHECKPOINTS})) if min(samples) else ()
    )


def _groups(runs: Sequence[Contender], checkpoints: Sequence[int]) -> tuple[Group, ...]:
    alike: dict[str, list[Contender]] = {}
    for run in runs:
        settings = {
            name: value
            for name, value in run.settings.items()
            if name != _SEED and not name.startswith("stops.")
        }
        alike.setdefault(json.dumps(settings, sort_keys=True, default=str), []).append(run)
    return tuple(_group(members, checkpoints) for members in alike.values())


def _group(members: list[Contender], checkpoints: Sequence[int]) -> Group:
    after = {}
    for samples in checkpoints:
        scores = [run.best_after[samples] for run in members if samples in run.best_after]
        if len(scores) == len(members):
            after[samples] = (sum(scores) / len(scores), min(scores), max(scores))
    return Group(tuple(run.name for run in members), members[0].settings, after)


def shown_setting(name: str, value: Any) -> str:
    """Return a setting's value in a few words: a long text by how much of it there is."""
    if value is None:
        return ""
    if name in _TEXTS:
        length = len(value)
        return f"{length:,} {'inputs' if name == 'input_names' else 'characters'}"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
