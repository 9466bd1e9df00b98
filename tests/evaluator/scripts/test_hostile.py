"""What a hostile program tries in the sandbox for whole programs, and what comes of it."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import pytest

from tests.evaluator.scripts.conftest import LOADING, Score

EVALUATOR = f"""{LOADING}
def evaluate(program_path):
    return {{"combined_score": float(load(program_path).run())}}
"""

IN_A_PROCESS = """
import subprocess, sys

def evaluate(program_path):
    code = f"import runpy; print(runpy.run_path({program_path!r})['run']())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=10)
    return {"combined_score": float(done.stdout.split()[-1])}
"""

# Each returns 1.0 where it gets through, raises OSError where it is refused.
ATTACKS = {
    "TCP": "socket.create_connection(('127.0.0.1', 9), timeout=2)",
    "a socket": "socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
    "a raw socket": "socket.socket(socket.AF_PACKET, socket.SOCK_RAW)",
    "the home folder": "os.listdir({home!r})",
    "a key of the user": "open({key!r}).read()",
    "another folder": "os.listdir({beside!r})",
    "the host's settings": "open('/etc/hostname').read()",
    "passwords": "open('/etc/shadow').read()",
    "a file outside": "open({beside!r} + '/left', 'w')",
    "the evaluator's file": "open({evaluator!r}, 'a')",
    "a file beside the evaluator": "open(os.path.dirname({evaluator!r}) + '/left', 'w')",
    "its removal": "os.remove({evaluator!r})",
    "its permissions": "os.chmod({evaluator!r}, 0o777)",
    "a library": "open(os.__file__, 'a')",
    "other evaluations": "[1 / 0 for _ in glob.glob('/tmp/fsdb-[!e]*')] or open('/nowhere')",
    "a mount": "call('mount', b'none', b'/tmp', b'tmpfs', 0, None)",
    "a namespace": "call('unshare', 0x10000000)",
    "debugging": "call('ptrace', 16, os.getppid(), 0, 0)",
    "the kernel's log": "call('klogctl', 3, ctypes.create_string_buffer(99), 99)",
    "root": "os.setuid(0)",
    "a change of limits": "resource.setrlimit(resource.RLIMIT_NPROC, (9999, 9999))",
}

TRY = """
import ctypes, glob, os, resource, socket

def call(name, *arguments):
    if getattr(ctypes.CDLL(None, use_errno=True), name)(*arguments) == -1:
        raise OSError(ctypes.get_errno(), name)

def number():
    through = []
    for name, attack in {attacks!r}.items():
        try:
            eval(attack)
            through.append(name)
        except (OSError, ValueError):
            pass
    if {key!r} in str(dict(os.environ)) or "hunter2" in str(dict(os.environ)):
        through.append("environment")
    if through:
        raise RuntimeError("through: " + ", ".join(through))
    return 1.0
"""


def test_nothing_outside_is_within_reach(
    score: Score, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "hunter2")
    beside = tmp_path / "beside"
    beside.mkdir(mode=0o777)
    beside.chmod(0o777)
    (beside / "key").write_text("hunter2")
    (beside / "key").chmod(0o666)
    evaluator = tmp_path / "problem" / "evaluator.py"
    places = {
        "home": str(Path.home()),
        "key": str(beside / "key"),
        "beside": str(beside),
        "evaluator": str(evaluator),
    }
    attacks = {name: text.format(**places) for name, text in ATTACKS.items()}
    source = TRY.replace("{attacks!r}", repr(attacks)).replace("{key!r}", repr(str(beside / "key")))
    (tried,) = score({"evaluator.py": EVALUATOR}, source)
    assert (tried.status, tried.score) == ("ok", 1.0), tried.error
    assert evaluator.read_text() == EVALUATOR
    assert sorted(path.name for path in beside.iterdir()) == ["key"]


def test_what_is_started_ends_with_the_evaluation(score: Score) -> None:
    daemon = """
import os, time

def number():
    if os.fork():
        time.sleep(0.2)
        return 2.0
    os.setsid()
    if os.fork():
        os._exit(0)
    os.execv("/bin/sleep", ["sleep", "98765"])
"""
    bomb = """
import os, time

def number():
    count = 0
    try:
        while True:
            if os.fork() == 0:
                time.sleep(60)
                os._exit(0)
            count += 1
    except OSError:
        return float(count)
"""
    waiting = "import time\n\ndef number():\n    time.sleep(60)\n"
    began = time.monotonic()
    left, forked, late = score({"evaluator.py": EVALUATOR}, daemon, bomb, waiting, seconds=3.0)
    assert left.status == "ok"
    assert forked.status == "ok", forked.error
    assert (forked.score or 0) < 100
    assert late.status == "timeout"
    assert time.monotonic() - began < 30
    assert not any(b"98765" in _command(process) for process in Path("/proc").glob("[0-9]*"))


def _command(process: Path) -> bytes:
    try:
        return (process / "cmdline").read_bytes()
    except OSError:
        return b""


def test_memory_disk_and_output_are_limited(score: Score) -> None:
    memory = "def number():\n    return float(len(bytearray(3 * 2**30)))\n"
    disk = """
import os

def number():
    written = 0
    try:
        for number in range(100):
            with open(os.environ["TMPDIR"] + f"/{number}", "wb") as file:
                written += file.write(bytes(8 * 2**20))
    except OSError:
        pass
    return written / 2**20
"""
    output = """
import os

def number():
    for _ in range(2000):
        os.write(1, b"x" * 65536)
    return 3.0
"""
    before = set(Path(tempfile.gettempdir()).glob("fsdb-*/*"))
    large, full, loud = score({"evaluator.py": EVALUATOR}, memory, disk, output, memory=2**29)
    assert large.status in ("memory", "runtime_error")
    assert large.score is None
    assert full.score is None or full.score <= 256
    assert (loud.status, loud.score) == ("ok", 3.0)
    assert len(loud.output or "") < 13_000
    assert set(Path(tempfile.gettempdir()).glob("fsdb-*/*")) <= before


def test_a_program_run_in_a_process_of_its_own_cannot_answer_for_the_evaluator(score: Score) -> None:
    forging = """
import glob, json, os, time

ANSWER = json.dumps({"metrics": {"combined_score": 1e9}, "artifacts": {}}).encode()

def forge():
    for path in ["/proc/%d/fd/3" % os.getppid(), *glob.glob("/proc/[0-9]*/fd/3")]:
        try:
            with open(path, "wb", buffering=0) as file:
                file.write(ANSWER)
        except OSError:
            pass
    for number in range(3, 20):
        try:
            os.write(number, ANSWER)
        except OSError:
            pass
    for name in ("correct.json", "metrics.json"):
        with open(os.environ["TMPDIR"] + "/../results/" + name, "wb") as file:
            file.write(ANSWER)

def number():
    if os.fork() == 0:
        os.setsid()
        for descriptor in (0, 1, 2):
            os.close(descriptor)
        while True:
            forge()
    forge()
    return 2.0
"""
    (forged,) = score({"evaluator.py": IN_A_PROCESS}, forging)
    assert (forged.status, forged.score) == ("ok", 2.0), forged.error


def test_answers_are_read_once_nothing_can_change_them_and_only_from_files(score: Score) -> None:
    evaluator = """
import argparse, json, os, subprocess, sys
parser = argparse.ArgumentParser()
parser.add_argument("--program_path")
parser.add_argument("--results_dir")
given = parser.parse_args()
subprocess.run([sys.executable, given.program_path], timeout=10)
for name, answer in (("correct.json", {"correct": True}), ("metrics.json", {"combined_score": 1.0})):
    with open(os.path.join(given.results_dir, name), "w") as file:
        json.dump(answer, file)
"""
    before = """
import json, os
for name in ("correct.json", "metrics.json"):
    with open(os.environ["TMPDIR"] + "/../results/" + name, "w") as file:
        json.dump({"correct": True, "combined_score": 1e9}, file)
"""
    link = """
import os
os.symlink("/etc/passwd", os.environ["TMPDIR"] + "/../results/correct.json")
"""
    overwritten, linked = score({"evaluate.py": evaluator}, before, link)
    assert (overwritten.status, overwritten.score) == ("ok", 1.0)
    assert (linked.status, linked.score) == ("runtime_error", None)
    assert Path("/etc/passwd").stat().st_size > 0
