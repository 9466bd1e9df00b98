"""Calls of the evolved function from one process to another: the referee asks, the player answers.

Each message is its length and then its bytes. What the referee sends, arguments that the trusted
specification made, is pickled, for the player holds nothing that it could harm; what the player sends back is
a plain value (`values`) and nothing else, whatever the program does with the connection.
"""

from __future__ import annotations

import builtins
import contextlib
import os
import pickle
import struct
from collections.abc import Callable
from typing import Any

from fsdb.sandbox.values import MAX_VALUE_BYTES, NotPlain, pack, unpack

_LENGTH = struct.Struct("!Q")
_READ_BYTES = 1 << 20
_MAX_ANSWER_BYTES = MAX_VALUE_BYTES + 4096

EXCERPT = "__fsdb_excerpt__"
"""The attribute of an error raised by `Caller` that holds what the player told of it."""


# None of these is an Exception, for a specification that catches those is not to catch them.


class Gone(BaseException):
    """The other side of a connection has closed it."""


class CallRefused(BaseException):
    """A call cannot be made: its arguments cannot be sent; the message says why."""


class Garbled(BaseException):
    """What came for an answer is none; the message says why."""


class Connection:
    """One end of a stream of messages, over a descriptor."""

    def __init__(self, descriptor: int) -> None:
        """Take over the descriptor."""
        self._descriptor = descriptor
        self._arrived = bytearray()

    def send(self, message: bytes) -> None:
        """Send a message; raises Gone."""
        data = memoryview(_LENGTH.pack(len(message)) + message)
        try:
            while data:
                data = data[os.write(self._descriptor, data) :]
        except (BrokenPipeError, ConnectionError):
            raise Gone from None

    def receive(self, limit: int) -> bytes:
        """Return the next message; raises Gone, and Garbled for one longer than `limit`."""
        (length,) = _LENGTH.unpack(self._take(_LENGTH.size))
        if length > limit:
            raise Garbled(f"an answer of {length} bytes is announced")
        return self._take(length)

    def _take(self, length: int) -> bytes:
        while len(self._arrived) < length:
            try:
                piece = os.read(self._descriptor, _READ_BYTES)
            except ConnectionError:
                raise Gone from None
            if not piece:
                raise Gone
            self._arrived += piece
        data = bytes(self._arrived[:length])
        del self._arrived[:length]
        return data


class Caller:
    """The evolved function as the referee sees it: each call goes to the player.

    What it raises there is raised here: as the same kind of error where that is one of Python's own.
    """

    def __init__(self, descriptor: int) -> None:
        """Take over the referee's end of the connection."""
        self._connection = Connection(descriptor)

    def __call__(self, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
        """Return what the program returns."""
        try:
            call = pickle.dumps((arguments, keywords), protocol=5)
        except Exception as error:
            raise CallRefused(
                f"the arguments of a call cannot be sent to another process: {type(error).__name__}: {error}"
            ) from None
        self._connection.send(call)
        return self._read(self._connection.receive(_MAX_ANSWER_BYTES))

    def _read(self, message: bytes) -> Any:
        try:
            answer = unpack(message)
        except NotPlain as problem:
            raise Garbled(str(problem)) from None
        if type(answer) is not list or len(answer) not in (1, 3):
            raise Garbled("it is no answer to a call")
        if len(answer) == 1:
            return answer[0]
        kind, text, excerpt = answer
        if not (type(kind) is type(text) is type(excerpt) is str):
            raise Garbled("it is no answer to a call")
        error = _error(kind, text)
        setattr(error, EXCERPT, excerpt)
        raise error


def _error(kind: str, text: str) -> BaseException:
    """Return an error of one of Python's own kinds, or a RuntimeError where there is none such."""
    found = getattr(builtins, kind, None)
    if isinstance(found, type) and issubclass(found, BaseException):
        try:
            return found(text)
        except Exception:  # a kind that is not made of a text, such as UnicodeDecodeError
            return RuntimeError(f"{kind}: {text}")
    return RuntimeError(f"{kind}: {text}")


def answer_calls(
    descriptor: int, function: Callable[..., Any], describe: Callable[[BaseException], str]
) -> None:
    """Call `function` as the referee asks until it has closed the connection, also in the middle of a call.

    `describe` makes the excerpt of an error. Raises MemoryError for one that leaves no room to go on.
    """
    connection = Connection(descriptor)
    # A referee that is gone has ended for reasons of its own, and it is for it to tell them.
    with contextlib.suppress(Gone):
        while True:
            call = connection.receive(1 << 62)
            connection.send(_answer(call, function, describe))


def _answer(call: bytes, function: Callable[..., Any], describe: Callable[[BaseException], str]) -> bytes:
    """Return the answer to one call."""
    arguments, keywords = pickle.loads(call)
    try:
        return pack([function(*arguments, **keywords)])
    except NotPlain as error:
        return pack(["TypeError", str(error), f"TypeError: {error}"])
    except BaseException as error:
        return _pack_error(error, describe(error))


def _pack_error(error: BaseException, excerpt: str) -> bytes:
    try:
        text = str(error)[: len(excerpt) + 200]
    except BaseException:
        text = ""
    parts = (type(error).__name__, text, excerpt)
    return pack([part.encode("utf-8", "backslashreplace").decode() for part in parts])
