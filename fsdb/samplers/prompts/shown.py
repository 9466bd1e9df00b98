"""What a prompt shows, from the rows that tell it (queries/macros/prompts.sql)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fsdb.samplers.base import Failure, Parent


def parents_from(rows: Sequence[Mapping[str, Any]], input_names: Sequence[str]) -> tuple[Parent, ...]:
    """Return parents from rows of program_id, source, score, scores (by input) and feedback."""
    return tuple(
        Parent(
            row["program_id"],
            row["source"],
            row["score"],
            tuple(zip(input_names, row["scores"], strict=False)),
            row["feedback"],
        )
        for row in rows
    )


def failures_from(rows: Sequence[Mapping[str, Any]]) -> tuple[Failure, ...]:
    """Return failures from rows of status and error."""
    return tuple(Failure(row["status"], row["error"]) for row in rows)
