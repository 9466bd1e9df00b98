"""What fsdb raises for everything that a user can cause."""

from __future__ import annotations


class FsdbError(Exception):
    """A problem with a cause and a cure, shown to the user as two lines and never as a traceback.

    `message` names the cause; `cure` says what to do about it (may be empty).
    """

    exit_code = 1

    def __init__(self, message: str, *, cure: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.cure = cure


class UsageError(FsdbError):
    """The command or its input is off: a wrong path, option, problem, policy or specification."""

    exit_code = 2


class LogError(FsdbError):
    """A run's log cannot be read or written as asked; nothing in it was changed."""

    exit_code = 3
