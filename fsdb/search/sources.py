"""Sources of programs, for prompts: those used lately in memory, all others in the log."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path

from fsdb.log import look_up

MEMORY_CHARACTERS = 32 * 2**20
"""How much of them is kept in memory."""


class Sources:
    """The sources of a run's programs, by program id."""

    def __init__(self, run_dir: Path) -> None:
        """Take the rest from the log in this directory."""
        self._run_dir = run_dir
        self._recent: OrderedDict[int, str] = OrderedDict()
        self._characters = 0

    def remember(self, program_id: int, source: str) -> None:
        """Keep a source in memory, in the place of those that were not used for longest."""
        self._characters += len(source) - len(self._recent.pop(program_id, ""))
        self._recent[program_id] = source
        while self._characters > MEMORY_CHARACTERS and len(self._recent) > 1:
            self._characters -= len(self._recent.popitem(last=False)[1])

    def get(self, seqs: Mapping[int, int]) -> dict[int, str]:
        """Return the sources of programs, whose events have these seqs by program id."""
        missing = {seq: program_id for program_id, seq in seqs.items() if program_id not in self._recent}
        read = look_up(self._run_dir, "program_evaluated", "source", missing) if missing else {}
        found = {missing[seq]: source for seq, source in read.items()}
        found |= {program_id: self._recent[program_id] for program_id in seqs if program_id in self._recent}
        for program_id, source in found.items():
            self.remember(program_id, source)
        return found
