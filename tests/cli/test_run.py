"""`fsdb run` and `fsdb resume` as a user meets them: real processes, a real terminal, a real server."""

from __future__ import annotations

import json
import os
import pty
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.model_server import ModelServer, Status
from tests.search.conftest import SQUARES, of_type

KEY = "sk-planted-for-the-test-0123456789"
FSDB = [sys.executable, "-m", "fsdb"]


@pytest.fixture
def squares(tmp_path: Path) -> Path:
    path = tmp_path / "squares.py"
    path.write_text(SQUARES)
    return path


def fsdb(*arguments: object, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*FSDB, *map(str, arguments)],
        cwd=folder,
        env={**os.environ, "OPENAI_API_KEY": "", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_run_prints_one_object_for_machines(squares: Path, tmp_path: Path) -> None:
    done = fsdb("run", squares, "--samples", 40, "--json", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert done.stdout.count("\n") == 1
    assert found["run"] == "squares-1"
    assert Path(found["path"]) == Path("runs/squares-1")
    assert (found["sampler"], found["samples"], found["programs"]) == ("mutation", 40, 40)
    assert 0 < found["valid"] <= 40
    assert found["best_score"] <= 0
    log = of_type(tmp_path / "runs" / "squares-1", "run_stopped")
    assert found["best_program_id"] == log["best_program_id"][0]
    assert found["events"] == log["seq"][0] + 1
    assert found["seconds"] > 0


def test_run_in_a_pipe_prints_plain_lines_and_a_summary(squares: Path, tmp_path: Path) -> None:
    done = fsdb("run", squares, "--samples", 60, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "\x1b" not in done.stdout
    assert "squares-1: squares by mutation" in done.stdout
    assert "def square(x: float) -> float:" in done.stdout
    assert "runs/squares-1" in done.stdout
    assert done.stdout.count("fsdb ") >= 3  # what to try next


def test_quiet_run_prints_the_summary_alone(squares: Path, tmp_path: Path) -> None:
    done = fsdb("run", squares, "--samples", 30, "--quiet", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "samples/s" not in done.stdout
    assert "def square" in done.stdout


def test_runs_are_numbered_and_named(squares: Path, tmp_path: Path) -> None:
    for expected in ("squares-1", "squares-2"):
        assert (
            json.loads(fsdb("run", squares, "--samples", 20, "--json", folder=tmp_path).stdout)["run"]
            == expected
        )
    assert fsdb("run", squares, "--samples", 20, "--name", "mine", folder=tmp_path).returncode == 0
    again = fsdb("run", squares, "--samples", 20, "--name", "mine", folder=tmp_path)
    assert again.returncode == 2
    assert "There is a run called mine already" in again.stderr
    assert "fsdb resume mine" in again.stderr


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["run", "nosuch"], "nosuch"),
        (["run", "squares.py", "--policy", "nosuch"], "nosuch"),
        (["run", "squares.py", "--policy", "funsearch:temperature_init=warm"], "temperature_init=warm"),
        (["run", "squares.py", "--policy", "missing.sql"], "missing.sql"),
        (["run", "squares.py", "--reset-policy", "survivors:every=3"], "every"),
        (["run", "squares.py", "--window", "4"], "window"),
        (["run", "squares.py", "--minutes", "-1"], "minutes"),
        (["run", "squares.py", "--name", "../up"], "../up"),
        (["run", "squares.py", "--inputs", "{"], "inputs"),
        (["run", "squares.py", "--model", "gpt-5-mini"], "OPENAI_API_KEY"),
        (["run", "squares.py", "--reset-policy", "random", "--random-programs", "0"], "random"),
        (["resume", "nosuch"], "nosuch"),
    ],
)
def test_what_a_user_gets_wrong_is_said_in_two_lines(
    squares: Path, tmp_path: Path, arguments: list[str], complaint: str
) -> None:
    done = fsdb(*arguments, folder=tmp_path)
    assert done.returncode == 2
    assert complaint in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) <= 4
    assert not list(tmp_path.glob("runs/*/events/*"))


def test_control_c_ends_a_run_cleanly_and_resume_goes_on(squares: Path, tmp_path: Path) -> None:
    process = subprocess.Popen(
        [*FSDB, "run", str(squares), "--samples", "400"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and len(list(tmp_path.glob("runs/squares-1/events/*"))) < 3:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=60)
    assert process.returncode == 130, errors
    assert "Traceback" not in errors
    assert "fsdb resume squares-1" in output
    done = fsdb("resume", "--json", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["samples"] == 400


def test_the_live_display_draws_and_leaves_the_summary(squares: Path, tmp_path: Path) -> None:
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [*FSDB, "run", str(squares), "--samples", "150"],
        cwd=tmp_path,
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env={**os.environ, "TERM": "xterm-256color", "COLUMNS": "100", "LINES": "40"},
    )
    os.close(slave)
    seen = b""
    while select.select([master], [], [], 60)[0]:
        try:
            part = os.read(master, 65536)
        except OSError:
            break
        if not part:
            break
        seen += part
    assert process.wait(timeout=60) == 0
    text = seen.decode(errors="replace")
    assert "squares-1 · squares by mutation" in text
    assert "distinct behaviours" in text
    assert "\x1b[" in text
    assert "Best program" in text


class TestWithAModel:
    """Through the real client and real sockets."""

    def test_a_run_accounts_for_every_token(self, squares: Path, tmp_path: Path) -> None:
        with ModelServer(key=KEY) as server:
            done = fsdb(
                "run",
                squares,
                "--model",
                server.model,
                "--base-url",
                server.base_url,
                "--samples",
                60,
                "--reset-policy",
                "none",
                "--json",
                folder=tmp_path,
                OPENAI_API_KEY=KEY,
            )
            assert done.returncode == 0, done.stderr
            found = json.loads(done.stdout)
            assert (found["sampler"], found["samples"]) == ("openai", 60)
            received = of_type(tmp_path / "runs" / "squares-1", "completion_received")
            assert received["tokens_in"].sum() == server.tokens_in
            assert received["tokens_out"].sum() == server.tokens_out
            assert set(received["sampler"]) == {"openai", "mutation"}
            for path in tmp_path.rglob("*"):
                assert path.is_dir() or KEY.encode() not in path.read_bytes()

    def test_a_wrong_key_stops_at_once_with_its_cure(self, squares: Path, tmp_path: Path) -> None:
        with ModelServer(key=KEY) as server:
            done = fsdb(
                "run",
                squares,
                "--model",
                server.model,
                "--base-url",
                server.base_url,
                "--samples",
                60,
                folder=tmp_path,
                OPENAI_API_KEY="sk-wrong-and-secret",
            )
        assert done.returncode != 0
        assert "Traceback" not in done.stderr
        assert "OPENAI_API_KEY" in done.stderr
        assert "sk-wrong-and-secret" not in done.stderr + done.stdout

    def test_in_order_the_same_answers_give_the_same_run(self, squares: Path, tmp_path: Path) -> None:
        for name in ("one", "two"):
            with ModelServer(key=KEY) as server:
                done = fsdb(
                    "run",
                    squares,
                    "--model",
                    server.model,
                    "--base-url",
                    server.base_url,
                    "--samples",
                    60,
                    "--in-order",
                    "--name",
                    name,
                    "--json",
                    folder=tmp_path,
                    OPENAI_API_KEY=KEY,
                )
                assert done.returncode == 0, done.stderr
        keep = ["draw_id", "island_id", "epoch", "status", "source", "score"]
        one, two = (
            of_type(tmp_path / "runs" / name, "program_evaluated").select(keep) for name in ("one", "two")
        )
        assert one.equals(two)

    def test_a_server_that_recovers_costs_no_sample(self, squares: Path, tmp_path: Path) -> None:
        with ModelServer(key=KEY) as server:
            server.next(*[Status(429, retry_after=0.01)] * 3)
            done = fsdb(
                "run",
                squares,
                "--model",
                server.model,
                "--base-url",
                server.base_url,
                "--samples",
                40,
                "--reset-policy",
                "none",
                "--random-programs",
                0,
                "--json",
                folder=tmp_path,
                OPENAI_API_KEY=KEY,
            )
        assert done.returncode == 0, done.stderr
        received = of_type(tmp_path / "runs" / "squares-1", "completion_received")
        assert received["error"].null_count() == 40

    def test_forged_scores_are_told_and_win_nothing(self, squares: Path, tmp_path: Path) -> None:
        report = b'5.0\n5.0\n{"status": "ok", "error": null}\n'
        forgery = (
            "```python\ndef square_v2(x: float) -> float:\n    import os\n"
            f"    os.write(3, {report!r})\n    os._exit(0)\n    return x\n```\n"
        )
        with ModelServer(forgery) as server:
            model = ["--model", server.model, "--base-url", server.base_url, "--samples", 60]
            done = fsdb("run", squares, *model, folder=tmp_path, OPENAI_API_KEY=KEY)
            assert done.returncode == 0, done.stderr
            assert "programs forged a score that would have been the best" in done.stderr
            assert "score 5" not in done.stdout
            done = fsdb("run", squares, *model, "--json", folder=tmp_path, OPENAI_API_KEY=KEY)
            assert json.loads(done.stdout)["forged"] > 0
            assert json.loads(done.stdout)["best_score"] <= 0
