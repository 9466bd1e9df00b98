from __future__ import annotations

import os
import shutil
import subprocess
import sys
from unittest import mock

import pytest

from fsdb.errors import FsdbError
from fsdb.sandbox.levels import level_of, probe, require
from fsdb.sandbox.lockdown import LAYERS, Lockdown
from fsdb.sandbox.messages import Limits
from fsdb.sandbox.zygote import _canary


@pytest.mark.parametrize(
    ("layers", "level"),
    [
        (("rlimits", "landlock", "seccomp", "namespaces"), "L3"),
        (("rlimits", "user", "landlock", "seccomp"), "L2"),
        (("rlimits", "seccomp"), "L1"),
        (("rlimits", "landlock"), "L0"),
        (("landlock", "seccomp"), "L0"),
        ((), "L0"),
    ],
)
def test_the_level_that_layers_amount_to(layers: tuple[str, ...], level: str) -> None:
    assert level_of(layers) == level


class TestRequiring:
    def test_enough_is_enough(self) -> None:
        require(("rlimits", "landlock", "seccomp"), {}, "L2", allow_unsafe=False)
        require(("rlimits", "landlock", "seccomp"), {}, "L1", allow_unsafe=False)
        require((), {}, "L2", allow_unsafe=True)

    def test_too_little_names_the_reason_and_the_permission(self) -> None:
        with pytest.raises(FsdbError) as caught:
            require(
                ("rlimits", "seccomp"), {"landlock": "Function not implemented"}, "L2", allow_unsafe=False
            )
        assert "landlock: Function not implemented" in caught.value.message
        assert "`--sandbox-level L1`" in caught.value.cure
        with pytest.raises(FsdbError) as caught:
            require((), {}, "L1", allow_unsafe=False)
        assert "`--unsafe`" in caught.value.cure


def test_probing_this_machine() -> None:
    report = probe()
    assert [layer.name for layer in report.layers] == list(LAYERS)
    assert report.level == level_of([layer.name for layer in report.layers if layer.holds])
    for layer in report.layers:
        assert layer.purpose
        assert bool(layer.reason) == bool(layer.cure) == (not layer.holds)


@pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0 or not shutil.which("setpriv"),
    reason="needs root and setpriv",
)
@pytest.mark.parametrize(
    ("lost", "layers"),
    [("-sys_admin", {"namespaces"}), ("-all", {"namespaces", "user"})],
    ids=["some", "all"],
)
def test_root_without_capabilities_as_in_a_container(lost: str, layers: set[str]) -> None:
    script = (
        "from fsdb.sandbox.levels import probe; report = probe(); print(report.level);"
        " print(*[layer.name for layer in report.layers if not layer.holds], sep='\\n')"
    )
    command = ["setpriv", f"--bounding-set={lost}", f"--inh-caps={lost}", sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    level, *missing = done.stdout.split()
    assert (level, set(missing)) == ("L2", layers)


@pytest.mark.skipif(sys.platform != "linux", reason="the attacks are on Linux's layers")
class TestTheCanary:
    """A layer that is in force in name only is found out."""

    def attempt(self) -> dict[str, str]:
        return _canary(Lockdown(frozenset(LAYERS), Limits().timeout_seconds, 2**40, None))

    def test_no_filter(self) -> None:
        assert "cannot be filtered" in self.attempt()["seccomp"]

    def test_landlock_that_does_nothing(self) -> None:
        with mock.patch("fsdb.sandbox.landlock.deny_all"):
            assert self.attempt()["landlock"] == "it was possible to list the root directory"

    def test_limits_that_do_nothing(self) -> None:
        with mock.patch("fsdb.sandbox.rlimits.forbid_descriptors"):
            assert self.attempt()["rlimits"] == "it was possible to duplicate a descriptor"

    def test_landlock_that_is_not_there(self) -> None:
        with mock.patch("fsdb.sandbox.landlock.deny_all", side_effect=OSError("not implemented")):
            assert self.attempt()["landlock"] == "not implemented"

    def test_that_crashes_finds_nothing_holding(self) -> None:
        with mock.patch("fsdb.sandbox.landlock.deny_all", side_effect=SystemExit):
            assert self.attempt() == dict.fromkeys(LAYERS[1:], "the attempt gave no answer")
