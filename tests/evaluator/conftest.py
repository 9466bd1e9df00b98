from __future__ import annotations

from collections.abc import Iterator

import pytest

from fsdb.evaluator.evaluation import Limits
from tests.evaluator.arena import Arena, arena


@pytest.fixture(scope="package")
def shared() -> Iterator[Arena]:
    """One evaluator for all: what one program leaves behind, the next would notice."""
    with arena(limits=Limits(timeout_seconds=20, memory_bytes=64 * 2**20, output_bytes=1000)) as it:
        yield it
        it.check_good()
        assert it.evaluator.restarts == 0


@pytest.fixture(scope="package")
def hasty() -> Iterator[Arena]:
    """The same with little time."""
    with arena(limits=Limits(timeout_seconds=0.7, memory_bytes=2**30, output_bytes=1000)) as it:
        yield it
        it.check_good()
        assert it.evaluator.restarts == 0
