"""Runs the battery as an ordinary user when the tests run as root, who is often the only one to read them."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_USER = 65533
"""Nobody in particular, and not whom root's programs run as."""

_REPOSITORY = Path(__file__).resolve().parents[2]
_BATTERY = "tests.hostile.battery"
_PACKAGES = ("numpy", "msgspec")
_NOT_NEEDED = (
    "site-packages",
    "test",
    "idlelib",
    "ensurepip",
    "lib2to3",
    "tkinter",
    "turtledemo",
    "config-*",
)


@dataclass
class _Python:
    """An interpreter, where it is to be started, and what it is to be told."""

    executable: str
    directory: Path
    environment: dict[str, str] = field(default_factory=dict)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.executable, *arguments],
            cwd=self.directory,
            env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", **self.environment},
            user=_USER,
            group=_USER,
            extra_groups=(),
            capture_output=True,
            text=True,
            timeout=580,
        )


def run_battery() -> dict[str, Any]:
    """Run the whole battery as an ordinary user; return what it prints."""
    with tempfile.TemporaryDirectory(prefix="fsdb-ordinary-") as name:
        directory = Path(name)
        directory.chmod(0o755)
        python = _Python(sys.executable, _REPOSITORY)
        if not _serves(python):
            python = _copied(directory)
        done = python.run("-m", _BATTERY)
        assert done.returncode == 0, done.stderr
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer


def _serves(python: _Python) -> bool:
    """Whether the user can read all that is needed."""
    try:
        return python.run("-c", f"import numpy, {_BATTERY}").returncode == 0
    except PermissionError:
        return False


def _copied(directory: Path) -> _Python:
    """Copy the interpreter, its library, the packages and the repository to where everybody may read."""
    base = Path(sys.base_prefix)
    executable = directory / "bin" / Path(sys.executable).resolve().name
    executable.parent.mkdir()
    shutil.copy(Path(sys.executable).resolve(), executable)
    standard = Path(sysconfig.get_path("stdlib"))
    ignored = shutil.ignore_patterns(*_NOT_NEEDED)
    shutil.copytree(standard, directory / standard.relative_to(base), ignore=ignored)
    for library in (base / "lib").glob("libpython*.so*"):
        shutil.copy(library, directory / "lib")
    packages = directory / "packages"
    for name in _PACKAGES:
        found = importlib.util.find_spec(name)
        assert found is not None
        assert found.origin is not None
        package = Path(found.origin).parent
        for folder in (package, package.with_name(f"{name}.libs")):
            if folder.is_dir():
                shutil.copytree(folder, packages / folder.name, ignore=shutil.ignore_patterns("tests"))
    repository = directory / "repository"
    shutil.copytree(_REPOSITORY / "fsdb", repository / "fsdb", symlinks=True)
    for part in ("sandbox", "evaluator", "hostile"):
        shutil.copytree(_REPOSITORY / "tests" / part, repository / "tests" / part)
    shutil.copy(_REPOSITORY / "tests" / "__init__.py", repository / "tests")
    environment = {"LD_LIBRARY_PATH": str(directory / "lib"), "PYTHONPATH": str(packages)}
    return _Python(str(executable), repository, environment)
