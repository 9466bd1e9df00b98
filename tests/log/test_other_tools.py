"""The log is for any tool: polars, pyarrow and DuckDB read it without fsdb, and see the same."""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pytest

from tests.log.samples import OFTEN, expected_rows, write_log

EVENTS = 400


@pytest.fixture(scope="module", params=[False, OFTEN], ids=["commits", "merged"])
def pattern(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    run = write_log(tmp_path_factory.mktemp("tools") / "run", [40] * (EVENTS // 40), merge=request.param)
    return run / "events"


def truth() -> dict[str, tuple[int, float]]:
    """For each type of event how many there are; for programs, the best score too."""
    counts: dict[str, int] = {}
    scores = [fields["score"] for _, type_, fields in expected_rows(EVENTS) if type_ == "program_evaluated"]
    for _, type_, _ in expected_rows(EVENTS):
        counts[type_] = counts.get(type_, 0) + 1
    return {type_: (count, max(scores)) for type_, count in counts.items()}


def test_polars(pattern: Path):
    frame = pl.scan_parquet(pattern / "*.parquet")
    best = frame.select(pl.col("program_evaluated").struct.field("score").max()).collect().item()
    counts = frame.group_by("type").len().collect()
    assert {type_: (count, best) for type_, count in counts.iter_rows()} == truth()
    assert frame.select("seq").collect().to_series().to_list() == list(range(EVENTS))


def test_pyarrow(pattern: Path):
    table = ds.dataset(pattern, format="parquet").to_table()
    best = pc.max(pc.struct_field(table.column("program_evaluated"), "score")).as_py()
    counts = table.group_by("type").aggregate([("seq", "count")]).to_pylist()
    assert {row["type"]: (row["seq_count"], best) for row in counts} == truth()
    assert sorted(table.column("seq").to_pylist()) == list(range(EVENTS))


def test_duckdb(pattern: Path):
    counts = duckdb.sql(
        f"""
        select type, count(*), (select max(program_evaluated.score) from '{pattern}/*.parquet')
        from '{pattern}/*.parquet'
        group by type
        """
    ).fetchall()
    assert {type_: (count, best) for type_, count, best in counts} == truth()


def test_every_value_survives_polars_and_duckdb(pattern: Path):
    expected = [
        (seq, fields["program_id"], fields["source"], fields["scores"], fields["island_id"])
        for seq, type_, fields in expected_rows(EVENTS)
        if type_ == "program_evaluated"
    ]
    columns = ["program_id", "source", "scores", "island_id"]
    from_polars = (
        pl.scan_parquet(pattern / "*.parquet")
        .filter(pl.col("type") == "program_evaluated")
        .sort("seq")
        .select("seq", *(pl.col("program_evaluated").struct.field(column) for column in columns))
        .collect()
    )
    assert from_polars.rows() == expected
    from_duckdb = duckdb.sql(
        f"""
        select seq, {", ".join(f"program_evaluated.{column}" for column in columns)}
        from '{pattern}/*.parquet'
        where type = 'program_evaluated'
        order by seq
        """
    ).fetchall()
    assert from_duckdb == expected
