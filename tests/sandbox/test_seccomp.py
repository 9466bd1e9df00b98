"""The filter of system calls, run by an interpreter of classic BPF for every call of both machines."""

from __future__ import annotations

import errno
import re
from pathlib import Path

import pytest

from fsdb.sandbox.seccomp import (
    ALLOW,
    ARCHITECTURE_OFFSET,
    ARCHITECTURES,
    JUMP_ANY_BIT,
    JUMP_AT_LEAST,
    JUMP_EQUAL,
    KILL,
    LOAD,
    NUMBER_OFFSET,
    PROTECTION_OFFSET,
    REFUSE,
    RETURN,
    Architecture,
    program,
)

HEADERS = {
    "x86_64": ("/usr/include/x86_64-linux-gnu/asm/unistd_64.h", "/usr/include/asm/unistd_64.h"),
    "aarch64": ("/usr/include/asm-generic/unistd.h",),
}
EXECUTABLE, WRITABLE = 4, 2

machines = pytest.mark.parametrize("machine", ARCHITECTURES.values(), ids=ARCHITECTURES.keys())


def decide(machine: Architecture, number: int, identifier: int | None = None, protection: int = 0) -> int:
    """Return what the filter decides on one system call, by running it."""
    data = {
        NUMBER_OFFSET: number,
        ARCHITECTURE_OFFSET: machine.identifier if identifier is None else identifier,
        PROTECTION_OFFSET: protection,
    }
    instructions = program(machine)
    accumulator, position = 0, 0
    while True:
        code, if_true, if_false, constant = instructions[position]
        position += 1
        assert 0 <= if_true <= 255
        assert 0 <= if_false <= 255
        if code == RETURN:
            return constant
        if code == LOAD:
            accumulator = data[constant]
            continue
        holds = {
            JUMP_EQUAL: accumulator == constant,
            JUMP_AT_LEAST: accumulator >= constant,
            JUMP_ANY_BIT: bool(accumulator & constant),
        }[code]
        position += if_true if holds else if_false


@machines
def test_only_what_is_listed_is_allowed(machine: Architecture) -> None:
    allowed = {number for number in range(2000) if decide(machine, number) == ALLOW}
    assert allowed == {*machine.allowed.values(), *machine.mapping.values()}
    assert {decide(machine, number) for number in range(2000)} == {ALLOW, REFUSE}


@machines
def test_mappings_are_allowed_unless_executable(machine: Architecture) -> None:
    for number in machine.mapping.values():
        assert decide(machine, number, protection=WRITABLE) == ALLOW
        assert decide(machine, number, protection=WRITABLE | EXECUTABLE) == REFUSE
        assert decide(machine, number, protection=0xFFFFFFFF) == REFUSE


@machines
def test_calls_of_other_conventions_kill(machine: Architecture) -> None:
    others = {0x40000003, 0x40000028} | {other.identifier for other in ARCHITECTURES.values()}
    for identifier in others - {machine.identifier}:
        assert decide(machine, min(machine.allowed.values()), identifier) == KILL
    if machine.foreign_from is not None:
        assert decide(machine, machine.foreign_from) == KILL
        assert decide(machine, machine.foreign_from + 1) == KILL
        assert decide(machine, 0xFFFFFFFF) == KILL


def test_refusing_is_a_permission_error() -> None:
    assert REFUSE & 0xFFFF == errno.EPERM


def test_no_two_names_share_a_number() -> None:
    for machine in ARCHITECTURES.values():
        numbers = [*machine.allowed.values(), *machine.mapping.values()]
        assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize("machine", HEADERS)
def test_numbers_are_the_kernels(machine: str) -> None:
    header = next((Path(path) for path in HEADERS[machine] if Path(path).exists()), None)
    if header is None:
        pytest.skip("the kernel's headers are not installed")
    text = header.read_text()
    for name, number in {**ARCHITECTURES[machine].allowed, **ARCHITECTURES[machine].mapping}.items():
        pattern = rf"#define __NR(?:3264)?_{name}\s+{number}\b"
        assert re.search(pattern, text), name
