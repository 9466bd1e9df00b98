"""A real model behind a real server: llama.cpp's own OpenAI-compatible one, on the loopback.

    python benchmarks/real_server.py MODEL.gguf [PORT] [SLOTS]

Needs the package `xllamacpp` (llama.cpp with its server as a wheel) and a model in GGUF. Not part of fsdb.
"""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

CONTEXT_TOKENS = 3072
"""Room for a prompt and its answer in each slot."""


def serve(model: Path, port: int, slots: int) -> None:
    """Serve a model until the process ends, with one thread for generating."""
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(model)
    params.hostnames = ["127.0.0.1"]
    params.port = port
    params.n_parallel = slots
    params.n_ctx = slots * CONTEXT_TOKENS
    params.n_gpu_layers = 0
    params.cpuparams.n_threads = 1
    params.cpuparams_batch.n_threads = 1
    server = xllamacpp.Server(params)
    print(server.listening_address, flush=True)
    while True:
        time.sleep(3600)


@contextlib.contextmanager
def running(model: Path, *, slots: int = 2, python: str = sys.executable) -> Iterator[str]:
    """Yield the base URL of a server of a model, in a process of its own that ends with the block."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [python, __file__, str(model), str(port), str(slots)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            _wait(process, port)
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            process.terminate()


def _wait(process: subprocess.Popen[bytes], port: int, seconds: float = 120.0) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with exit code {process.returncode}")
        with (
            contextlib.suppress(OSError),
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2) as answer,
        ):
            if answer.status == 200:
                return
        time.sleep(0.2)
    raise RuntimeError(f"the server was not ready after {seconds:g} seconds")


if __name__ == "__main__":
    serve(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 2)
