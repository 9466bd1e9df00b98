"""Calls between a referee and a player, in two threads of one process."""

from __future__ import annotations

import os
import pickle
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest

from fsdb.sandbox.calls import EXCERPT, Caller, CallRefused, Garbled, Gone, answer_calls
from fsdb.sandbox.values import pack


@contextmanager
def calling(function: Callable[..., Any]) -> Iterator[Callable[..., Any]]:
    """Give what calls `function` over a connection."""
    here, there = socket.socketpair()

    def play() -> None:
        with there:
            answer_calls(there.fileno(), function, lambda error: f"excerpt of {type(error).__name__}")

    player = threading.Thread(target=play)
    player.start()
    caller = Caller(here.fileno())
    try:
        yield lambda *arguments, **keywords: caller(arguments, keywords)
    finally:
        here.close()
        player.join(10)
        assert not player.is_alive()


def test_a_call_gives_what_the_function_returns() -> None:
    with calling(lambda x, *, k: (x, k, x.sum())) as call:
        for size in (0, 3, 300_000):
            given = np.arange(size)
            array, keyword, total = call(given, k={"a"})
            assert array.tolist() == given.tolist()
            assert (keyword, total) == ({"a"}, given.sum())


def test_arguments_are_copies() -> None:
    def change(values: list[int]) -> None:
        values.append(1)

    values: list[int] = []
    with calling(change) as call:
        assert call(values) is None
    assert values == []


@pytest.mark.parametrize(
    ("error", "kind", "text"),
    [
        (ValueError("no"), ValueError, "no"),
        (SystemExit(3), SystemExit, "3"),
        (type("Own", (Exception,), {})("no"), RuntimeError, "Own: no"),
        (UnicodeDecodeError("utf-8", b"x", 0, 1, "no"), RuntimeError, "UnicodeDecodeError: "),
        (type("print", (Exception,), {})("no"), RuntimeError, "print: no"),
        (type("Mute", (Exception,), {"__str__": lambda self: 1 / 0})(), RuntimeError, "Mute: "),
    ],
    ids=range(6),
)
def test_an_error_is_raised_on_this_side(error: BaseException, kind: type, text: str) -> None:
    def fail() -> None:
        raise error

    with calling(fail) as call, pytest.raises(kind) as caught:
        call()
    assert type(caught.value) is kind
    assert text in str(caught.value)
    assert getattr(caught.value, EXCERPT) == f"excerpt of {type(error).__name__}"


def test_calls_go_on_after_an_error() -> None:
    with calling(lambda x: 1 / x) as call:
        with pytest.raises(ZeroDivisionError):
            call(0)
        assert call(4) == 0.25


def test_what_is_not_plain_is_an_error_of_the_program() -> None:
    with calling(lambda: object()) as call, pytest.raises(TypeError, match="cannot leave the sandbox"):
        call()


def test_arguments_that_cannot_be_sent_are_told_apart() -> None:
    with calling(lambda x: x) as call, pytest.raises(CallRefused, match="arguments of a call"):
        call(lambda: 0)


@pytest.mark.parametrize(
    "answer",
    [
        b"\xff" * 8,
        (5).to_bytes(8, "big") + b"\xc1....",
        *(
            len(pack(value)).to_bytes(8, "big") + pack(value)
            for value in (1, [], [1, 2], [1, 2, 3], ["a", "b", None])
        ),
    ],
)
def test_garbage_is_no_answer(answer: bytes) -> None:
    here, there = socket.socketpair()
    with here, there:
        there.sendall(answer)
        with pytest.raises(Garbled):
            Caller(here.fileno())((), {})


def test_a_referee_that_goes_in_the_middle_of_a_call_is_no_fault_of_the_program() -> None:
    here, there = socket.socketpair()
    with there:
        call = pickle.dumps(((), {}))
        here.sendall(len(call).to_bytes(8, "big") + call)
        answer_calls(there.fileno(), here.close, str)


def test_the_end_of_the_other_side_is_told() -> None:
    here, there = socket.socketpair()
    there.close()
    with here, pytest.raises(Gone):
        Caller(here.fileno())((), {})
    reading, writing = os.pipe()
    os.close(writing)
    answer_calls(reading, print, str)
    os.close(reading)
