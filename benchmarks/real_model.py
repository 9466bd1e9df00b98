"""A real search with a real model, beside `mutation` at equal samples.

    python benchmarks/real_model.py MODEL.gguf [--samples 100] [--problem cap_set] [--inputs JSON]
    python benchmarks/real_model.py MODEL.gguf --endpoint completions      # a base model

Starts benchmarks/real_server.py (the package `xllamacpp` must be installed, or be there for --python),
runs `fsdb run` with the real client, then `fsdb run` without a model, and prints both bests and what
`fsdb query operators` says. One thread generates: on two shared cores a sample takes from 3 to 40 seconds.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.real_server import running


def fsdb(*arguments: object) -> None:
    """Run the command; its output is this program's."""
    command = [sys.executable, "-m", "fsdb.cli.main", *map(str, arguments)]
    subprocess.run(command, check=True)


def main() -> None:
    """Run both searches and compare them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("--samples", type=int, default=100)
    parser.add_argument("--minutes", type=float, default=240.0)
    parser.add_argument("--problem", default="cap_set")
    parser.add_argument("--inputs", default='{"n = 5": 5}')
    parser.add_argument("--endpoint", default="chat")
    parser.add_argument("--runs-dir", type=Path, default=Path("runs"))
    parser.add_argument("--python", default=sys.executable, help="a Python that has xllamacpp")
    options = parser.parse_args()
    search = ["--inputs", options.inputs, "--islands", 3, "--random-programs", 0, "--seed", 1]
    search += ["--samples", options.samples, "--runs-dir", options.runs_dir]
    with running(options.model, python=options.python) as base_url:
        model = ["--model", options.model.stem, "--base-url", base_url, "--endpoint", options.endpoint]
        model += ["--concurrency", 2, "--max-tokens", 300, "--temperature", 0.8, "--request-timeout", 400]
        fsdb("doctor", *model)
        fsdb("run", options.problem, "--name", "model", *search, *model, "--minutes", options.minutes)
    fsdb("run", options.problem, "--name", "mutation", *search)
    for name in ("model", "mutation"):
        fsdb("query", name, "operators", "--runs-dir", options.runs_dir)
    fsdb("compare", "model", "mutation", "--runs-dir", options.runs_dir)


if __name__ == "__main__":
    main()
