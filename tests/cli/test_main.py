"""How the command line ends: with a code, and without a traceback for what a user can cause."""

from __future__ import annotations

import duckdb
import pytest

from fsdb.cli.main import is_interrupt


@pytest.mark.parametrize(
    "error",
    [
        duckdb.InterruptException("INTERRUPT Error: Interrupted!"),
        RuntimeError("Query interrupted"),
        duckdb.InvalidInputException("exporting a stream failed: KeyboardInterrupt: "),
    ],
)
def test_what_duckdb_makes_of_ctrl_c_is_no_error(error: Exception) -> None:
    assert is_interrupt(error)


@pytest.mark.parametrize(
    "error", [RuntimeError("else"), duckdb.IOException("gone"), ValueError("KeyboardInterrupt")]
)
def test_any_other_error_is_one(error: Exception) -> None:
    assert not is_interrupt(error)
