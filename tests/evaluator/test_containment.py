"""What a program cannot reach: files, network, processes, secrets. And what it leaves behind: nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from fsdb.sandbox.levels import level_of
from fsdb.sandbox.lockdown import LAYERS
from tests.evaluator.arena import Arena, arena

SECRET = "sk-planted-in-the-environment-of-the-engine"

# Each tries one thing and returns 1 if it can be done; an error is what we hope for.
READS = {
    "open": "open('{file}').read()",
    "open-own-program": "open(__import__('sys').executable, 'rb').read()",
    "os-open": "__import__('os').open('{file}', 0)",
    "open-directory": "__import__('os').listdir('/')",
    "stat": "__import__('os').stat('{file}')",
    "readlink": "__import__('os').readlink('/proc/self/exe')",
    "proc-environ": "open('/proc/self/environ').read()",
    "proc-parent": "open('/proc/%d/environ' % __import__('os').getppid()).read()",
    "proc-memory": "open('/proc/self/mem', 'rb').read(1)",
    "working-directory": "__import__('os').getcwd()",
    "uname": "__import__('os').uname()",
    "numpy-load": "np.fromfile('{file}')",
    "numpy-memmap": "np.memmap('{file}')",
    "import-file": "__import__('antigravity')",
    "access": "1 / __import__('os').access('{file}', 4)",
}
WRITES = {
    "open": "open('{new}', 'w')",
    "append": "open('{file}', 'a')",
    "mkdir": "__import__('os').mkdir('{new}')",
    "symlink": "__import__('os').symlink('{file}', '{new}')",
    "link": "__import__('os').link('{file}', '{new}')",
    "rename": "__import__('os').rename('{file}', '{new}')",
    "unlink": "__import__('os').unlink('{file}')",
    "truncate": "__import__('os').truncate('{file}', 0)",
    "chmod": "__import__('os').chmod('{file}', 0)",
    "utime": "__import__('os').utime('{file}')",
    "mkfifo": "__import__('os').mkfifo('{new}')",
    "numpy-save": "np.save('{new}', np.ones(3))",
    "memfd": "__import__('os').memfd_create('x')",
    "chdir": "__import__('os').chdir('/tmp')",
    "umask": "1 / (__import__('os').umask(0) >= 0)",
}
SOCKETS = {
    "tcp": "import socket; socket.socket(socket.AF_INET, socket.SOCK_STREAM)",
    "tcp6": "import socket; socket.socket(socket.AF_INET6, socket.SOCK_STREAM)",
    "udp": "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
    "unix": "import socket; socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)",
    "pair": "import socket; socket.socketpair()",
    "netlink": "import socket; socket.socket(16, socket.SOCK_RAW, 0)",
    "packet": "import socket; socket.socket(17, socket.SOCK_RAW, 3)",
    "vsock": "import socket; socket.socket(40, socket.SOCK_STREAM)",
    "algorithm": "import socket; socket.socket(38, socket.SOCK_SEQPACKET)",
    "name-service": "import socket; socket.getaddrinfo('example.com', 80)",
}
PROCESSES = {
    "fork": "import os; os.fork()",
    "fork-bomb": "import os\n    while True: os.fork()",
    "spawn": "import os; os.posix_spawn('/bin/true', ['true'], {})",
    "exec": "import os; os.execv('/bin/true', ['true'])",
    "system": "import os; 1 / (os.system('true') == 0)",
    "subprocess": "import subprocess; subprocess.run(['true'])",
    "thread": "import _thread; _thread.start_new_thread(print, ())",
    "kill-parent": "import os; os.kill(os.getppid(), 9)",
    "kill-all": "import os; os.kill(-1, 9)",
    "kill-group": "import os; os.killpg(0, 9)",
    "signal-handler": "import signal; signal.setitimer(signal.ITIMER_REAL, 1)",
    "ptrace": "import ctypes; 1 / (ctypes.CDLL(None).ptrace(16, __import__('os').getppid(), 0, 0) + 1)",
    "prctl": "import ctypes; 1 / (ctypes.CDLL(None).prctl(1, 0, 0, 0, 0) + 1)",
    "priority": "import os; os.nice(1)",
    "new-session": "import os; os.setsid()",
    "affinity": "import os; os.sched_setaffinity(0, {0})",
    "limits": "import resource; resource.setrlimit(resource.RLIMIT_CPU, (1, 1))",
    "pipe": "import os; os.pipe()",
    "duplicate": "import os; os.dup(1)",
    "epoll": "import select; select.epoll()",
    "shared-memory": "import ctypes; 1 / (ctypes.CDLL(None).shmget(0, 4096, 0o1666) + 1)",
    "message-queue": "import ctypes; 1 / (ctypes.CDLL(None).msgget(0, 0o1666) + 1)",
    "io-uring": "import ctypes; 1 / (ctypes.CDLL(None).syscall(425, 1, None) + 1)",
    "bpf": "import ctypes; 1 / (ctypes.CDLL(None).syscall(321, 0, None, 0) + 1)",
    "user-namespace": "import ctypes; 1 / (ctypes.CDLL(None).unshare(0x10000000) + 1)",
    "executable-memory": "import mmap; mmap.mmap(-1, 4096, prot=7)",
    "setuid": "import os; os.setuid(0)",
    "terminal": "import os; os.get_terminal_size()",
}


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory that everybody may write in, with a file that everybody may write."""
    directory = tmp_path_factory.mktemp("outside")
    for parent in (directory, *directory.parents[:2]):
        parent.chmod(0o777)
    file = directory / "file"
    file.write_text("content")
    file.chmod(0o666)
    return directory


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(LAYERS, id="L3"),
        pytest.param(("rlimits", "user", "landlock", "seccomp"), id="L2"),
        pytest.param(("rlimits", "seccomp"), id="L1"),
    ],
)
def contained(request: pytest.FixtureRequest) -> Iterator[Arena]:
    os.environ["OPENAI_API_KEY"] = SECRET
    try:
        with arena(layers=request.param) as it:
            if it.evaluator.level < level_of(request.param):
                pytest.skip(f"this machine's sandbox reaches only {it.evaluator.level}")
            yield it
            assert it.evaluator.restarts == 0
    finally:
        del os.environ["OPENAI_API_KEY"]


def check_refused(it: Arena, statement: str, outside: Path) -> None:
    code = statement.replace("{file}", str(outside / "file")).replace("{new}", str(outside / "new"))
    result = it.run(code, "return 1")
    assert result.status == "runtime_error", result
    assert sorted(path.name for path in outside.iterdir()) == ["file"]
    assert (outside / "file").read_text() == "content"
    it.check_good()


@pytest.mark.parametrize("statement", READS.values(), ids=READS.keys())
def test_no_file_is_read(contained: Arena, outside: Path, statement: str) -> None:
    check_refused(contained, statement, outside)


@pytest.mark.parametrize("statement", WRITES.values(), ids=WRITES.keys())
def test_no_file_is_written(contained: Arena, outside: Path, statement: str) -> None:
    check_refused(contained, statement, outside)


@pytest.mark.parametrize("statement", SOCKETS.values(), ids=SOCKETS.keys())
def test_no_socket_is_made(contained: Arena, outside: Path, statement: str) -> None:
    check_refused(contained, statement, outside)


@pytest.mark.parametrize("statement", PROCESSES.values(), ids=PROCESSES.keys())
def test_no_process_is_started_reached_or_changed(contained: Arena, outside: Path, statement: str) -> None:
    check_refused(contained, statement, outside)


@pytest.fixture(scope="module")
def open_arena() -> Iterator[Arena]:
    with arena(layers=()) as it:
        yield it


class TestTheAttacksThemselves:
    """The statements above are refused by the sandbox, and not for being wrong: without it they succeed."""

    @pytest.mark.parametrize(
        "statement",
        [
            # Of its own process a child may not even read where nothing else forbids it: it is not dumpable.
            *(READS[name] for name in sorted(READS.keys() - {"proc-environ", "proc-parent", "proc-memory"})),
            *WRITES.values(),
            *(SOCKETS[name] for name in ("tcp", "udp", "unix", "pair", "netlink")),
            *(PROCESSES[name] for name in ("spawn", "system", "subprocess", "thread", "prctl", "priority")),
            *(PROCESSES[name] for name in ("affinity", "limits", "pipe", "duplicate", "epoll")),
            *(PROCESSES[name] for name in ("shared-memory", "executable-memory", "signal-handler")),
        ],
    )
    def test_works(self, open_arena: Arena, tmp_path: Path, statement: str) -> None:
        (tmp_path / "file").write_text("content!")
        code = statement.replace("{file}", str(tmp_path / "file")).replace("{new}", str(tmp_path / "new"))
        result = open_arena.run(f"if x == 1: {code}", "return 1")
        assert (result.status, result.error) == ("ok", None)


class TestSecrets:
    def test_the_environment_holds_nothing_of_the_engine(self, contained: Arena) -> None:
        assert os.environ["OPENAI_API_KEY"] == SECRET
        result = contained.run(
            "import os", "print(sorted(os.environ))", "return 'OPENAI_API_KEY' in os.environ and 1 or 0"
        )
        assert result.scores == (0.0, 0.0, 0.0)
        assert result.output is not None
        assert set(eval(result.output.splitlines()[0])) <= {
            *("PATH", "LANG", "LC_ALL", "TZ", "HOME", "LD_LIBRARY_PATH"),
            *("PYTHONHASHSEED", "PYTHONUTF8", "PYTHON_JIT"),
            *(name for name in os.environ if name.endswith("_THREADS")),
            *("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"),
            *("VECLIB_MAXIMUM_THREADS", "NUMEXPR_NUM_THREADS", "RAYON_NUM_THREADS"),
        }

    def test_no_object_in_the_process_holds_the_secret(self, contained: Arena) -> None:
        result = contained.run(
            "import gc",
            "found = [o for o in gc.get_objects() if type(o) is dict for v in o.values()"
            " if type(v) is str and 'sk-' + 'planted' in v]",
            "return len(found)",
        )
        assert result.scores == (0.0, 0.0, 0.0)

    def test_only_four_descriptors_are_open(self, contained: Arena) -> None:
        result = contained.run(
            "import os",
            "def works(n):",
            "    try: return os.write(n, b'')  == 0",
            "    except OSError: return False",
            "return sum(n for n in range(200) if works(n))",
        )
        # 1 and 2 take output, 3 the report; 0 is closed to writing.
        assert result.scores == (6.0, 6.0, 6.0)

    def test_standard_input_is_empty(self, contained: Arena) -> None:
        error = contained.run("return input()").error
        assert error is not None
        assert error.startswith("EOFError")


def test_root_is_left_behind(contained: Arena) -> None:
    if "user" not in contained.evaluator.layers:
        pytest.skip("the layer is left out here")
    result = contained.run("import ctypes", "return ctypes.CDLL(None).getuid()")
    assert result.scores != (0.0, 0.0, 0.0)


def test_modules_of_the_specification_and_usual_ones_can_be_imported(contained: Arena) -> None:
    result = contained.run(
        "import math, random, itertools, functools, collections, heapq, bisect, statistics, fractions",
        "import decimal, json, re, string, copy, typing, dataclasses, datetime",
        "import numpy.linalg, numpy.fft, numpy.polynomial",
        "from numpy.random import default_rng",
        "datetime.datetime.strptime('2020', '%Y')",
        "return int(np.linalg.eigvalsh(np.eye(30)).sum()) + default_rng(1).integers(1)",
    )
    assert (result.status, result.scores, result.error) == ("ok", (30.0, 30.0, 30.0), None)


def test_a_program_cannot_pretend_to_be_slower_to_die(hasty: Arena) -> None:
    """Signals that a program might ignore are not what ends it."""
    result = hasty.run("import signal", "signal.signal(signal.SIGTERM, signal.SIG_IGN)", "while True: pass")
    assert result.status in ("timeout", "runtime_error")
    hasty.check_good()


def test_a_specification_may_import_what_programs_may_not(tmp_path: Path) -> None:
    text = "import funsearch, wave\n@funsearch.evolve\ndef priority(x):\n    return x\n"
    text += "@funsearch.run\ndef evaluate(x):\n    import colorsys\n    return priority(x)\n"
    with arena(text) as it:
        assert it.run("import wave, colorsys", "return len(wave.__name__)").status == "ok"
        assert it.run("import mailbox", "return 1").status == (
            "ok" if it.evaluator.level == "L0" else "runtime_error"
        )
