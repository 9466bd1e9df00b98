"""The three ways to score a program: the same verdict for honest ones, and forgeries found out."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from fsdb.errors import UsageError
from fsdb.evaluator.evaluation import Evaluation, Limits
from fsdb.evaluator.modes import ARTEFACT, CALL_BY_CALL, IN_PROCESS, agree
from fsdb.problem.data import read_data
from fsdb.problem.specification import DataFile
from tests.evaluator.arena import GOOD, SPECIFICATION, Arena, arena, program

LIMITS = Limits(timeout_seconds=2, memory_bytes=2**28, output_bytes=1000)


@pytest.fixture(scope="module", params=[IN_PROCESS, CALL_BY_CALL])
def either(request: pytest.FixtureRequest) -> Iterator[Arena]:
    with arena(scoring=request.param, limits=LIMITS) as it:
        yield it
        it.check_good()
        assert it.evaluator.restarts == 0


@pytest.fixture(scope="module")
def trusting() -> Iterator[Arena]:
    with arena(limits=LIMITS) as it:
        yield it
        assert it.evaluator.restarts == 0


HONEST = {
    "good": (GOOD, "ok"),
    "helper": (program("return later(x) + LIMIT"), "ok"),
    "recursion": (program("return 0 if x == 0 else 1 + priority(x - 1)"), "ok"),
    "state": (program("priority.calls = getattr(priority, 'calls', 0) + 1", "return priority.calls"), "ok"),
    "array": (program("return np.array([x])"), "ok"),
    "scalar": (program("return np.float32(x)"), "ok"),
    "syntax": ("def priority(x):\n    return x +\n", "syntax_error"),
    "compiler": ("def priority(x):\n    break\n", "syntax_error"),
    "ancestor": (program("return priority_v1(x)"), "calls_ancestor"),
    "error": (program("y = x - 2", "return 1 / y"), "runtime_error"),
    "own-error": (program("class Mine(Exception): pass", "raise Mine('no')"), "runtime_error"),
    "deep": (program("return priority(x + 1)"), "runtime_error"),
    "exit": (program("raise SystemExit(3)"), "runtime_error"),
    "memory": (program("return len('x' * 2**40)"), "memory"),
    "endless": (program("while x == 2: pass", "return x"), "timeout"),
    "nothing": (program("return None"), "invalid_score"),
    "nan": (program("return float('nan')"), "invalid_score"),
    "two": (program("return np.array([x, x])"), "invalid_score"),
}


class TestHonestPrograms:
    @pytest.mark.parametrize(("source", "status"), HONEST.values(), ids=HONEST.keys())
    def test_have_the_same_status_in_either_mode(self, either: Arena, source: str, status: str) -> None:
        result = either(source)
        assert (result.status, result.scoring) == (status, either.evaluator.scoring)
        either.check_good()

    def test_have_the_same_scores_and_excerpts(self, either: Arena) -> None:
        assert either.run("return later(x) + LIMIT").scores == (5.0, 6.0, 7.0)
        assert either.run("f = 1", "return [5, 6][x - 1]").error == (
            "IndexError: list index out of range\n"
            "  line 3 in priority: return [5, 6][x - 1]\n"
            "  on input 3 of 3"
        )

    def test_keep_what_they_print(self, either: Arena) -> None:
        assert either.run("print('seen')", "return x").output == "seen\n" * 3

    def test_decorators_of_the_skeleton_work_once(self) -> None:
        text = SPECIFICATION.replace(
            "@funsearch.evolve",
            "def double(f):\n    return lambda *a: 2 * f(*a)\n\n\n@double\n@funsearch.evolve",
        )
        for scoring in (IN_PROCESS, CALL_BY_CALL):
            with arena(text, scoring=scoring) as it:
                assert it.run("return x").scores == (2.0, 4.0, 6.0)

    def test_future_imports_of_the_file_hold_for_the_program(self) -> None:
        text = "from __future__ import annotations\n" + SPECIFICATION.split('"""\n', 1)[1]
        with arena(text, scoring=CALL_BY_CALL) as it:
            assert it("def priority(x: NoSuchType) -> None:\n    return x\n").status == "ok"

    def test_errors_that_the_specification_catches_are_caught(self) -> None:
        text = SPECIFICATION.replace(
            "    return priority(x)\n",
            "    try:\n        return priority(x)\n    except ZeroDivisionError:\n        return -1\n",
        )
        for scoring in (IN_PROCESS, CALL_BY_CALL):
            with arena(text, scoring=scoring) as it:
                assert it.run("return 1 / (x - 2)").scores == (-1.0, -1.0, 1.0)


FORGERIES = {
    "report": (
        "import os",
        'os.write(3, b\'99.0\\n99.0\\n99.0\\n{"status": "ok", "error": null}\\n\')',
        "os._exit(0)",
    ),
    "frames": (
        "import sys",
        "frame = sys._getframe()",
        "while frame:",
        "    if 'exact_number' in frame.f_globals:",
        "        frame.f_globals['exact_number'] = lambda value: 99.0",
        "    frame = frame.f_back",
        "return x",
    ),
}


class TestForgery:
    @pytest.mark.parametrize("lines", FORGERIES.values(), ids=FORGERIES.keys())
    def test_is_believed_in_process_and_found_out_call_by_call(
        self, trusting: Arena, lines: tuple[str, ...]
    ) -> None:
        believed = trusting.run(*lines)
        assert (believed.status, believed.scores) == ("ok", (99.0, 99.0, 99.0))
        found_out = confirm(trusting, program(*lines), believed)
        assert (found_out.status, found_out.score) == ("forged", None)
        assert found_out.scores == (99.0, 99.0, 99.0)
        assert found_out.error is not None
        assert "scored 99.0 in the specification's process" in found_out.error
        trusting.check_good()

    def test_a_good_program_is_confirmed_with_its_second_score(self, trusting: Arena) -> None:
        believed = trusting(GOOD)
        confirmed = confirm(trusting, GOOD, believed)
        assert (confirmed.status, confirmed.score) == ("ok", believed.score)
        assert confirmed.second_score == believed.score
        assert believed.second_score is None

    def test_changing_the_arguments_is_found_out(self) -> None:
        text = SPECIFICATION.replace(
            "    return priority(x)\n", "    room = [x]\n    priority(room)\n    return room[0]\n"
        )
        with arena(text) as it:
            source = program("x[0] = 1000", "return 0")
            believed = it(source)
            assert believed.scores == (1000.0, 1000.0, 1000.0)
            found_out = confirm(it, source, believed)
            assert (found_out.status, found_out.second_score) == ("forged", 2.0)

    def test_a_failure_is_returned_as_it_is(self, trusting: Arena) -> None:
        failed = trusting.run("return None")
        assert confirm(trusting, program("return None"), failed) is failed

    def test_garbage_on_the_connection_is_no_score(self) -> None:
        with arena(scoring=CALL_BY_CALL, limits=LIMITS) as it:
            for garbage in ("b'x' * 100", "b'\\xff' * 8", "(2**62).to_bytes(8, 'big')", "b'\\0' * 4096"):
                result = it.run("import os", f"os.write(4, {garbage})", "return x")
                assert (result.status, result.scores) == ("invalid_score", (None, None, None))
                it.check_good()

    @pytest.mark.parametrize("line", ["os.close(4)", "os._exit(0)", "os.kill(os.getpid(), 9)"])
    def test_a_program_that_leaves_has_no_score(self, line: str) -> None:
        with arena(scoring=CALL_BY_CALL, limits=LIMITS) as it:
            assert it.run("import os", line, "return x").status == "runtime_error"
            it.check_good()

    def test_all_processes_are_killed_when_the_time_is_over(self) -> None:
        with arena(scoring=CALL_BY_CALL, limits=LIMITS) as it:
            assert it.run("while True: pass").status == "timeout"
            assert not it.evaluations()
            it.check_good()

    def test_a_lost_process_is_replaced(self) -> None:
        with arena(scoring=CALL_BY_CALL, limits=LIMITS) as it:
            it.lose()
            it.check_good()
            assert it.evaluator.restarts == 2

    def test_arguments_that_cannot_be_sent_are_told(self) -> None:
        text = SPECIFICATION.replace("    return priority(x)\n", "    return priority(lambda: x)\n")
        with arena(text) as it:
            source = program("return x()")
            believed = it(source)
            assert believed.status == "ok"
            result = confirm(it, source, believed)
            assert result.status == "sandbox_error"
            assert "the arguments of a call cannot be sent to another process" in (result.error or "")


def confirm(it: Arena, source: str, evaluation: Evaluation) -> Evaluation:
    return it.loop.run_until_complete(it.evaluator.confirm(source, evaluation))


SEARCH_OF_MEMORY = (
    "import gc, sys",
    "found = [o for o in gc.get_objects() if type(o) in (list, dict) and SECRET in str(o)]",
    "frame = sys._getframe()",
    "while frame:",
    "    found += [v for v in frame.f_locals.values() if type(v) is str and SECRET in v]",
    "    frame = frame.f_back",
    "blocks = b''.join(np.empty(2**20, dtype='u1').tobytes() for _ in range(8))",
    "return len(found) + (SECRET.encode() in blocks)",
)


class TestWhatIsHidden:
    def test_inputs_are_not_where_the_program_is(self) -> None:
        lines = [line.replace("SECRET", "('hid' + 'den-answer')") for line in SEARCH_OF_MEMORY]
        text = SPECIFICATION.replace("    return priority(x)\n", "    return priority(x['shown'])\n")
        inputs = tuple({"shown": n, "kept": "hidden-answer"} for n in range(3))
        with arena(text, inputs=inputs, scoring=IN_PROCESS) as it:
            seen = it.run(*lines).scores
            assert min(score or 0.0 for score in seen) > 0  # the search finds what is there
        with arena(text, inputs=inputs, scoring=CALL_BY_CALL) as it:
            assert it.run(*lines).scores == (0.0, 0.0, 0.0)

    def test_held_out_inputs_and_known_answers_are_in_no_process(self) -> None:
        lines = [line.replace("SECRET", "('hid' + 'den-answer')") for line in SEARCH_OF_MEMORY]
        text = SPECIFICATION.replace(
            "LIMIT = 3\n",
            "LIMIT = 3\nBASELINES = {\n    'hidden-answer': 5.0}\nHELD_OUT = {'x': ['hidden-answer']}\n",
        )
        with arena(text) as it:
            assert it.run(*lines).scores == (0.0, 0.0, 0.0)
            assert it.run("return BASELINES").status == "runtime_error"
            assert it.run("return later(x) + LIMIT").scores == (5.0, 6.0, 7.0)
            error = it.run("return 1 / 0").error
            assert error is not None
            assert "line 2 in priority: return 1 / 0" in error


SET_BUILDER = '''"""Choose numbers below n whose squares are not in the set."""
import funsearch


@funsearch.run
def build(n):
    """Return the numbers chosen."""
    return sorted(range(n), key=choose)[: n // 2]


@funsearch.verify
def check(n, chosen):
    """Return how many there are, where they are what they must be."""
    if type(chosen) is not list or any(type(x) is not int or not 0 <= x < n for x in chosen):
        raise ValueError("not a list of numbers below n")
    if len(set(chosen)) != len(chosen):
        raise ValueError("a number stands twice")
    return len(chosen) - 10 * sum(x * x in chosen for x in chosen if x > 1)


@funsearch.evolve
def choose(x):
    """Return a rank."""
    return x
'''


def choosing(*lines: str) -> str:
    return "def choose(x):\n" + "".join(f"    {line}\n" for line in lines)


@pytest.fixture(scope="module", params=[ARTEFACT, IN_PROCESS, CALL_BY_CALL])
def builder(request: pytest.FixtureRequest) -> Iterator[Arena]:
    with arena(SET_BUILDER, inputs=(4, 9), scoring=request.param, limits=LIMITS) as it:
        yield it


class TestArtefacts:
    def test_are_scored_by_verify_in_every_mode(self, builder: Arena) -> None:
        assert builder(choosing("return x")).scores == (2.0, 4.0)
        assert builder(choosing("return -x")).scores == (2.0, 4.0)
        assert builder(choosing("return (x != 2) + (x != 4)")).scores == (2.0, -6.0)

    def test_the_mode_is_the_specifications_own(self) -> None:
        with arena(SET_BUILDER, inputs=(4,)) as it:
            assert it(choosing("return x")).scoring == ARTEFACT

    def test_a_forged_artefact_is_worth_what_it_is(self) -> None:
        lines = (
            "import sys",
            "frame = sys._getframe()",
            "while frame:",
            "    if 'build' in frame.f_globals:",
            "        frame.f_globals['build'] = lambda n: list(range(n)) + [1]",
            "    frame = frame.f_back",
            "return x",
        )
        with arena(SET_BUILDER, inputs=(4, 9)) as it:
            result = it(choosing(*lines))
            assert result.status == "invalid_score"
            assert result.scores == (2.0, None)
            assert "a number stands twice" in (result.error or "")
            believed = it(choosing("return x"))
            assert confirm(it, choosing("return x"), believed) is believed

    @pytest.mark.parametrize(
        ("returned", "part"),
        [
            ("object()", "cannot leave the sandbox"),
            ("None", "not a list of numbers"),
            ("list(range(10**7))", "too long"),
        ],
    )
    def test_what_is_no_artefact(self, returned: str, part: str) -> None:
        lines = f"import sys; sys._getframe(1).f_globals['build'] = lambda n: {returned}"
        with arena(SET_BUILDER, inputs=(4, 9), limits=Limits(20, 2**30, 1000)) as it:
            result = it(choosing(lines, "return x"))
            assert result.status == "invalid_score"
            assert part in (result.error or "")

    def test_a_failing_program_is_told_as_ever(self) -> None:
        with arena(SET_BUILDER, inputs=(4, 9)) as it:
            assert it(choosing("return 1 / (x - 6)")).error == (
                "ZeroDivisionError: division by zero\n"
                "  line 2 in choose: return 1 / (x - 6)\n"
                "  on input 2 of 2"
            )

    def test_need_a_verify(self) -> None:
        with (
            pytest.raises(UsageError, match=r"no function marked with `@funsearch\.verify`"),
            arena(scoring=ARTEFACT),
        ):
            pass


class TestIsolatedInputs:
    def test_nothing_is_carried_from_one_input_to_the_next(self) -> None:
        lines = ("helper.seen = getattr(helper, 'seen', 0) + 1", "return helper.seen")
        with arena() as it:
            assert it.run(*lines).scores == (1.0, 2.0, 3.0)
        for scoring in (IN_PROCESS, CALL_BY_CALL):
            with arena(isolate_inputs=True, scoring=scoring) as it:
                assert it.run(*lines).scores == (1.0, 1.0, 1.0)
                assert it(GOOD).scores == (0.0, 1.0, 3.0)

    def test_each_input_has_the_whole_time(self) -> None:
        lines = ("import time", "time.sleep(0.7)", "return x")
        with arena(limits=Limits(1.2, 2**28, 100)) as it:
            assert it.run(*lines).status == "timeout"
        with arena(limits=Limits(1.2, 2**28, 100), isolate_inputs=True) as it:
            result = it.run(*lines)
            assert result.scores == (1.0, 2.0, 3.0)
            assert result.seconds is not None
            assert result.seconds > 2

    def test_the_first_failure_ends_it(self) -> None:
        with arena(isolate_inputs=True) as it:
            result = it.run("print(x)", "return 1 / (x - 2)")
            assert (result.status, result.scores) == ("runtime_error", (-1.0, None, None))
            assert (result.error or "").endswith("on input 2 of 3")
            assert result.output == "1\n2\n"


class TestDataFiles:
    TEXT = (
        "import funsearch\n@funsearch.evolve\ndef priority(x):\n    return x\n"
        "@funsearch.run\ndef evaluate(x):\n"
        "    return priority(x) * funsearch.data['table'].sum() + len(funsearch.data['names'])\n"
    )

    @pytest.fixture
    def data(self, tmp_path: Path) -> dict[str, DataFile]:
        np.save(tmp_path / "table.npy", np.arange(5.0))
        (tmp_path / "names.json").write_text('["a", "b"]')
        return read_data({"table": "table.npy", "names": "names.json"}, "DATA", tmp_path)

    def test_are_there_for_scoring(self, data: dict[str, DataFile]) -> None:
        with arena(self.TEXT, data=data) as it:
            assert it.run("return x").scores == (12.0, 22.0, 32.0)

    def test_cannot_be_changed(self, data: dict[str, DataFile]) -> None:
        with arena(self.TEXT, data=data) as it:
            assert it.run("funsearch.data['table'][0] = 100", "return x").status == "runtime_error"
            it.run("funsearch.data.clear()", "return x")
            assert it.run("return x").scores == (12.0, 22.0, 32.0)

    def test_must_be_what_their_names_say(self, tmp_path: Path) -> None:
        (tmp_path / "table.npy").write_text("no array")
        data = read_data({"table": "table.npy"}, "DATA", tmp_path)
        with (
            pytest.raises(UsageError, match=r"DATA\['table'\] is no \.npy file"),
            arena(self.TEXT, data=data),
        ):
            pass

    def test_a_pickle_is_never_loaded(self, tmp_path: Path) -> None:
        np.save(tmp_path / "table.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
        data = read_data({"table": "table.npy"}, "DATA", tmp_path)
        with pytest.raises(UsageError, match=r"is no \.npy file"), arena(self.TEXT, data=data):
            pass


def test_scores_agree_but_for_their_last_digits() -> None:
    assert agree((1.0, 0.0), (1.0 + 1e-12, 1e-15))
    assert not agree((1.0,), (1.000001,))
    assert not agree((1.0,), (None,))
    assert not agree((1.0,), (1.0, 1.0))


def test_confirming_is_done_one_at_a_time_however_many_ask(trusting: Arena) -> None:
    async def ask() -> list[Evaluation]:
        believed = await trusting.evaluator.evaluate(GOOD)
        return await asyncio.gather(*(trusting.evaluator.confirm(GOOD, believed) for _ in range(5)))

    results = trusting.loop.run_until_complete(ask())
    assert [result.second_score for result in results] == [results[0].score] * 5
