"""A process that has entered namespaces, looked at from inside and from outside."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

from fsdb.sandbox import namespaces
from tests.sandbox.processes import descendants, gone, wait_for

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or namespaces._attempt() is not None, reason="no namespaces on this machine"
)

INSIDE = textwrap.dedent(
    """
    import ctypes, json, os, socket, sys
    from fsdb.sandbox import namespaces
    reason = namespaces.enter()
    seen = {"reason": reason, "pid": os.getpid(), "hosts": [name for _, name in socket.if_nameindex()]}
    namespaces.hide_files()
    namespaces.drop_capabilities()
    seen["files"] = os.listdir("/")
    for what, attempt in {
        "write": lambda: os.mkdir("/new"),
        "mount": lambda: namespaces.hide_files(),
        "name": lambda: socket.sethostname("new"),
        "connect": lambda: socket.socket().connect(("127.0.0.1", 80)),
    }.items():
        try:
            attempt()
            seen[what] = None
        except OSError as error:
            seen[what] = error.errno
    print(json.dumps(seen), flush=True)
    """
)


def run(script: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
        timeout=60,
    )


@pytest.fixture(scope="module")
def seen() -> dict[str, Any]:
    done = run(INSIDE)
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_it_is_alone(seen: dict[str, Any]) -> None:
    assert seen["reason"] is None
    assert seen["pid"] == 1
    assert set(seen["hosts"]) <= {"lo"}


def test_nothing_is_there(seen: dict[str, Any]) -> None:
    assert seen["files"] == []


@pytest.mark.parametrize("what", ["write", "mount", "name", "connect"])
def test_nothing_can_be_changed(seen: dict[str, Any], what: str) -> None:
    assert seen[what] is not None


@pytest.mark.parametrize(("ending", "code"), [("sys.exit(7)", 7), ("os.kill(0, signal.SIGKILL)", -9)])
def test_outside_it_ends_as_inside(ending: str, code: int) -> None:
    entering = "import os, signal, sys; from fsdb.sandbox import namespaces; os.setsid(); namespaces.enter()"
    assert run(f"{entering}; {ending}").returncode == code


def test_killed_from_outside_nothing_is_left_inside() -> None:
    script = (
        "import os, time; from fsdb.sandbox import namespaces; namespaces.enter(); os.fork(); time.sleep(100)"
    )
    process = subprocess.Popen([sys.executable, "-c", script], cwd=Path(__file__).parents[2])
    try:
        assert wait_for(lambda: len(descendants(process.pid)) == 2)
        inside = descendants(process.pid)
    finally:
        process.kill()
        process.wait()
    assert gone(inside)


def test_entering_that_is_refused_gives_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise OSError("unshare: Operation not permitted")

    monkeypatch.setattr(namespaces, "_unshare", refuse)
    before = os.getpid()
    assert namespaces.enter() == "unshare: Operation not permitted"
    assert os.getpid() == before
