"""The hostile programs, one a file, each with a header that says what it tries and in what it must end.

    # Tries: to read a file
    # Ends in: runtime_error
    # Unprotected: read

"Ends in" is a status or several. "Unprotected", where it stands, is what comes of the program without a
sandbox, and is proved: it ends "ok", or the harm is noticed ("read", "written", "sent", "killed", "left").
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path

from fsdb.evaluator.evaluation import STATUSES

PROGRAMS = Path(__file__).parent / "programs"

FORGED = "forged"
"""What a program ends in that is believed within its process and is found out only from outside of it."""

_ENDS = {*STATUSES, FORGED} - {"sandbox_error"}
_HARMS = {"ok", "read", "written", "sent", "killed", "left", "seen", None}
_HEADER = re.compile(r"# Tries: (.+)\n# Ends in: (.+)\n(?:# Unprotected: (.+)\n)?")


@dataclass(frozen=True)
class Program:
    """One hostile program: its name with its group, its whole text, and what its header says."""

    name: str
    text: str
    tries: str
    ends: frozenset[str]
    unprotected: str | None

    @property
    def group(self) -> str:
        """The directory that it stands in."""
        return self.name.partition("/")[0]

    @property
    def never_ends(self) -> bool:
        """Whether it is ended by the timeout and by nothing else."""
        return self.ends == {"timeout"}


def load() -> dict[str, Program]:
    """Return all programs by name."""
    return {program.name: program for program in map(_load, sorted(PROGRAMS.glob("*/*.py")))}


def _load(path: Path) -> Program:
    # Some are no valid text, and line ends are to stay as they are.
    text = path.read_bytes().decode("utf-8", "surrogatepass")
    header = _HEADER.match(text)
    assert header is not None, f"{path} has no header"
    program = Program(
        name=path.relative_to(PROGRAMS).with_suffix("").as_posix(),
        text=text,
        tries=header[1],
        ends=frozenset(header[2].split(", ")),
        unprotected=header[3],
    )
    assert program.ends <= _ENDS, f"{path} has a wrong status"
    assert program.unprotected in _HARMS, f"{path} has a wrong harm"
    return program


def imported(programs: dict[str, Program]) -> list[str]:
    """Return the modules that the programs import: there for them all, so that none fails for want of one."""
    names: set[str] = set()
    for program in programs.values():
        if program.group == "parser":
            continue
        for node in ast.walk(ast.parse(program.text)):
            if isinstance(node, ast.Import):
                names.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                names.update((node.module, *(f"{node.module}.{alias.name}" for alias in node.names)))
    return sorted(names)
