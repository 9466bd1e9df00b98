"""What docs/policies.md and docs/state.md say is so."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from fsdb import queries
from fsdb.state.database import STATE_VIEWS, connect_table
from fsdb.state.draws import decide_reset, draw_batch
from fsdb.state.policies import (
    RESET,
    SELECTION,
    Kind,
    install_reset,
    install_selection,
    load_policy,
    make_policy,
)
from tests.state.populations import ORDINARY, connect_population, populate

DOCS = Path(__file__).parents[2] / "docs"
POLICIES = (DOCS / "policies.md").read_text(encoding="utf-8")
STATE = (DOCS / "state.md").read_text(encoding="utf-8")
SELECTION_EXAMPLE, RESET_EXAMPLE = re.findall(r"```sql\n(.*?)```", POLICIES, flags=re.DOTALL)


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    log, _ = populate(4, ORDINARY)
    with connect_population(log) as con:
        yield con


def test_the_selection_policy_of_the_guide_works(con: duckdb.DuckDBPyConnection) -> None:
    policy = make_policy(SELECTION, "mine", SELECTION_EXAMPLE, {"novelty": "2"})
    assert policy.params["temperature"] == 0.1
    assert policy.params["novelty"] == 2.0
    install_selection(con, policy)
    assert {draw.temperature for draw in draw_batch(con, policy, 0, range(20))} == {0.1}


def test_the_reset_policy_of_the_guide_works(con: duckdb.DuckDBPyConnection) -> None:
    policy = make_policy(RESET, "mine", RESET_EXAMPLE, {})
    install_reset(con, policy)
    assert decide_reset(con, policy, 0, 0, 0) is None
    con.execute("update live.counts set programs_since_reset = 500")
    event = decide_reset(con, policy, 0, 0, 0)
    assert event is not None
    by_size = sorted(event["islands"], key=lambda island: -island["programs"])
    assert [island["reset"] for island in by_size] == [True, True, False, False]
    best = con.execute("select arg_max(best_program_id, best_score) from islands where island_id in (1, 2)")
    assert {island["founder_program_id"] for island in by_size[:2]} == {row[0] for row in best.fetchall()}


def test_the_error_of_the_guide_is_what_is_said(tmp_path: Path) -> None:
    (tmp_path / "mine.sql").write_text(SELECTION_EXAMPLE)
    command, said = re.findall(r"^\$ fsdb (run .*)\n(Error: .*\n.*\n)```", POLICIES, flags=re.MULTILINE)[0]
    done = subprocess.run(
        [sys.executable, "-m", "fsdb", *shlex.split(command)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (2, "", said)


def test_the_parameter_lines_of_the_guide_declare_parameters() -> None:
    lines = re.findall(r"^\| `(-- param .*?)` \|", POLICIES, flags=re.MULTILINE)
    assert len(lines) == 4
    for line in lines:
        text = line.replace("\\|", "|") + "\n-- name: clusters\nselect cluster_id, 0 as logit from clusters"
        assert len(make_policy(SELECTION, "mine", text, {}).params) == 3


@pytest.mark.parametrize("kind", [SELECTION, RESET])
def test_the_guide_tells_of_every_policy_and_parameter(kind: Kind) -> None:
    names = queries.names(kind.folder)
    listed = re.findall(r"^\| `(\w+)`(?: \(default\))? \|", POLICIES, flags=re.MULTILINE)
    assert set(names) <= set(listed)
    for name in names:
        for param in load_policy(name, kind).params:
            assert f"`{param}" in POLICIES, param
    for query, columns in kind.queries.items():
        assert f"| `{query}` | {', '.join(f'`{column}`' for column in columns)}" in POLICIES


def test_every_relation_is_described_with_its_columns() -> None:
    log, _ = populate(4, ORDINARY)
    sections = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## )", STATE, flags=re.MULTILINE | re.DOTALL))
    assert {name for name in sections if name in STATE_VIEWS} == set(STATE_VIEWS)
    with connect_table(log.table()) as con:
        actual = {name: dict(_described(con, name)) for name in (*STATE_VIEWS, "program_evaluated")}
    for name in STATE_VIEWS:
        assert "One row" in sections[name]
        assert dict(_documented(sections[name], actual)) == actual[name], name


def _described(con: duckdb.DuckDBPyConnection, relation: str) -> list[tuple[str, str]]:
    return [(row[0], row[1]) for row in con.execute(f"describe {relation}").fetchall()]


def _documented(section: str, actual: dict[str, dict[str, str]]) -> Iterator[tuple[str, str]]:
    for names, types in re.findall(r"^\| (`.*?) \| (.*?) \|", section, flags=re.MULTILINE):
        columns = re.findall(r"`(\w+)`", names)
        if other := re.match(r"as in `(\w+)`", types):
            yield from ((column, actual[other[1]][column]) for column in columns)
            continue
        each = re.split(r", (?![^(]*\))", types)
        yield from zip(columns, each if len(each) > 1 else each * len(columns), strict=True)


@pytest.mark.parametrize("guide", [POLICIES, STATE])
def test_every_query_shown_runs_and_returns_the_columns_shown(guide: str) -> None:
    log, _ = populate(4, ORDINARY)
    shown = re.findall(r"^\$ (fsdb sql .*)\n(.*)$", guide, flags=re.MULTILINE)
    assert shown
    with connect_table(log.table()) as con:
        for command, titles in shown:
            columns = con.sql(shlex.split(command)[-1]).columns
            assert titles.split() == columns
