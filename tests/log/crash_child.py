"""Writers that are killed: a process that forks one for each line it reads, so that each starts at once.

A line is a JSON object: `run` (a directory), `merge` (whether to merge), and `die` (null: write until
killed; else the point at which to kill oneself, see `_POINTS`). The child prints its process id, then the
seq of each last event acknowledged. The parent prints "ended" once the child is gone.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import fsdb.log.files
import fsdb.log.merge
import fsdb.log.writer
from fsdb import schema
from fsdb.log import LogWriter, is_run
from tests.log.samples import OFTEN, RUN, append


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _before(function: Callable[..., Any]) -> Callable[..., Any]:
    def dies(*arguments: Any, **named: Any) -> None:
        _die()

    return dies


def _after(function: Callable[..., Any]) -> Callable[..., Any]:
    def does_then_dies(*arguments: Any, **named: Any) -> None:
        function(*arguments, **named)
        _die()

    return does_then_dies


def _half_written(function: Callable[..., Any]) -> Callable[..., Any]:
    def halves_then_dies(temporary: Path, final: Path) -> None:
        os.truncate(temporary, temporary.stat().st_size // 2)
        _die()

    return halves_then_dies


def _unlinks(count: int) -> Callable[[], None]:
    def prepare() -> None:
        unlink, left = Path.unlink, [count]

        def counted(path: Path, missing_ok: bool = False) -> None:
            if left[0] == 0:
                _die()
            left[0] -= 1
            unlink(path, missing_ok)

        Path.unlink = counted  # type: ignore[method-assign]

    return prepare


def _in(module: Any, name: str, change: Callable[..., Any]) -> Callable[[], None]:
    return lambda: setattr(module, name, change(getattr(module, name)))


_POINTS: dict[str, Callable[[], None]] = {
    "commit half written": _in(fsdb.log.writer, "put_in_place", _half_written),
    "commit written": _in(fsdb.log.writer, "put_in_place", _before),
    "commit in place": _in(fsdb.log.writer, "put_in_place", _after),
    "merge begun": _in(fsdb.log.merge, "seal_file", _before),
    "merge half written": _in(fsdb.log.merge, "put_in_place", _half_written),
    "merge written": _in(fsdb.log.merge, "put_in_place", _before),
    "merge in place": _in(fsdb.log.merge, "put_in_place", _after),
    "merge deletes first": _unlinks(0),
    "merge deletes second": _unlinks(1),
    "merge deletes third": _unlinks(2),
}


def points() -> list[str]:
    """The points at which a writer can be told to die."""
    return list(_POINTS)


def _write(run: Path, merge: bool, die: str | None) -> None:
    """Append and commit for ever, and say what was acknowledged."""
    policy = OFTEN if merge else False
    writer = LogWriter.open(run, merge=policy) if is_run(run) else LogWriter.create(run, RUN, merge=policy)
    if die:
        _POINTS[die]()
    os.write(1, f"{os.getpid()}\n".encode())
    sizes = random.Random(writer.next_seq)
    while True:
        append(writer, sizes.randint(1, 6))
        writer.commit()
        os.write(1, f"{writer.next_seq - 1}\n".encode())


def main() -> None:
    schema.arrow_schema()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            try:
                _write(**{**json.loads(line), "run": Path(json.loads(line)["run"])})
            except BaseException as error:
                os.write(1, f"{error!r}\n".encode())
            finally:
                os._exit(1)
        os.waitpid(child, 0)
        print("ended", flush=True)


if __name__ == "__main__":
    main()
