from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import fsdb as fsdb
from tests.report.logs import real_run


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory of a real run, not to be changed."""
    return real_run(tmp_path_factory.getbasetemp())
