"""Starter problems: what `fsdb init` writes, one small problem in each convention."""

from __future__ import annotations

from pathlib import Path

from fsdb.errors import UsageError
from fsdb.problem.evaluators import FUNSEARCH, OPENEVOLVE, SHINKA

TEMPLATES = Path(__file__).parent / "templates"

_TARGETS = {
    FUNSEARCH: ("{name}.py",),
    OPENEVOLVE: ("initial_program.py", "evaluator.py", "config.yaml"),
    SHINKA: ("initial.py", "evaluate.py"),
}
_TEST = "test_{name}.py"
"""The test that its user can run, in every convention."""


def write_starter(name: str, convention: str, parent: Path) -> list[Path]:
    """Write a starter problem called `name` into a new folder of that name; return the files.

    Raises UsageError for a name that is no name of a Python module, and for a folder that is there.
    """
    if not name.isidentifier() or name.startswith("_"):
        raise UsageError(
            f"{name!r} is no name for a problem.", cure="Use letters, digits and _, beginning with a letter."
        )
    folder = parent / name
    if folder.exists():
        raise UsageError(f"There is a {folder} already.", cure="Choose another name, or move it away.")
    folder.mkdir(parents=True)
    written = []
    for pattern in (*_TARGETS[convention], _TEST):
        template = TEMPLATES / convention / f"{pattern.format(name='problem')}.txt"
        path = folder / pattern.format(name=name)
        path.write_text(template.read_text(encoding="utf-8").replace("@NAME@", name), encoding="utf-8")
        written.append(path)
    return written
