"""Thousands of evaluations of all sorts in one evaluator: nothing grows. How many, FSDB_SOAK says."""

from __future__ import annotations

import asyncio
import os
import sys

import pytest

from benchmarks.sandbox import soak

EVALUATIONS = int(os.environ.get("FSDB_SOAK", "3000"))


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="looks at processes as Linux shows them")
@pytest.mark.timeout(300 + EVALUATIONS)
def test_nothing_grows() -> None:
    result = asyncio.run(soak(EVALUATIONS))
    before, after = result.before, result.after
    assert result.wrong == []
    assert result.restarts == 0
    assert after.processes == before.processes
    assert after.engine_descriptors == before.engine_descriptors
    assert after.zygote_descriptors == before.zygote_descriptors
    assert after.traces == 0
    assert after.engine_memory_mb - before.engine_memory_mb < 8
    assert after.zygote_memory_mb - before.zygote_memory_mb < 8
