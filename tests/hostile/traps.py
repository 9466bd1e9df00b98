"""What hostile programs are to leave alone, laid out so that whatever they do to it is noticed."""

from __future__ import annotations

import contextlib
import os
import platform
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import fsdb
from fsdb.evaluator.evaluation import Evaluation
from fsdb.sandbox import libc
from fsdb.sandbox.lockdown import NOBODY
from tests.sandbox.processes import wait_for

_CROWDED = ("/tmp", "/dev/shm", "/")
# Where others write, too: there only names with the mark count.


class Traps:
    """A directory, keys, sockets and a process, all of them within reach of a program without a sandbox.

    Every name has the `mark`, which is different each time, so that what is done to them, in the places that
    all share, can be told from what others do there.
    """

    def __init__(self, programs_user: int) -> None:
        """`programs_user` is the user that programs run as; another process of that user is there, too."""
        self.mark = f"fsdb-hostile-{secrets.token_hex(8)}"
        self._number = str(secrets.randbelow(9 * 10**12) + 10**12)
        self._secret = f"sk-planted-{self._number}"
        self._user = programs_user
        self.directory = Path(tempfile.mkdtemp(prefix="fsdb-traps-"))
        self.directory.chmod(0o777)
        self._secret_file = self.directory / "secret"
        self._module = self.directory / "planted.py"
        self._repository = Path(fsdb.__file__).resolve().parent.parent
        self.own: set[int] = set()
        """The processes with the mark that are no program's: the evaluator's."""
        self._tcp = self._listen(socket.AF_INET, ("127.0.0.1", 0))
        self._unix = self._listen(socket.AF_UNIX, str(self.directory / "socket"))
        self._abstract = self._listen(socket.AF_UNIX, f"\0{self.mark}")
        self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._udp.bind(("127.0.0.1", 0))
        self._udp.setblocking(False)
        (self.directory / "socket").chmod(0o777)
        self.reset()

    def _listen(self, family: int, address: object) -> socket.socket:
        server = socket.socket(family)
        server.bind(address)  # type: ignore[arg-type]
        server.listen()
        server.setblocking(False)
        return server

    def reset(self) -> None:
        """Lay everything out anew, whatever has been done to it."""
        self._kill_the_left()
        for path in self._intruders():
            remove(path)
        self._secret_file.unlink(missing_ok=True)
        self._secret_file.write_text(self._secret)
        self._secret_file.chmod(0o666)
        self._module.unlink(missing_ok=True)
        self._module.write_text(f"print({self._secret!r})\n")
        self._module.chmod(0o666)
        self.received()
        self._directory_before = self._look_at(self.directory.iterdir())
        self._package_before = self._look_at(self._package())
        if not hasattr(self, "_stranger") or self._stranger.poll() is not None:
            self._start_stranger()

    def _start_stranger(self) -> None:
        """Start a process of the programs' user, with a key in its environment."""
        as_user = {"user": self._user, "group": self._user, "extra_groups": ()} if os.geteuid() == 0 else {}
        self._stranger = subprocess.Popen(
            ["/bin/sleep", "100000"],
            env={"KEY": self._secret},
            cwd="/",
            start_new_session=True,
            preexec_fn=libc.die_with_parent,
            **as_user,  # type: ignore[call-overload]
        )
        maps = Path(f"/proc/{self._stranger.pid}/maps")
        assert wait_for(lambda: "sleep" in maps.read_text())
        self._stranger_address = int(maps.read_text().partition("-")[0], 16)

    def places(self) -> dict[str, object]:
        """Return what programs are told of it all, by the names under which they find it."""
        return {
            "SECRET_FILE": str(self._secret_file),
            "PLANTED_MODULE": str(self._module),
            "WATCHED": str(self.directory),
            "NEW": str(self.directory / f"{self.mark}-new"),
            "REPOSITORY": str(self._repository),
            "MARK": self.mark,
            "TCP": self._tcp.getsockname()[1],
            "UDP": self._udp.getsockname()[1],
            "UNIX": str(self.directory / "socket"),
            "ABSTRACT": self.mark,
            "STRANGER": self._stranger.pid,
            "STRANGER_ADDRESS": self._stranger_address,
            "MACHINE": platform.machine(),
        }

    @contextlib.contextmanager
    def key_in_the_environment(self) -> Iterator[None]:
        """Have a key in the environment of this process, too."""
        name = f"KEY_{self.mark}"
        os.environ[name] = self._secret
        try:
            yield
        finally:
            del os.environ[name]

    def harm(self, evaluation: Evaluation) -> dict[str, str]:
        """Return what has been done since `reset`, by its kind."""
        told = repr((evaluation.scores, evaluation.score, evaluation.error, evaluation.output))
        found = {
            "read": "a secret" if self._number in told else "",
            "written": ", ".join(sorted(self.written())),
            "sent": ", ".join(self.received()),
            "killed": "another process" if self._stranger.poll() is not None else "",
            "left": self._left(),
        }
        return {kind: what for kind, what in found.items() if what}

    def written(self) -> set[str]:
        """Return the files that are new, changed or gone, here or with the mark anywhere."""
        changed = self._look_at(self.directory.iterdir()) ^ self._directory_before
        changed |= self._look_at(self._package()) ^ self._package_before
        return {name for name, *_ in changed} | {str(path) for path in self._intruders()}

    def _look_at(self, paths: Iterator[Path]) -> set[tuple[str, str]]:
        found = set()
        for path in paths:
            with contextlib.suppress(FileNotFoundError):
                state = path.lstat()
                facts = state.st_ino, state.st_size, state.st_mode, state.st_mtime_ns, state.st_nlink
                found.add((str(path), repr(facts)))
        return found

    def _package(self) -> Iterator[Path]:
        return (path for path in (self._repository / "fsdb").rglob("*") if path.suffix == ".py")

    def _intruders(self) -> list[Path]:
        """Return what has the mark in its name."""
        places = [*map(Path, _CROWDED), self.directory, self._repository, self._repository / "fsdb"]
        return [path for place in places if place.is_dir() for path in place.glob(f"*{self.mark}*")]

    def received(self) -> list[str]:
        """Return what has come in over the network, and take it."""
        found = []
        for name, server in (("tcp", self._tcp), ("unix", self._unix), ("abstract", self._abstract)):
            with contextlib.suppress(BlockingIOError):
                while True:
                    server.accept()[0].close()
                    found.append(name)
        with contextlib.suppress(BlockingIOError):
            while self._udp.recv(1000):
                found.append("udp")
        return found

    def _left(self) -> str:
        """Return the processes that programs have left, once given time to go."""
        wait_for(lambda: not self._marked() - self.own, 0.5)
        return ", ".join(map(str, self._marked() - self.own))

    def _kill_the_left(self) -> None:
        for pid in self._marked() - self.own:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def _marked(self) -> set[int]:
        """Return the processes whose command has the mark: a forked process has its parent's."""
        found = set()
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            with contextlib.suppress(OSError):
                if self.mark.encode() in path.read_bytes():
                    found.add(int(path.parent.name))
        return found

    def close(self) -> None:
        """Take it all away, and what programs have left."""
        for path in self._intruders():
            remove(path)
        self._stranger.kill()
        self._stranger.wait()
        self._kill_the_left()
        for one in (self._tcp, self._udp, self._unix, self._abstract):
            one.close()
        shutil.rmtree(self.directory, ignore_errors=True)


def programs_user(layers: frozenset[str]) -> int:
    """Return the user that programs run as with these layers."""
    return NOBODY if os.geteuid() == 0 and "user" in layers else os.geteuid()


def remove(path: Path) -> None:
    """Remove a file or a directory."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
