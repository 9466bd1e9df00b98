from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from fsdb.cli.main import main
from tests.report.logs import HOSTILE, SEED_PROGRAM, child, hand_made, real_run, stopped, write


@dataclass(frozen=True)
class Said:
    """What a command came to."""

    code: int
    out: str
    err: str


Fsdb = Callable[..., Said]


@pytest.fixture
def fsdb(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Fsdb:
    """Run a command line in this process, as `fsdb` would be: errors are printed and end it with a code."""
    monkeypatch.delenv("FSDB_RUNS_DIR", raising=False)

    def run(*arguments: object) -> Said:
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        code = ended.value.code
        return Said(code if isinstance(code, int) else 0, printed.out, printed.err)

    return run


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory of a real run, not to be changed."""
    return real_run(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="session")
def runs_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`plain`, a hand-made run with a failure, and the newer `hostile`, which would take over a terminal."""
    folder = tmp_path_factory.mktemp("hand-made")
    log = hand_made(folder, islands=2)
    seed = log.evaluated([-9.0, -9.0], 0, source=SEED_PROGRAM)
    log.evaluated([-9.0, -9.0], 1, source=SEED_PROGRAM, reused_from=0)
    better = child(log, [-1.0, -2.0], [seed], source="def cube(x):\n    return x\n")
    child(log, [None, None], [better], status="timeout", error="took 5 s")
    stopped(log)
    write(log, folder / "runs" / "plain")

    log = hand_made(folder, sampler="openai", model="gpt-[red]x[/red]\x1b[31m")
    seed = log.evaluated([-9.0, -9.0], source=SEED_PROGRAM)
    child(log, [-1.0, -1.0], [seed], source=HOSTILE)
    for _ in range(2):
        child(
            log,
            [None, None],
            [seed],
            status="runtime_error",
            error=HOSTILE,
            output=HOSTILE,
            source=HOSTILE + "\n",
        )
    log.received(log.drawn(0, [seed]), text=HOSTILE)
    write(log, folder / "runs" / "hostile")
    return folder / "runs"
