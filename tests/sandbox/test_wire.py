from __future__ import annotations

import os
import socket
import threading
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from fsdb.sandbox import wire


def test_frames_arrive_as_they_were_sent() -> None:
    here, there = socket.socketpair()
    frames: list[tuple[dict[str, Any], bytes, bytes]] = [
        ({"kind": "a", "n": 1.5}, b"", b""),
        ({}, b"\x00" * 300_000, "größe".encode()),
    ]

    def send() -> None:
        with there:
            for frame in frames:
                there.sendall(wire.pack(*frame))

    sender = threading.Thread(target=send)
    sender.start()
    with here:
        received = [wire.receive(here), wire.receive(here), wire.receive(here)]
    assert received == [*((*frame, None) for frame in frames), None]
    sender.join()


def test_a_descriptor_comes_with_the_frame_that_it_was_sent_with() -> None:
    here, there = socket.socketpair()
    reading, writing = os.pipe()
    with here, there:
        frame = wire.pack({"kind": "x"}, b"abc")
        sent = socket.send_fds(there, [frame[: wire.LENGTHS.size]], [writing])
        there.sendall(frame[sent:] + wire.pack({"kind": "y"}))
        os.close(writing)
        first, second = wire.receive(here), wire.receive(here)
    assert first is not None
    assert first.descriptor is not None
    os.write(first.descriptor, b"through it")
    os.close(first.descriptor)
    assert os.read(reading, 100) == b"through it"
    os.close(reading)
    assert second == ({"kind": "y"}, b"", b"", None)


@given(st.lists(st.binary(max_size=20)))
def test_byte_strings_are_taken_apart_as_they_were_joined(parts: list[bytes]) -> None:
    assert wire.split(*wire.join(parts)) == parts


def test_a_frame_that_breaks_off_is_the_end() -> None:
    whole = wire.pack({"kind": "x"}, b"abc", b"def")
    for length in range(len(whole)):
        here, there = socket.socketpair()
        with here, there:
            there.sendall(whole[:length])
            there.shutdown(socket.SHUT_WR)
            assert wire.receive(here) is None
