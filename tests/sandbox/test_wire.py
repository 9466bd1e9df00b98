from __future__ import annotations

import socket
import threading

from fsdb.sandbox import wire


def test_frames_arrive_as_they_were_sent() -> None:
    here, there = socket.socketpair()
    frames = [({"kind": "a", "n": 1.5}, b"", b""), ({}, b"\x00" * 300_000, "größe".encode())]

    def send() -> None:
        with there:
            for frame in frames:
                there.sendall(wire.pack(*frame))

    sender = threading.Thread(target=send)
    sender.start()
    with here:
        assert [wire.receive(here), wire.receive(here), wire.receive(here)] == [*frames, None]
    sender.join()


def test_a_frame_that_breaks_off_is_the_end() -> None:
    whole = wire.pack({"kind": "x"}, b"abc", b"def")
    for length in range(len(whole)):
        here, there = socket.socketpair()
        with here, there:
            there.sendall(whole[:length])
            there.shutdown(socket.SHUT_WR)
            assert wire.receive(here) is None
