from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from fsdb.search import sources
from fsdb.search.sources import Sources
from tests.search.conftest import Start, of_type


@pytest.fixture
def programs(start: Start, tmp_path: Path) -> pl.DataFrame:
    start("run", samples=60)
    return of_type(tmp_path / "run", "program_evaluated").filter(pl.col("status") == "ok")


def test_sources_come_from_memory_and_from_the_log(programs: pl.DataFrame, tmp_path: Path) -> None:
    found = Sources(tmp_path / "run")
    found.remember(1, "remembered")
    seqs = dict(programs.select("program_id", "seq").iter_rows())
    wanted = dict(programs.select("program_id", "source").iter_rows()) | {1: "remembered"}
    assert found.get(seqs) == wanted
    (tmp_path / "run").rename(tmp_path / "elsewhere")
    assert found.get(seqs) == wanted  # what was read is remembered


def test_memory_has_an_end(programs: pl.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "MEMORY_CHARACTERS", 1000)
    found = Sources(tmp_path / "run")
    seqs = dict(programs.select("program_id", "seq").iter_rows())
    for _ in range(2):
        assert found.get(seqs) == dict(programs.select("program_id", "source").iter_rows())
    assert sum(map(len, found._recent.values())) <= 1000
    found.remember(10**9, "x" * 5000)
    assert list(found._recent) == [10**9]
