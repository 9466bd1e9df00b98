"""The child's own part, where the whole sandbox cannot be made to fail."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from fsdb.sandbox.child import Task, evaluate_and_exit
from fsdb.sandbox.messages import Part

MODULE = "def priority(x):\n    return x\n\ndef evaluate(x):\n    return priority(x)\n"
TASK = Task(
    part=Part.WHOLE,
    module=MODULE,
    program="def priority(x):\n    return x\n",
    first_line=1,
    evolve="priority",
    run="evaluate",
    verify=None,
    inputs=[1, 2],
    artefacts=[],
    calls=None,
)


def report_of(lock: Callable[[], None]) -> tuple[bytes, int]:
    """Return what a child with this lock reports, and its exit code."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        evaluate_and_exit(TASK, lock, writing, 100)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        report = pipe.read()
    return report, os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_the_report_of_a_good_program() -> None:
    report, code = report_of(lambda: None)
    assert (report, code) == (b'LCM1.0\n2.0\n{"status": "ok", "error": null}\n', 0)


@pytest.mark.parametrize(
    "error", [OSError("landlock: no"), ValueError("landlock: no"), RuntimeError("landlock: no")]
)
def test_without_the_sandbox_nothing_is_run(error: Exception) -> None:
    def lock() -> None:
        raise error

    report, _ = report_of(lock)
    assert report == b'{"status": "sandbox_error", "error": "landlock: no"}\n'
