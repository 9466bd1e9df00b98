"""Evaluates programs by an evaluator that is a whole program: a fresh process tree for each evaluation."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec

from fsdb.errors import FsdbError, UsageError
from fsdb.evaluator.answers import judge_openevolve, judge_shinka
from fsdb.evaluator.evaluation import SCRIPT, Evaluation, Limits, not_run
from fsdb.evaluator.pool import refuse_unseen
from fsdb.problem.evaluators import OPENEVOLVE, Evaluator
from fsdb.problem.specification import Specification
from fsdb.sandbox.levels import DEFAULT_LEVEL, level_of, require
from fsdb.sandbox.lockdown import LAYERS
from fsdb.sandbox.script import setting, tree
from fsdb.sandbox.script.ended import Ended
from fsdb.sandbox.script.probe import ATTACK, breaches

SCRATCH_BYTES = 256 * 2**20
"""What an evaluation may keep in its scratch folder, and in shared memory."""

_GRACE_SECONDS = 15.0
_FIRST_USER = 61_000
# Root's evaluations run as users that nobody else is: what one has started, no other can signal or count.
_LARGEST_COPY = 256 * 2**20
_DROPPABLE = ("namespaces", "landlock", "seccomp", "user")


class ScriptEvaluator:
    """Scores programs, `processes` of them at a time, by another convention's evaluator.

    Use as fsdb.evaluator.pool.Evaluator; it belongs to one event loop.
    """

    def __init__(
        self,
        specification: Specification,
        evaluator: Evaluator,
        limits: Limits,
        processes: int,
        *,
        require_level: str = DEFAULT_LEVEL,
        allow_unsafe: bool = False,
        layers: Collection[str] = LAYERS,
    ) -> None:
        """`limits.memory_bytes` is for all processes of an evaluation; else as the other one's."""
        self._specification, self._evaluator, self._limits = specification, evaluator, limits
        self._require_level, self._allow_unsafe = require_level, allow_unsafe
        self._wanted = frozenset(layers)
        self._slots: asyncio.Queue[int] = asyncio.Queue()
        for slot in range(processes):
            self._slots.put_nowait(slot)
        self._base: Path | None = None
        self._folder = evaluator.folder
        self._replaced: dict[str, str] = {}
        self._closed = False
        self.scoring = SCRIPT
        self.layers: frozenset[str] = frozenset()
        """The layers in force, once started."""
        self.failures: dict[str, str] = {}
        """The reason for each layer that does not hold, once started."""
        self.restarts = 0
        """How often a process that was to be ready was lost: never, for none is kept."""

    async def start(self) -> None:
        """Find out which sandbox holds, by attacking it; raises FsdbError when it is too weak."""
        self._base = Path(tempfile.mkdtemp(prefix="fsdb-"))
        try:
            self._base.chmod(0o711)
            self._open_folder()
            self.layers, self.failures = await self._probe()
            require(self.layers, self.failures, self._require_level, self._allow_unsafe)
        except BaseException:
            await self.close()
            raise

    async def __aenter__(self) -> ScriptEvaluator:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @property
    def level(self) -> str:
        """The sandbox level in force (L3 to L0), once started."""
        return level_of(self.layers)

    async def evaluate(self, source: str) -> Evaluation:
        """Return the evaluation of a program, the text of what evolves.

        Never raises for what a program does. When cancelled, the evaluation is killed.
        """
        refusal = refuse_unseen(source)
        if refusal is not None:
            return not_run("syntax_error", refusal, 1)
        if self._closed:
            raise FsdbError("The evaluator is closed.")
        slot = await self._slots.get()
        try:
            program = self._specification.render(source)
            ended = await self._launch(slot, self.layers, self._command(), program)
        except FsdbError as error:
            return not_run("sandbox_error", str(error), 1)
        finally:
            self._slots.put_nowait(slot)
        judge = judge_openevolve if self._evaluator.convention == OPENEVOLVE else judge_shinka
        evaluation = judge(ended, self._limits)
        return replace(evaluation, sandbox_level=self.level)

    async def confirm(self, source: str, evaluation: Evaluation) -> Evaluation:
        """Return the evaluation: there is no second way in which such an evaluator could score a program."""
        return evaluation

    async def close(self) -> None:
        """Remove what was made for evaluations. May be called more than once."""
        self._closed = True
        if self._base is not None:
            await asyncio.to_thread(shutil.rmtree, self._base, True)

    # -- setting up -----------------------------------------------------------------------------------

    def _open_folder(self) -> None:
        """As root, see that evaluations, which are not root's, can read the evaluator's folder."""
        assert self._base is not None
        if os.geteuid() != 0:
            return
        reachable = all(parent.stat().st_mode & 0o001 for parent in self._folder.parents)
        readable = setting.is_open_to_others(self._folder)
        if readable and reachable:
            return
        if not readable:
            size = setting.size_of(self._folder)
            if size > _LARGEST_COPY:
                raise UsageError(
                    f"{self._folder} is not for others to read, and with {size >> 20} MiB too large to copy.",
                    cure="What root's runs evaluate is not root's: `chmod -R o+rX` it, or run as its owner",
                )
            copy = self._base / "folder" / self._folder.name
            shutil.copytree(self._folder, copy, symlinks=True)
            for place in (copy.parent, copy, *copy.rglob("*")):
                if not place.is_symlink():
                    place.chmod(0o755 if place.is_dir() else 0o644)
            self._replaced[str(self._folder)] = str(copy)

    async def _probe(self) -> tuple[frozenset[str], dict[str, str]]:
        """Return the layers that hold, and the reason for each that does not."""
        layers = self._wanted - ({"user"} if os.geteuid() != 0 else set())
        if sys.platform != "linux":
            layers &= {"rlimits"}
        failures: dict[str, str] = {}
        command = [sys.executable, "-s", "-P", "-c", ATTACK]
        while True:
            try:
                ended = await self._launch(0, layers, command, "", seconds=60.0)
            except FsdbError as error:
                layer, _, reason = str(error.message).partition(": ")
                if not reason and "user" in layers:
                    # Most often: this Python stands where nobody but root can read it.
                    layer, reason = "user", f"another user cannot run {sys.executable}: {layer}"
                if layer not in layers or layer not in _DROPPABLE:
                    raise
                failures[layer] = reason
                layers -= {layer}
                continue
            breached = breaches(ended.result, layers)
            if breached is None:
                raise FsdbError(
                    f"The sandbox for evaluators does not run Python: {ended.output.strip()[-500:]}.",
                    cure="The Python that fsdb runs in must be readable by other users, or run fsdb as one.",
                )
            if not breached:
                return layers | ({"user"} if os.geteuid() != 0 else set()), failures
            failures |= breached
            layers -= breached.keys()

    def _command(self) -> list[str]:
        evaluator = self._evaluator
        path = str(self._seen_folder() / Path(evaluator.path).name)
        program = f"{{scratch}}/program/{evaluator.program_name}"
        if evaluator.convention == OPENEVOLVE:
            thresholds = json.dumps(evaluator.thresholds)
            return [sys.executable, "-s", "-P", str(setting.RUNNER), path, program, thresholds]
        results = "{scratch}/results"
        return [sys.executable, "-s", path, "--program_path", program, "--results_dir", results]

    def _seen_folder(self) -> Path:
        """Where an evaluation sees the evaluator's folder."""
        copy = self._replaced.get(str(self._folder))
        return Path(copy) if copy is not None and "namespaces" not in self.layers else self._folder

    # -- running --------------------------------------------------------------------------------------

    async def _launch(
        self,
        slot: int,
        layers: Collection[str],
        command: list[str],
        program: str,
        *,
        seconds: float | None = None,
    ) -> Ended:
        """Have one command run in the sandbox; raises FsdbError where it cannot be set up."""
        assert self._base is not None
        seconds = self._limits.timeout_seconds if seconds is None else seconds
        place = Path(tempfile.mkdtemp(dir=self._base))
        try:
            place.chmod(0o711)
            for name in ("root", "scratch"):
                (place / name).mkdir()
            job = self._job(slot, frozenset(layers), command, program, seconds, place)
            process = await asyncio.create_subprocess_exec(
                *setting.launcher_command(),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                start_new_session=True,
                cwd="/",
                env=setting.environment(),
            )
            try:
                async with asyncio.timeout(seconds + _GRACE_SECONDS):
                    answer, _ = await process.communicate(json.dumps(job).encode())
            except TimeoutError:
                raise FsdbError("the process that holds an evaluation gave no answer") from None
            finally:
                # Where it has namespaces all in there goes with it.
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                await process.wait()
        except OSError as error:
            raise FsdbError(f"an evaluation cannot be started: {error}") from error
        finally:
            await asyncio.to_thread(shutil.rmtree, place, True)
        try:
            return msgspec.json.decode(answer, type=Ended)
        except msgspec.DecodeError:
            failed = _failure(answer)
        raise FsdbError(failed)

    def _job(
        self,
        slot: int,
        layers: frozenset[str],
        command: list[str],
        program: str,
        seconds: float,
        place: Path,
    ) -> dict[str, Any]:
        isolated = "namespaces" in layers
        user = _FIRST_USER + os.getpid() % 1000 * 4 + slot % 4 if os.geteuid() == 0 else None
        folder = self._folder
        if not isolated and str(folder) in self._replaced:
            folder = Path(self._replaced[str(folder)])
        scratch = place / "scratch"
        if user is not None and "user" in layers:
            os.chown(scratch, user, user)
        return {
            "layers": sorted(layers),
            "mount_point": str(place / "root"),
            "readable": setting.readable_paths(folder),
            "replaced": self._replaced if isolated else {},
            "scratch": str(scratch),
            "scratch_bytes": SCRATCH_BYTES,
            "folder": str(folder),
            "program": program,
            "program_name": self._evaluator.program_name,
            "files": ["correct.json", "metrics.json"],
            "command": command,
            "environment": setting.environment(),
            "timeout_seconds": seconds,
            "memory_bytes": self._limits.memory_bytes,
            "processes_of_user": 0 if isolated or user is not None else tree.processes_of(os.geteuid()),
            "user": user if "user" in layers else None,
        }


def _failure(answer: bytes) -> str:
    try:
        return str(json.loads(answer)["failed"])
    except (ValueError, KeyError, TypeError):
        return "the process that holds an evaluation died"
