"""Where the system is not Linux everything imports, and each layer says that it is not there."""

from __future__ import annotations

import sys

import pytest

from fsdb.sandbox import landlock, libc, namespaces
from fsdb.sandbox.seccomp import SystemCallFilter


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    libc.library.cache_clear()


def test_namespaces() -> None:
    assert namespaces.enter() == "there is no such thing on darwin"


def test_landlock() -> None:
    with pytest.raises(OSError, match="there is no such thing on darwin"):
        landlock.deny_all()


def test_seccomp() -> None:
    with pytest.raises(OSError, match="there is no such thing on darwin"):
        SystemCallFilter().enforce()
