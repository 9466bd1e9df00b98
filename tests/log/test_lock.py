"""One writer at a time, whatever became of the one before."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from fsdb.errors import LogError
from fsdb.log import LogWriter
from fsdb.log.lock import LOCK, WriterLock
from tests.log.samples import RUN, append, expected_rows, rows, write_log

HOLDER = """
import sys, time
from pathlib import Path
from fsdb.log.lock import WriterLock
lock = WriterLock(Path(sys.argv[1]))
print("held", flush=True)
time.sleep(60)
"""

FORKING_HOLDER = """
import os, sys, time
from pathlib import Path
from fsdb.log.lock import WriterLock
lock = WriterLock(Path(sys.argv[1]))
if os.fork() == 0:
    print(os.getpid(), flush=True)
time.sleep(60)
"""


@pytest.fixture
def holder(tmp_path: Path):
    """Another process that holds the lock of a run."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_second_writer_is_told_who_holds_the_run(tmp_path: Path, holder: subprocess.Popen[str]):
    with pytest.raises(LogError) as caught:
        WriterLock(tmp_path)
    assert f"process {holder.pid} on {socket.gethostname()}" in caught.value.message
    assert str(tmp_path) in caught.value.message
    assert caught.value.cure


def test_a_dead_holder_does_not_block(tmp_path: Path, holder: subprocess.Popen[str]):
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    assert str(holder.pid) in (tmp_path / LOCK).read_text()
    WriterLock(tmp_path).release()


def test_a_second_writer_in_the_same_process_is_refused(tmp_path: Path):
    run = write_log(tmp_path / "run", [3])
    with LogWriter.open(run, merge=False):
        with pytest.raises(LogError, match=f"process {os.getpid()} "):
            LogWriter.open(run)
        with pytest.raises(LogError, match=f"process {os.getpid()} "):
            LogWriter.create(run, RUN)
    LogWriter.open(run, merge=False).close()


def test_a_refused_open_lets_go_of_the_lock(tmp_path: Path):
    (tmp_path / "events").mkdir()
    for _ in range(2):
        with pytest.raises(LogError, match="never began"):
            LogWriter.open(tmp_path)


def test_a_released_lock_names_nobody(tmp_path: Path):
    WriterLock(tmp_path).release()
    assert (tmp_path / LOCK).read_text() == ""


def test_a_child_that_outlives_its_killed_parent_does_not_hold_the_run(tmp_path: Path):
    process = subprocess.Popen(
        [sys.executable, "-c", FORKING_HOLDER, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    child = int(process.stdout.readline())
    try:
        with pytest.raises(LogError, match=f"process {process.pid} "):
            WriterLock(tmp_path)  # the fork did not let go of the parent's lock
        process.kill()
        process.wait()
        WriterLock(tmp_path).release()
    finally:
        os.kill(child, signal.SIGKILL)
        process.stdout.close()


def test_a_commit_notices_that_the_lock_was_deleted(tmp_path: Path):
    run = tmp_path / "run"
    writer = LogWriter.create(run, RUN, merge=False)
    append(writer, 2)
    writer.commit()
    (run / LOCK).unlink()
    other = LogWriter.open(run, merge=False)
    append(writer, 2)
    with pytest.raises(LogError, match="lock"):
        writer.commit()
    append(other, 3)
    other.commit()
    other.close()
    writer.close()
    assert rows(run) == expected_rows(5)


def test_a_directory_without_permission_is_an_error_with_a_cure(tmp_path: Path):
    with pytest.raises(LogError) as caught:
        WriterLock(tmp_path / "absent")
    assert caught.value.cure
