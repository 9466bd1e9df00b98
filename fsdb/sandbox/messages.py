"""What the engine asks of a sandbox, and the stream in which a child reports."""

from __future__ import annotations

from dataclasses import dataclass

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


@dataclass(frozen=True)
class Limits:
    """What one evaluation, of all inputs of a program, may use.

    `timeout_seconds` of wall-clock time, and about as much of processor time; `memory_bytes` of address
    space above what the interpreter and the specification's imports take; the first `output_bytes` of what
    it prints are kept.
    """

    timeout_seconds: float = 30.0
    memory_bytes: int = 2 * 2**30
    output_bytes: int = 4096
