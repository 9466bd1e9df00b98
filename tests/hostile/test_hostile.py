"""Hundreds of hostile programs: each ends as its file says, and nothing is read, written, sent or left.

They run at every level of the sandbox, as whoever runs the tests and, where that is root, as an ordinary
user, too.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

import pytest

from tests.hostile import collection
from tests.hostile.battery import Battery, battery
from tests.hostile.ordinary import run_battery

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="there is no sandbox elsewhere")

ALL = collection.load()

LOWER_LEVELS = {
    "L2": ("rlimits", "user", "landlock", "seccomp"),
    "L1": ("rlimits", "seccomp"),
}

# What the layers that are left out at the lower levels are for. The rest is the same at every level.
REACHING = (
    *("debugging", "descriptors", "environment", "files", "kernel", "links", "network"),
    *("proc", "processes", "shared_memory", "signals"),
)

# What the system itself refuses to some users and in some containers, sandbox or not.
NOT_EVERYWHERE = ("debugging", "kernel", "proc", "shared_memory")


@pytest.fixture(scope="module")
def contained() -> Iterator[Battery]:
    with battery() as it:
        if it.level == "L0":
            pytest.skip("there is no sandbox on this machine")
        yield it


@pytest.mark.parametrize("name", ALL)
def test_contained(contained: Battery, name: str) -> None:
    assert contained.run(ALL[name]) == []


@pytest.fixture(scope="module", params=LOWER_LEVELS)
def contained_by_less(request: pytest.FixtureRequest) -> Iterator[Battery]:
    with battery(LOWER_LEVELS[request.param]) as it:
        if it.level != request.param:
            pytest.skip(f"this machine's sandbox reaches only {it.level}")
        yield it


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name, program in ALL.items() if program.group in REACHING])
def test_contained_by_less(contained_by_less: Battery, name: str) -> None:
    assert contained_by_less.run(ALL[name]) == []


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user runs the tests")
def test_contained_as_an_ordinary_user() -> None:
    answer = run_battery()
    assert answer["wrong"] == {}
    assert answer["programs"] == len(ALL)
    assert answer["level"] in ("L2", "L3")


@pytest.fixture(scope="module")
def unprotected() -> Iterator[Battery]:
    with battery(layers=(), patience=3.0) as it:
        yield it


@pytest.mark.parametrize("name", [name for name, program in ALL.items() if program.unprotected])
def test_without_a_sandbox_it_works(unprotected: Battery, name: str) -> None:
    program = ALL[name]
    came_of_it = unprotected.prove(program)
    if program.group in NOT_EVERYWHERE and came_of_it.startswith("runtime_error: PermissionError"):
        pytest.skip(f"the system itself refuses {name} here")
    assert came_of_it == program.unprotected


def test_there_are_many_of_every_kind() -> None:
    assert len(ALL) > 400
    assert sum(program.unprotected is not None for program in ALL.values()) > 150
    assert {program.unprotected for program in ALL.values()} == {
        *(None, "ok", "read", "written", "sent", "killed", "left", "seen")
    }
