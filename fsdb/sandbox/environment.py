"""What a zygote is started with: an environment made from nothing, and a command that finds this package."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import fsdb

THREAD_COUNTS = (
    "OPENBLAS_NUM_THREADS",
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "RAYON_NUM_THREADS",
)
"""What numerical libraries read to know how many threads to start; a zygote is to have one."""

# Paths are appended to those of a plain start, so that nothing of the engine's directory shadows a module,
# and the package's own place goes again once the zygote has been imported. A failure is told as in `wire`,
# and what the engine has sent is read so that the answer is not lost with the connection.
_START = """
import os, sys
descriptor, isolate, root = int(sys.argv[1]), sys.argv[2] == "isolate", sys.argv[3]
sys.path.extend(path for path in sys.argv[4:] if path not in sys.path)
sys.path.insert(0, root)
try:
    from fsdb.sandbox import namespaces, rlimits
    rlimits.have_few_descriptors()
    not_isolated = namespaces.enter() if isolate else "left out"
    from fsdb.sandbox.zygote import main
except Exception as error:
    import json, struct
    text = json.dumps({"kind": "failed", "cause": type(error).__name__, "error": str(error)}).encode()
    os.write(descriptor, struct.pack("!QQQ", len(text), 0, 0) + text)
    while os.read(descriptor, 65536):
        pass
    sys.exit(1)
sys.path.pop(0)
main(descriptor, not_isolated)
"""


def clean_environment() -> dict[str, str]:
    """Return the whole environment of a zygote; of the engine's own only the library path is in it.

    That one (LD_LIBRARY_PATH) is kept because some installations of Python do not start without it.
    The hash seed is fixed, so that a program that depends on the order of a set scores the same everywhere.
    """
    environment = {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "HOME": "/nonexistent",
        "PYTHONHASHSEED": "0",
        "PYTHONUTF8": "1",
        # Machine code made at run time could not be run: executable mappings are refused.
        "PYTHON_JIT": "0",
    }
    environment.update(dict.fromkeys(THREAD_COUNTS, "1"))
    library_path = os.environ.get("LD_LIBRARY_PATH")
    if library_path:
        environment["LD_LIBRARY_PATH"] = library_path
    return environment


def zygote_command(descriptor: int, isolate: bool) -> list[str]:
    """Return the command that starts a zygote talking over the socket `descriptor`.

    With `isolate` it enters namespaces first, where it can.

    It works from an installation, an editable one and a bare checkout: it is told where this package is and
    where the engine finds modules.
    """
    root = str(Path(fsdb.__file__).resolve().parent.parent)
    mode = "isolate" if isolate else "share"
    paths = [path for path in sys.path if path and Path(path).is_absolute()]
    return [sys.executable, "-P", "-s", "-c", _START, str(descriptor), mode, root, *paths]
