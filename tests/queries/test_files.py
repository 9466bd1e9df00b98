"""Every SQL file says what it is, and keeps to one style."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from fsdb import queries
from fsdb.queries.catalogue import analysis
from fsdb.state.database import MACROS
from fsdb.state.policies import RESET, SELECTION, Kind, load_policy

ROOT = Path(queries.__file__).resolve().parent
FILES = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*.sql"))


def header(sql: str) -> str:
    """The comment at the top of a file, as one line."""
    lines = []
    for line in sql.splitlines():
        if not line.startswith("--"):
            break
        lines.append(line.removeprefix("--").strip())
    return " ".join(lines)


@pytest.mark.parametrize("path", FILES)
def test_each_file_begins_with_what_it_is(path: str) -> None:
    """A sentence; for a query also its grain, for one that reads named parameters, those."""
    sql = (ROOT / path).read_text(encoding="utf-8")
    top = header(sql)
    assert re.match(r"[A-Z(].{10,}?[.:]", top), "begin with a sentence on what the file is for"
    folder = path.split("/")[0]
    if folder == "analyses":
        found = analysis(Path(path).stem)
        declared = {parameter.name for parameter in found.parameters}
        assert set(re.findall(r"\$([a-z_]+)", sql)) == declared
        assert found.grain.startswith("one row")
        assert found.question.endswith("?")
        assert all(len(line) <= 110 for line in sql.splitlines())
    elif folder in ("engine", "audits", "report"):
        assert "Grain: one row" in top
        assert "Reads: " in top
        for parameter in set(re.findall(r"\$([a-z_]+)", sql)):
            assert f"${parameter}" in top, f"${parameter} is not explained"
    elif folder == "macros":
        for macro in re.finditer(
            r"((?:^--.*\n)*)create or replace macro (\w+)\(.*\) as table\n", sql, re.MULTILINE
        ):
            assert "Grain: one row" in macro[1] or "Grain: one row" in top, macro[2]


def test_every_file_is_somewhere() -> None:
    """The folders are those that the code knows, and each file is one that it reads."""
    assert {path.split("/")[0] for path in FILES} == {
        *(
            "analyses",
            "audits",
            "engine",
            "macros",
            "model_policies",
            "policies",
            "projections",
            "replay",
            "report",
            "resets",
            "views",
        )
    }
    assert {f"macros/{name}.sql" for name in (*MACROS, "across")} == {
        path for path in FILES if path.startswith("macros/")
    }
    code = "\n".join(
        path.read_text(encoding="utf-8")
        for folder in ("fsdb", "cli")
        for path in (ROOT.parent / folder).rglob("*.py")
    )
    for path in FILES:
        if path.startswith("engine/"):
            assert path in code or re.search(rf'"{Path(path).stem}"', code), f"{path} is read by nothing"


@pytest.mark.parametrize("kind", [SELECTION, RESET])
def test_shipped_policies_are_policies(kind: Kind) -> None:
    for name in queries.names(kind.folder):
        assert load_policy(name, kind).sql == queries.text(f"{kind.folder}/{name}.sql")


@pytest.mark.slow
def test_sqlfluff_finds_nothing() -> None:
    command = [sys.executable, "-m", "sqlfluff", "lint", "--disable-progress-bar", "queries", "schema"]
    done = subprocess.run(command, cwd=ROOT.parent, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
