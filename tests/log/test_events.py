"""What append accepts, and what becomes of it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fsdb import schema
from fsdb.log import clean_text
from fsdb.log.events import Event, check_fields, to_table
from tests.log.samples import RUN, any_event, cleaned, event_at


def evaluated(**changes: Any) -> dict[str, Any]:
    fields = next(fields for name, fields in map(event_at, range(20)) if name == "program_evaluated")
    return fields | changes


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("plain", "plain"),
        ("", ""),
        ("snow ☃ and 😀", "snow ☃ and 😀"),
        ("a\0b", "a\ufffdb"),
        ("\ud800", "\ufffd"),
        ("a\udfffb\udc00", "a\ufffdb\ufffd"),
        ("line\u2028para\u2029\x85\x1b[0m\r\n", "line\u2028para\u2029\x85\x1b[0m\r\n"),
    ],
)
def test_clean_text(text: str, kept: str):
    assert clean_text(text) == kept


@given(st.text(st.characters(exclude_categories=())))
def test_cleaned_text_is_utf_8_and_stays_as_it_is(text: str):
    kept = clean_text(text)
    assert kept.encode().decode() == kept
    assert clean_text(kept) == kept
    assert len(kept) == len(text)


@given(any_event())
def test_any_event_of_the_definition_is_accepted(event: tuple[str, dict[str, Any]]):
    assert check_fields(*event) == cleaned(event[1])


def test_an_unknown_type_is_refused():
    with pytest.raises(ValueError, match="unknown event type 'program_evaluted'"):
        check_fields("program_evaluted", {})


def test_missing_and_unknown_fields_are_named():
    fields = evaluated()
    del fields["score"]
    with pytest.raises(ValueError, match="program_evaluated: missing score; unknown scroe"):
        check_fields("program_evaluated", fields | {"scroe": 1.0})
    with pytest.raises(ValueError, match="unknown extra"):
        check_fields("program_evaluated", evaluated(extra=1))


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("program_id", None, ValueError),
        ("scores", None, ValueError),
        ("status", None, ValueError),
        ("program_id", "1", TypeError),
        ("program_id", 1.0, TypeError),
        ("program_id", True, TypeError),
        ("program_id", 2**63, ValueError),
        ("island_id", 2**31, ValueError),
        ("score", "1", TypeError),
        ("score", True, TypeError),
        ("score", 10**400, OverflowError),
        ("source", b"bytes", TypeError),
        ("scores", "12", TypeError),
        ("scores", [1.0, "x"], TypeError),
    ],
)
def test_a_value_of_another_kind_is_refused(field: str, value: Any, error: type[Exception]):
    with pytest.raises(error, match=f"program_evaluated.{field}"):
        check_fields("program_evaluated", evaluated(**{field: value}))


def test_a_struct_needs_exactly_its_fields():
    fields = next(fields for name, fields in map(event_at, range(20)) if name == "prompt_drawn")
    parent = {"position": 0, "slot": 0, "program_id": 1, "cluster_id": 1, "cluster_propensity": 0.5}
    with pytest.raises(ValueError, match=r"prompt_drawn\.parents: expected the fields .*program_propensity"):
        check_fields("prompt_drawn", fields | {"parents": [parent]})
    with pytest.raises(TypeError, match="expected a mapping"):
        check_fields("prompt_drawn", fields | {"parents": [None]})


def test_numpy_scalars_are_plain_numbers():
    fields = evaluated(program_id=np.int64(7), score=np.float32(0.5), scores=[np.float64(1), np.int32(2)])
    kept = check_fields("program_evaluated", fields)
    assert (kept["program_id"], kept["score"], kept["scores"]) == (7, 0.5, [1.0, 2.0])
    assert type(kept["program_id"]) is int
    assert type(kept["score"]) is float


def test_a_table_holds_each_event_in_the_struct_of_its_type_alone():
    events = [Event(name, 1_000_000 + seq, fields) for seq in range(12) for name, fields in [event_at(seq)]]
    table = to_table(RUN, 40, events)
    assert table.schema.equals(schema.arrow_schema())
    for index, row in enumerate(table.to_pylist()):
        assert row["seq"] == 40 + index
        assert row["run_id"] == RUN
        assert row["schema_version"] == schema.SCHEMA_VERSION
        assert row["recorded_at"].microsecond == index
        assert {name: row[name] for name in schema.event_types() if row[name] is not None} == {
            row["type"]: events[index].fields
        }


def test_doubles_keep_every_bit():
    scores = [0.1 + 0.2, -0.0, 5e-324, 1.7976931348623157e308, math.inf, -math.inf, math.nan, None]
    kept = check_fields("program_evaluated", evaluated(scores=scores))
    table = to_table(RUN, 0, [Event("program_evaluated", 0, kept)])
    (found,) = table.column("program_evaluated").to_pylist()
    assert list(map(repr, found["scores"])) == list(map(repr, scores))
