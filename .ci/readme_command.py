"""Print the README's code block that follows the comment `<!-- command: NAME -->`."""

import re
import sys
from pathlib import Path

readme = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
match = re.search(rf"<!-- command: {sys.argv[1]} -->\n+```(?:bash|sh)\n(.*?)```", readme, re.DOTALL)
if match is None:
    sys.exit(f"README.md has no command {sys.argv[1]}")
print("set -euo pipefail")
print(match[1], end="")
