"""What an evaluator that is a whole program is started with: paths that it may read, environment, command."""

from __future__ import annotations

import itertools
import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import fsdb
from fsdb.sandbox.environment import clean_environment

SHIMS = Path(__file__).parent / "shims"
RUNNER = Path(__file__).parent / "runner.py"

_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
_CONFIGURATION = (
    "/etc/alternatives",
    "/etc/fonts",
    "/etc/group",
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/localtime",
    "/etc/mime.types",
    "/etc/nsswitch.conf",
    "/etc/passwd",
)
_START = "import sys; sys.path.insert(0, {root!r}); from fsdb.sandbox.script.launcher import main; main()"
_LOOKED_AT = 20_000


def launcher_command() -> list[str]:
    """Return the command that starts a launcher; its job comes on standard input."""
    root = str(Path(fsdb.__file__).resolve().parent.parent)
    return [sys.executable, "-I", "-c", _START.format(root=root)]


def readable_paths(folder: Path) -> list[str]:
    """Return what an evaluation may read: the system's programs and libraries, this Python's, the folder.

    Paths within others of the list are left out.
    """
    prefixes = [
        sys.prefix,
        sys.base_prefix,
        sys.exec_prefix,
        str(Path(sys.executable).resolve().parent.parent),
    ]
    packages = _packages()
    library = os.environ.get("LD_LIBRARY_PATH", "").split(":")
    wanted = [
        *_SYSTEM,
        *_CONFIGURATION,
        *prefixes,
        *packages,
        *filter(None, library),
        str(SHIMS),
        str(RUNNER),
    ]
    paths = [path for path in dict.fromkeys(wanted) if Path(path).exists() and Path(path) != Path("/")]
    kept = [path for path in paths if not any(other != path and _is_in(path, other) for other in paths)]
    # The folder comes last and always by its own name, for it is looked at by that.
    return [*(path for path in kept if not _is_in(path, str(folder))), str(folder)]


def environment() -> dict[str, str]:
    """Return the whole environment of an evaluator: nothing of the engine's but where its libraries are.

    `{scratch}` stands for the scratch folder.
    """
    return {
        **clean_environment(),
        "PATH": f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin",
        "HOME": "{scratch}/tmp",
        "TMPDIR": "{scratch}/tmp",
        "PYTHONPATH": ":".join([str(SHIMS), *_packages()]),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUNBUFFERED": "1",
        "MPLBACKEND": "Agg",
        "MPLCONFIGDIR": "{scratch}/tmp",
    }


def is_open_to_others(folder: Path) -> bool:
    """Return whether a user who owns nothing of it could read all of a folder, once inside."""
    for place in itertools.islice(_tree(folder), _LOOKED_AT):
        try:
            mode = place.lstat().st_mode
        except OSError:
            return False
        needed = 0o005 if stat.S_ISDIR(mode) else 0o004
        if not stat.S_ISLNK(mode) and mode & needed != needed:
            return False
    return True


def size_of(folder: Path) -> int:
    """Return the bytes in a folder's files."""
    return sum(place.lstat().st_size for place in _tree(folder) if place.is_file())


def _packages() -> list[str]:
    """Return where this Python finds packages."""
    return [path for path in sys.path if Path(path).name in ("site-packages", "dist-packages")]


def _tree(folder: Path) -> Iterator[Path]:
    yield folder
    yield from folder.rglob("*")


def _is_in(path: str, other: str) -> bool:
    return Path(path).is_relative_to(other)
