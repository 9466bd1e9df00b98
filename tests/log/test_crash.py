"""Real kills, at any moment: what was acknowledged is there once, and the log goes on."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from fsdb.log import LogWriter, scan
from tests.log.crash_child import points
from tests.log.samples import append, expected_rows, rows, write_log

KILLS = 25


@pytest.fixture(scope="module")
def nursery() -> Iterator[subprocess.Popen[str]]:
    """The process whose children write and die."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.log.crash_child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    ) as process:
        yield process
        process.kill()


def write_until_killed(
    nursery: subprocess.Popen[str], run: Path, *, after: float | None = None, die: str | None = None
) -> int:
    """Let a child write until it is killed, and return the last seq that it had acknowledged, -1 for none.

    `after` is in seconds from its start; without it, the child kills itself at the point `die`.
    """
    assert nursery.stdin is not None
    assert nursery.stdout is not None
    nursery.stdin.write(json.dumps({"run": str(run), "merge": True, "die": die}) + "\n")
    nursery.stdin.flush()
    pid = int(nursery.stdout.readline())
    if after is not None:
        time.sleep(after)
        os.kill(pid, signal.SIGKILL)
    said = list(iter(nursery.stdout.readline, "ended\n"))
    return int(said[-1]) if said else -1


def test_kills_at_random_moments_lose_nothing_and_double_nothing(
    nursery: subprocess.Popen[str], tmp_path: Path
):
    run = tmp_path / "run"
    acknowledged = write_until_killed(nursery, run, after=0.3)
    moments = random.Random(20)
    for kill in range(KILLS):
        acknowledged = max(acknowledged, write_until_killed(nursery, run, after=moments.uniform(0, 0.25)))
        state = scan(run, check=kill % 5 == 4)
        assert state.whole, state.damages
        assert state.next_seq > acknowledged
        assert state.events == state.next_seq
    with LogWriter.open(run) as writer:
        append(writer, 1)
        writer.commit()
    assert rows(run) == expected_rows(state.next_seq + 1)
    assert {path.suffix for path in (run / "events").iterdir()} == {".parquet"}


@pytest.mark.parametrize("point", points())
def test_a_kill_at_a_chosen_point(nursery: subprocess.Popen[str], tmp_path: Path, point: str):
    """The moments that chance would seldom hit; each is met twice, the second time on what the first left."""
    run = write_log(tmp_path / "run", [4, 4])
    acknowledged = 7
    for _ in range(2):
        acknowledged = max(acknowledged, write_until_killed(nursery, run, die=point))
        state = scan(run, check=True)
        assert state.whole, state.damages
        assert state.next_seq > acknowledged
        assert rows(run) == expected_rows(state.next_seq)
    LogWriter.open(run, merge=False).close()
    assert rows(run) == expected_rows(state.next_seq)
    left = scan(run)
    assert (left.superseded, left.temporary) == ((), ())
