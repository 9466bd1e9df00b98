"""The definition of the events: complete, commented, and the same seen from SQL and from Arrow."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pyarrow as pa
import pytest

import fsdb
from fsdb import schema

EVENT_TYPES = (
    "run_started",
    "run_resumed",
    "run_forked",
    "prompt_drawn",
    "completion_received",
    "request_attempted",
    "program_evaluated",
    "island_reset",
    "run_stopped",
)

MODEL_POLICY = {"model_policy", "model_policy_sql", "model_policy_params"}

# What an event may leave null, by the comments. A wording that changes this list changes the log.
NULLABLE = {
    "run_started": {"model", "stops", "parent_run_id", "parent_seq", "explore"}
    | {"convention", "evaluator", "score_name"}
    | MODEL_POLICY,
    "run_resumed": set(),
    "run_forked": {"explore", "model"},
    "prompt_drawn": {"policy", "policy_params", "temperature", "template", "prompt_hash"}
    | {"model", "model_propensity", "model_policy", "model_policy_params", "explore", "component"},
    "completion_received": {
        "request_id",
        "model",
        "params",
        "text",
        "tokens_in",
        "tokens_out",
        "cost_usd",
        "latency_seconds",
        "finish_reason",
        "error",
        "model_asked",
        "answered_run",
        "answered_seq",
    },
    "request_attempted": {
        "prompt_hash",
        "status",
        "error",
        "retry_after_seconds",
        "tokens_in",
        "tokens_out",
        "cost_usd",
        "latency_seconds",
    },
    "program_evaluated": {
        "draw_id",
        "completion_id",
        "error",
        "output",
        "source",
        "source_hash",
        "score",
        "signature_hash",
        "reused_from",
        "evaluation_seconds",
        "cpu_seconds",
        "sandbox_level",
        "scoring",
        "second_score",
        "metrics",
        "private_metrics",
        "artifacts",
        "feedback",
        "sandbox_profile",
    },
    "island_reset": set(),
    "run_stopped": {"best_score", "best_program_id"},
}


def test_event_types_are_the_tables_after_the_envelope():
    assert schema.event_types() == EVENT_TYPES
    assert [table.table for table in schema.tables()] == [schema.ENVELOPE, *EVENT_TYPES]


@pytest.mark.parametrize("table", schema.tables(), ids=lambda table: table.table)
def test_every_table_has_a_comment(table):
    assert table.comment
    assert table.comment.endswith(".")


@pytest.mark.parametrize("column", schema.columns(), ids=lambda column: f"{column.table}.{column.column}")
def test_every_column_has_a_comment(column):
    assert column.comment
    assert column.comment.endswith(".")


def test_nullable_is_what_the_comments_say():
    found: dict[str, set[str]] = {name: set() for name in EVENT_TYPES}
    for column in schema.columns():
        if column.nullable and column.table != schema.ENVELOPE:
            found[column.table].add(column.column)
    assert found == NULLABLE
    assert not any(column.nullable for column in schema.columns() if column.table == schema.ENVELOPE)


def test_arrow_schema_is_the_envelope_and_a_nullable_struct_for_each_type():
    found = schema.arrow_schema()
    assert found.names == ["run_id", "seq", "type", "recorded_at", "schema_version", *EVENT_TYPES]
    assert found.field("seq").type == pa.int64()
    assert found.field("recorded_at").type == pa.timestamp("us")
    assert found.field("schema_version").type == pa.int32()
    for name in EVENT_TYPES:
        assert pa.types.is_struct(found.field(name).type)
        assert found.field(name).nullable


def test_arrow_schema_has_the_columns_in_the_definitions_order():
    found = schema.arrow_schema()
    for name in EVENT_TYPES:
        of_table = [column.column for column in schema.columns() if column.table == name]
        assert [field.name for field in found.field(name).type] == of_table


def test_list_items_are_named_element_at_every_depth():
    def names(type_):
        if pa.types.is_list(type_):
            yield type_.value_field.name
            yield from names(type_.value_type)
        if pa.types.is_struct(type_):
            for field in type_:
                yield from names(field.type)

    found = [name for field in schema.arrow_schema() for name in names(field.type)]
    assert len(found) >= 5
    assert set(found) == {"element"}


def test_nested_columns_keep_their_types():
    parents = schema.arrow_schema().field("prompt_drawn").type.field("parents").type.value_type
    assert parents.field("cluster_id").type == pa.int64()
    assert parents.field("slot").type == pa.int32()
    assert parents.field("program_propensity").type == pa.float64()


def test_importing_needs_neither_duckdb_nor_arrow():
    code = "import sys, fsdb.schema; print([m for m in ('duckdb', 'pyarrow') if m in sys.modules])"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"


def test_definition_is_found_in_an_archive(tmp_path: Path):
    here = Path(fsdb.__file__).parent
    archive = tmp_path / "fsdb.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.write(here / "__init__.py", "fsdb/__init__.py")
        for name in ("__init__.py", "events.sql"):
            file.write(here / "schema" / name, f"fsdb/schema/{name}")
    code = (
        f"import sys; sys.path.insert(0, {str(archive)!r}); import fsdb.schema; "
        "print(fsdb.schema.__file__, len(fsdb.schema.event_types()))"
    )
    said = subprocess.check_output([sys.executable, "-c", code], text=True, cwd=tmp_path).split()
    assert said == [f"{archive}/fsdb/schema/__init__.py", str(len(EVENT_TYPES))]
