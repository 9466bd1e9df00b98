"""Attacks on the sandbox for whole programs, tried from inside before anything else is run in it."""

from __future__ import annotations

import json
from collections.abc import Collection

ATTACK = """
import json, os, socket
def gets(what):
    try:
        what()
    except (OSError, MemoryError):
        return False
    return True
def unshare():
    import ctypes
    if ctypes.CDLL(None, use_errno=True).unshare(0x10000000) == -1:
        raise OSError
found = {
    "landlock": {
        "write outside": gets(lambda: open("/usr/fsdb-canary", "w")),
        "read the configuration": gets(lambda: open("/etc/hostname")) or gets(lambda: open("/etc/shadow")),
        "list a directory": gets(lambda: os.listdir("/etc")) or gets(lambda: os.listdir("/")),
    },
    "seccomp": {
        "make a socket": gets(lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM)),
        "make namespaces": gets(unshare),
    },
    "user": {"become root": os.getuid() == 0 or gets(lambda: os.setuid(0))},
    "namespaces": {"see other processes": os.getppid() != 1},
}
os.write(3, json.dumps(found).encode())
"""
"""Python that attacks each layer and tells what got through."""


def breaches(answer: str, layers: Collection[str]) -> dict[str, str] | None:
    """Return what got through each of these layers that does not hold; None for no answer."""
    try:
        found = json.loads(answer)
    except ValueError:
        return None
    return {
        layer: "it was possible to " + ", ".join(what for what, done in tried.items() if done)
        for layer, tried in found.items()
        if layer in layers and any(tried.values())
    }
