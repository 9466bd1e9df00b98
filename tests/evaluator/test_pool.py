"""The evaluator's processes: shared fairly, killed when cancelled, restarted when lost, gone in the end."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from fsdb.errors import FsdbError, UsageError
from fsdb.evaluator.evaluation import Limits
from fsdb.evaluator.pool import Evaluator
from fsdb.sandbox import supervisor
from tests.evaluator.arena import GOOD, SPECIFICATION, Arena, arena, program, specification
from tests.sandbox.processes import children, descendants, gone, open_descriptors, session, wait_for

HANG = program("while True: pass")
SLEEP = program("import time", "time.sleep(1000)")


class TestManyAtOnce:
    def test_each_gets_its_own_result(self) -> None:
        with arena(processes=3) as it:
            sources = [program(f"return x + {number}") for number in range(40)]

            async def all_of_them() -> list[float | None]:
                return [result.score for result in await asyncio.gather(*map(it.evaluator.evaluate, sources))]

            assert it.loop.run_until_complete(all_of_them()) == [2.0 + number for number in range(40)]

    def test_a_hanging_program_holds_up_one_process_only(self) -> None:
        with arena(processes=2, limits=Limits(timeout_seconds=30)) as it:

            async def good_ones_beside_a_hanging_one() -> list[str]:
                hanging = asyncio.create_task(it.evaluator.evaluate(SLEEP))
                results = await asyncio.gather(*(it.evaluator.evaluate(GOOD) for _ in range(10)))
                assert not hanging.done()
                hanging.cancel()
                return [result.status for result in results]

            assert it.loop.run_until_complete(good_ones_beside_a_hanging_one()) == ["ok"] * 10


class TestCancelling:
    def test_kills_the_program_and_spares_the_process(self) -> None:
        with arena(limits=Limits(timeout_seconds=60)) as it:
            before = it.zygotes()

            async def cancel_a_running_one() -> None:
                task = asyncio.create_task(it.evaluator.evaluate(HANG))
                while not it.evaluations():
                    await asyncio.sleep(0.01)
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task

            for _ in range(5):
                it.loop.run_until_complete(cancel_a_running_one())
                assert not it.evaluations()
                it.check_good()
            assert (it.zygotes(), it.evaluator.restarts) == (before, 0)

    def test_at_any_moment_costs_no_other_program_its_score(self) -> None:
        with arena(processes=2) as it:

            async def storm() -> None:
                for delay in range(60):
                    tasks = [asyncio.create_task(it.evaluator.evaluate(GOOD)) for _ in range(3)]
                    await asyncio.sleep(delay * 0.0003)
                    tasks[0].cancel()
                    tasks[1].cancel()
                    results = await asyncio.gather(*tasks, return_exceptions=True)
                    assert results[2].scores == (0.0, 1.0, 3.0)  # type: ignore[union-attr]

            it.loop.run_until_complete(storm())
            assert it.evaluator.restarts == 0

    def test_while_waiting_for_a_process(self) -> None:
        with arena(limits=Limits(timeout_seconds=60)) as it:

            async def cancel_a_waiting_one() -> None:
                running = asyncio.create_task(it.evaluator.evaluate(SLEEP))
                waiting = asyncio.create_task(it.evaluator.evaluate(GOOD))
                await asyncio.sleep(0.05)
                waiting.cancel()
                await asyncio.sleep(0)
                running.cancel()
                await asyncio.gather(running, waiting, return_exceptions=True)

            it.loop.run_until_complete(cancel_a_waiting_one())
            it.check_good()


class TestLosingAProcess:
    def test_that_is_idle(self) -> None:
        with arena() as it:
            it.lose()
            it.check_good()
            assert it.evaluator.restarts == 1

    def test_in_the_middle_of_an_evaluation(self) -> None:
        with arena() as it:
            slow = program("import time", "time.sleep(0.2)", "return x")

            async def kill_it() -> tuple[float | None, ...]:
                task = asyncio.create_task(it.evaluator.evaluate(slow))
                while not it.evaluations():
                    await asyncio.sleep(0.01)
                os.kill(min(it.zygotes()), signal.SIGKILL)
                return (await task).scores

            assert it.loop.run_until_complete(kill_it()) == (1.0, 2.0, 3.0)
            assert it.evaluator.restarts == 1

    def test_its_child_goes_with_it(self) -> None:
        with arena(limits=Limits(timeout_seconds=60)) as it:

            async def kill_it() -> set[int]:
                task = asyncio.create_task(it.evaluator.evaluate(HANG))
                while not it.evaluations():
                    await asyncio.sleep(0.01)
                running = it.evaluations()
                os.kill(min(it.zygotes()), signal.SIGKILL)
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
                return running

            running = it.loop.run_until_complete(kill_it())
            assert running
            assert gone(running)

    def test_that_falls_silent(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(supervisor, "_GRACE_SECONDS", 0.2)
        with arena(limits=Limits(timeout_seconds=0.3)) as it:
            for pid in it.everything():
                os.kill(pid, signal.SIGSTOP)
            it.check_good()
            assert it.evaluator.restarts == 1

    def test_again_and_again_is_an_error_of_the_system(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with arena() as it:
            monkeypatch.setattr(supervisor, "zygote_command", lambda *_: ["/bin/false"])
            it.lose()
            result = it(GOOD)
            assert (result.status, result.scores) == ("sandbox_error", (None, None, None))
            assert result.error is not None
            assert "does not get ready" in result.error
            monkeypatch.undo()
            it.check_good()


class TestStarting:
    def test_an_import_that_fails_is_named(self) -> None:
        text = SPECIFICATION.replace("import numpy as np", "import numpy as np\nimport no_such_module")
        before = children(os.getpid())
        with pytest.raises(UsageError, match="import no_such_module") as caught, arena(text):
            pass
        assert "Install" in caught.value.cure
        assert children(os.getpid()) == before

    def test_a_level_that_is_not_reached_is_refused(self) -> None:
        before = children(os.getpid())
        evaluator = Evaluator(specification(), [1], "mean", Limits(), 1, layers=("rlimits", "seccomp"))
        with pytest.raises(FsdbError, match="reaches only level L1 here, and L2 is asked for") as caught:
            asyncio.run(evaluator.start())
        assert "--sandbox-level L1" in caught.value.cure
        evaluator = Evaluator(
            specification(), [1], "mean", Limits(), 1, layers=("rlimits",), require_level="L1"
        )
        with pytest.raises(FsdbError, match="reaches only level L0") as caught:
            asyncio.run(evaluator.start())
        assert "--unsafe" in caught.value.cure
        assert children(os.getpid()) == before

    def test_a_level_that_is_allowed_is_recorded(self) -> None:
        with arena(layers=("rlimits",)) as it:
            assert it(GOOD).sandbox_level == "L0"

    def test_inputs_arrive_as_they_are(self) -> None:
        inputs = ({"a": [1, 2.5, None, True]}, [], "größe", 10**30)
        text = SPECIFICATION.replace("return priority(x)", "print(repr(x))\n    return priority(x)")
        with arena(text, inputs=inputs) as it:
            result = it.run("return 1")
        assert result.output is not None
        assert result.output.splitlines() == [repr(value) for value in inputs]


class TestClosing:
    def test_leaves_no_process_and_no_descriptor(self) -> None:
        descriptors, before = open_descriptors(), children(os.getpid())
        with arena(processes=3) as it:
            it.check_good()
            assert len(it.zygotes()) == 3
        assert children(os.getpid()) == before
        assert open_descriptors() == descriptors

    def test_with_evaluations_under_way_and_waiting(self) -> None:
        it = Arena(Evaluator(specification(), [1], "mean", Limits(60), 1, allow_unsafe=True))

        async def close_it() -> list[object]:
            tasks = [asyncio.create_task(it.evaluator.evaluate(source)) for source in (HANG, GOOD, GOOD)]
            while not it.evaluations():
                await asyncio.sleep(0.01)
            await it.evaluator.close()
            await it.evaluator.close()
            return list(await asyncio.gather(*tasks, return_exceptions=True))

        results = it.loop.run_until_complete(close_it())
        assert [str(result) for result in results] == ["The evaluator is closed."] * 3
        assert not it.zygotes()
        it.close()


ENGINE = textwrap.dedent(
    """
    import asyncio, sys
    from tests.evaluator.arena import specification
    from fsdb.evaluator.evaluation import Limits
    from fsdb.evaluator.pool import Evaluator

    async def main():
        evaluator = Evaluator(specification(), [1], "mean", Limits(1000), 2, allow_unsafe=True)
        await evaluator.start()
        print("started", flush=True)
        await evaluator.evaluate("def priority(x):\\n    while True: pass\\n")

    try:
        asyncio.run(main())
    except KeyboardInterrupt:
        print("interrupted", flush=True)
        sys.exit(3)
    """
)


@pytest.fixture
def engine() -> Iterator[subprocess.Popen[str]]:
    """An engine with a program that does not end."""
    root = Path(__file__).parents[2]
    with subprocess.Popen(
        [sys.executable, "-c", ENGINE], stdout=subprocess.PIPE, text=True, cwd=root, start_new_session=True
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "started\n"
            # A program runs: there is a process in a session that is not a zygote's.
            zygotes = {os.getsid(pid) for pid in children(process.pid)}
            assert len(zygotes) == 2
            assert wait_for(lambda: any(session(pid) not in zygotes for pid in descendants(process.pid)))
            yield process
        finally:
            process.kill()


def test_an_engine_killed_leaves_no_process(engine: subprocess.Popen[str]) -> None:
    pids = descendants(engine.pid)
    engine.kill()
    engine.wait()
    assert gone(pids)


def test_ctrl_c_reaches_the_engine_alone(engine: subprocess.Popen[str]) -> None:
    pids = descendants(engine.pid)
    engine.send_signal(signal.SIGSTOP)
    os.killpg(engine.pid, signal.SIGINT)
    time.sleep(0.1)
    assert descendants(engine.pid) == pids
    engine.send_signal(signal.SIGCONT)
    assert engine.wait(20) == 3
    assert gone(pids)


def _growth(evaluations: int) -> tuple[set[str], int, int]:
    """Return the descriptors and processes that so many evaluations leave, and the zygote's memory growth."""
    sources = [GOOD, program("return 1 / 0"), program("return ("), program("print('x' * 9999)", "return x")]
    with arena(processes=2) as it:

        async def some(count: int) -> None:
            await asyncio.gather(*(it.evaluator.evaluate(sources[i % 4]) for i in range(count)))

        def resident() -> int:
            return sum(
                int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096 for pid in it.everything()
            )

        it.loop.run_until_complete(some(40))
        descriptors, processes, memory = open_descriptors(), descendants(os.getpid()), resident()
        inside = {pid: len(list(Path(f"/proc/{pid}/fd").iterdir())) for pid in it.everything()}
        it.loop.run_until_complete(some(evaluations))
        assert descendants(os.getpid()) == processes
        assert {pid: len(list(Path(f"/proc/{pid}/fd").iterdir())) for pid in it.everything()} == inside
        assert it.evaluator.restarts == 0
        return (
            open_descriptors() - descriptors,
            len(descendants(os.getpid()) - processes),
            resident() - memory,
        )


def test_hundreds_of_evaluations_leave_nothing_behind() -> None:
    descriptors, processes, memory = _growth(300)
    assert (descriptors, processes) == (set(), 0)
    assert memory < 4 * 2**20


@pytest.mark.slow
def test_thousands_of_evaluations_leave_nothing_behind() -> None:
    descriptors, processes, memory = _growth(2000)
    assert (descriptors, processes) == (set(), 0)
    assert memory < 4 * 2**20
