"""What the engine asks of a sandbox, and the stream in which a child reports."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

LOCKED = b"L"
"""First byte of a child's report: the sandbox is set up. Nothing of a program has run before it."""

COMPILED = b"C"
"""Second byte of a child's report: the program has been compiled. Nothing of it has run before it."""

LOADED = b"M"
"""Third byte of a child's report: the module has been executed, and inputs are scored from here on."""

MODULE = "<specification>"
"""The file name under which the rendered specification is compiled."""

MAX_SOURCE_BYTES = 64 * 1024
"""A longer program is refused unseen."""

MAX_ERROR_CHARACTERS = 2000
"""An excerpt of an error is cut here."""


MAX_ARTEFACT_BYTES = 16 * 2**20
"""What the artefacts of one evaluation may take, packed."""


class Part(StrEnum):
    """What a child is to do of an evaluation."""

    WHOLE = "whole"
    """Score the program in one process with the specification."""
    PLAYER = "player"
    """Hold the program and answer calls of it, without the inputs."""
    REFEREE = "referee"
    """Run the specification, with each call of the evolved function sent to the player."""
    MAKER = "maker"
    """Run program and specification, and hand out the artefacts that they build."""
    VERIFIER = "verifier"
    """Score artefacts by the specification's verify function, without the program."""

    @property
    def runs_the_program(self) -> bool:
        """Whether a program runs in such a child, so that all that it reports is suspect."""
        return self in (Part.WHOLE, Part.PLAYER, Part.MAKER)


@dataclass(frozen=True)
class Limits:
    """What one evaluation may use: of all inputs of a program, or of one where inputs are isolated.

    `timeout_seconds` of wall-clock time, and about as much of processor time; `memory_bytes` of address
    space above what the interpreter and the specification's imports take; the first `output_bytes` of what
    it prints are kept.
    """

    timeout_seconds: float = 30.0
    memory_bytes: int = 2 * 2**30
    output_bytes: int = 4096
