"""A zygote starts with nothing of the engine's, from every place that this package can stand in."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from fsdb.sandbox.environment import clean_environment, zygote_command

ROOT = Path(__file__).parents[2]

SCRIPT = """
from fsdb.sandbox.levels import probe
import fsdb
print(fsdb.__file__, probe().level)
"""


def test_the_environment_is_made_from_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "AWS_SECRET_ACCESS_KEY", "PYTHONPATH", "PYTHONSTARTUP", "LD_PRELOAD"):
        monkeypatch.setenv(name, "planted")
    monkeypatch.delenv("LD_LIBRARY_PATH", raising=False)
    environment = clean_environment()
    assert "planted" not in environment.values()
    assert environment["OPENBLAS_NUM_THREADS"] == "1"
    assert environment["PYTHONHASHSEED"] == "0"


def test_the_library_path_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LD_LIBRARY_PATH", "/opt/python/lib")
    assert clean_environment()["LD_LIBRARY_PATH"] == "/opt/python/lib"


def test_relative_paths_are_not_handed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", ["", "relative", "/absolute", *sys.path])
    command = zygote_command(7, isolate=True)
    assert "/absolute" in command
    assert "relative" not in command
    assert "" not in command


def run(directory: Path, *options: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, *options, "-c", SCRIPT],
        cwd=directory,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return done.stdout


def test_from_a_bare_checkout(tmp_path: Path) -> None:
    """The tree alone, found through the working directory, comes before an installation."""
    shutil.copytree(ROOT / "fsdb", tmp_path / "fsdb", ignore=shutil.ignore_patterns("__pycache__"))
    file, level = run(tmp_path).split()
    assert Path(file).parent == tmp_path / "fsdb"
    assert level.startswith("L")


def test_beside_files_named_like_modules(tmp_path: Path) -> None:
    """What lies in the engine's directory shadows nothing that a zygote imports."""
    for name in ("json", "numpy", "socket", "random", "fractions"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('shadowed')\n")
    assert run(tmp_path, "-P").split()[1].startswith("L")
