"""Check that the newest run's best program beats best fit on a set of instances that the search never saw."""

import json
import subprocess
import sys
from pathlib import Path

user = Path(sys.argv[1])
command = [user / ".venv/bin/fsdb", "best", "--compare", "--json", "--runs-dir", user / "runs"]
found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
scores: dict[str, dict[str, float]] = {}
for row in found["comparison"]:
    scores.setdefault(row["inputs"], {})[row["program"]] = row["score"]
held_out = {name: by for name, by in scores.items() if name != "training"}
beaten = [name for name, by in held_out.items() if by["best found"] > by["best fit"]]
for name, by in scores.items():
    line = ", ".join(f"{label} {score:.2f}" for label, score in by.items() if score is not None)
    print(f"{name:>14}: {line}")
print(f"best fit is beaten on {len(beaten)} of {len(held_out)} held-out sets")
sys.exit(0 if beaten else 1)
