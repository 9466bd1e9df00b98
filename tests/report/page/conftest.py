from __future__ import annotations

from pathlib import Path

import pytest

from fsdb.report.page import render
from tests.report.logs import HOSTILE, SEED_PROGRAM, child, hand_made, real_run, write

MARKUP = (
    "</script><script>window.owned = 1</script><img src=x onerror='window.owned = 2'>"
    "\x1b[31m\x00 \u202eesrever\u2066 \u2028 ]]> <!-- {{ 7 * 7 }} ${alert(1)} \ufffe"
)
"""Text that would take over a page, if a page held it as it is."""


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory of a real run, not to be changed."""
    return real_run(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="session")
def real_page(real: Path) -> str:
    """The page of a real run."""
    return render([real])


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run in which every text that a program, a model or a user gives is hostile."""
    folder = tmp_path_factory.mktemp("hostile")
    log = hand_made(
        folder,
        islands=2,
        name=MARKUP,
        problem=MARKUP,
        sampler="openai",
        model=MARKUP,
        input_names=[MARKUP, "b"],
        policy=MARKUP,
    )
    seed = log.evaluated([-9.0, -9.0], source=SEED_PROGRAM)
    log.evaluated([-9.0, -9.0], 1, source=SEED_PROGRAM, reused_from=0)
    one = child(
        log, [-3.0, -3.0], [seed], source=f"def cube(x):\n    return '''{MARKUP}'''\n", sampler=MARKUP
    )
    child(log, [-1.0, -1.0], [one], source=HOSTILE + f"    # {MARKUP}\n", sampler=MARKUP)
    for number in range(3):
        child(
            log, [None, None], [one], status=MARKUP, error=MARKUP, output=MARKUP, source=f"{MARKUP}{number}"
        )
    return write(log, folder / "runs" / "a <b> & 'c'")


@pytest.fixture(scope="session")
def hostile_page(hostile: Path) -> str:
    """The page of the hostile run."""
    return render([hostile])
