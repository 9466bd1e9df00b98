"""What runs in the process forked for one evaluation: compile the program, run it, report, and be gone.

The report goes through one pipe: the byte LOCKED once the sandbox is set up, the byte COMPILED once the
program has been compiled, the byte LOADED once the module has been executed, a line for each input (the
number that is its score, or the artefact built for it, packed and in base64), and a last line with the
verdict, a JSON object of `status` and `error`. The order tells the reader in which stage a process died, for
what was sent before the program ran cannot be the program's.
"""

from __future__ import annotations
import __future__

import ast
import base64
import io
import json
import os
import random
import sys
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

from fsdb.sandbox.ancestors import called_ancestor
from fsdb.sandbox.calls import EXCERPT, Caller, CallRefused, Garbled, Gone, answer_calls
from fsdb.sandbox.excerpts import describe, describe_syntax
from fsdb.sandbox.messages import COMPILED, LOADED, LOCKED, MODULE, Part
from fsdb.sandbox.scores import InvalidScore, exact_number
from fsdb.sandbox.values import NotPlain, pack, unpack

_OUT_OF_MEMORY = b'{"status":"memory","error":"MemoryError"}\n'
_MODULE_NAME = "specification"
_CALL = "__fsdb_call__"
_FUTURE = 0
for _name in __future__.all_feature_names:
    _FUTURE |= getattr(__future__, _name).compiler_flag

# Given back when memory runs out, so that there is some to report it with. Never touched, it costs nothing.
_reserve: bytearray | None = bytearray(4 * 2**20)


@dataclass(frozen=True)
class Task:
    """One evaluation: the rendered specification, and the evolved function's text within it.

    `first_line` is the number of the line of `module` at which `program` begins. `inputs` are those that
    this child is to score; `artefacts` those to be verified, packed, one for each; `calls` is the descriptor
    that the referee and the player talk over, None for other parts.
    """

    part: Part
    module: str
    program: str
    first_line: int
    evolve: str
    run: str
    verify: str | None
    inputs: list[Any]
    artefacts: list[bytes]
    calls: int | None


def calling_program(evolve: str) -> str:
    """Return the program that stands for the evolved function where its calls are sent to a player."""
    return f"def {evolve}(*arguments, **keywords):\n    return {_CALL}(arguments, keywords)\n"


class _Rejected(Exception):
    """The evaluation ends with this status and error."""

    def __init__(self, status: str, error: str) -> None:
        super().__init__(status)
        self.status = status
        self.error = error


class _CappedOutput(io.RawIOBase):
    """The first bytes of what is written go to a descriptor, the rest nowhere."""

    def __init__(self, descriptor: int, cap: int) -> None:
        self._descriptor = descriptor
        self._left = cap

    def writable(self) -> bool:
        """Always."""
        return True

    def write(self, data: Any) -> int:
        """Take all of `data`, and keep what there is room for."""
        data = bytes(data)
        if self._left > 0:
            self._left -= os.write(self._descriptor, data[: self._left])
        return len(data)


def evaluate_and_exit(task: Task, lock: Callable[[], None], report: int, output_bytes: int) -> NoReturn:
    """Lock this process down with `lock`, evaluate `task`, write to the descriptor `report`, and exit.

    Standard output and standard error are descriptors 1 and 2 already.
    """
    try:
        _evaluate(task, lock, report, output_bytes)
    finally:
        os._exit(0)


def _evaluate(task: Task, lock: Callable[[], None], report: int, output_bytes: int) -> None:
    """Do what `evaluate_and_exit` says, but return."""
    try:
        lock()
    except Exception as error:
        _write(report, _verdict("sandbox_error", str(error)))
        return
    _write(report, LOCKED)
    # Python seeds its own generator anew in a forked process; see `fix_chance` in `preload`.
    random.seed(0)
    sys.stdout = sys.stderr = io.TextIOWrapper(
        _CappedOutput(1, output_bytes), encoding="utf-8", errors="backslashreplace", write_through=True
    )
    try:
        code = _compile(task)
        _write(report, COMPILED)
        _run(task, code, report)
        verdict = _verdict("ok", None)
    except _Rejected as rejected:
        verdict = _verdict(rejected.status, rejected.error)
    except MemoryError:
        verdict = _OUT_OF_MEMORY
    _write(report, verdict)


def _compile(task: Task) -> types.CodeType:
    """Return the rendered specification as code, after a look at the program alone, where there is one."""
    first_line = 1
    try:
        if task.part.runs_the_program:
            _look_at(task.program, task.evolve)
        first_line = task.first_line
        return compile(task.module, MODULE, "exec", dont_inherit=True)
    except SyntaxError as error:
        raise _Rejected("syntax_error", describe_syntax(error, task.program, first_line)) from None
    except (RecursionError, MemoryError):
        raise _Rejected("syntax_error", "nested too deeply to be compiled") from None
    except (ValueError, OverflowError) as error:
        raise _Rejected("syntax_error", f"{type(error).__name__}: {error}") from None


def _look_at(text: str, evolve: str) -> None:
    """Refuse a program that is not one function, or that calls on its ancestors."""
    program = ast.parse(text, MODULE)
    _require_one_function(program, evolve)
    ancestor = called_ancestor(program, evolve)
    if ancestor is not None:
        raise _Rejected("calls_ancestor", f"refers to {ancestor}, a version of {evolve} in the prompt")


def _require_one_function(program: ast.Module, name: str) -> None:
    """Refuse a program that is anything else than one function of the right name."""
    if [getattr(node, "name", None) for node in program.body] != [name]:
        raise _Rejected("syntax_error", f"a program is the text of one function, {name}")
    if not isinstance(program.body[0], ast.FunctionDef):
        raise _Rejected("syntax_error", f"{name} is not a plain function")


def _run(task: Task, code: types.CodeType, report: int) -> None:
    """Execute the module, then do this child's part for each input in order, and report each at once."""
    global _reserve
    try:
        module = _load(task, code)
        _write(report, LOADED)
        if task.part is Part.PLAYER:
            assert task.calls is not None
            answer_calls(task.calls, _bare_function(task, code, module), lambda error: _excerpt(error, task))
        elif task.part is Part.MAKER:
            for value in task.inputs:
                _write(report, base64.b64encode(pack(module[task.run](value))) + b"\n")
        else:
            for score in _scores(task, module):
                _write(report, b"%r\n" % exact_number(score))
    except MemoryError as error:
        # Room to describe the error in.
        _reserve = None
        raise _Rejected("memory", _excerpt(error, task)) from None
    except (InvalidScore, NotPlain) as error:
        raise _Rejected("invalid_score", str(error)) from None
    except Garbled as problem:
        raise _Rejected("invalid_score", f"the result cannot be read: {problem}") from None
    except Gone:
        raise _Rejected("runtime_error", "the process that held the program is gone") from None
    except CallRefused as error:
        raise _Rejected("sandbox_error", str(error)) from None
    except BaseException as error:
        raise _Rejected("runtime_error", _excerpt(error, task)) from None


def _load(task: Task, code: types.CodeType) -> dict[str, Any]:
    """Execute the module; return its names."""
    module = types.ModuleType(_MODULE_NAME)
    sys.modules[_MODULE_NAME] = module
    # FunSearch's own files write @funsearch.run without importing it.
    if "funsearch" in sys.modules:
        module.__dict__["funsearch"] = sys.modules["funsearch"]
    if task.part is Part.REFEREE:
        assert task.calls is not None
        module.__dict__[_CALL] = Caller(task.calls)
    exec(code, module.__dict__)
    return module.__dict__


def _scores(task: Task, module: dict[str, Any]) -> Iterator[Any]:
    """Yield what the specification says that each input is worth."""
    if task.part is Part.VERIFIER:
        assert task.verify is not None
        for value, artefact in zip(task.inputs, task.artefacts, strict=True):
            yield module[task.verify](value, unpack(artefact))
        return
    for value in task.inputs:
        result = module[task.run](value)
        yield result if task.verify is None else module[task.verify](value, result)


def _bare_function(task: Task, code: types.CodeType, module: dict[str, Any]) -> Callable[..., Any]:
    """Return the program's function without the decorators of the skeleton, which the referee applies.

    Its lines are counted as in the module, and it is compiled under the module's `from __future__` imports.
    """
    text = "\n" * (task.first_line - 1) + task.program
    names: dict[str, Any] = {}
    exec(compile(text, MODULE, "exec", code.co_flags & _FUTURE, dont_inherit=True), module, names)
    function: Callable[..., Any] = names[task.evolve]
    return function


def _excerpt(error: BaseException, task: Task) -> str:
    """Return what is shown of an error; of one that came from the player, what the player says."""
    told = getattr(error, EXCERPT, None)
    return told if type(told) is str else describe(error, task.program, task.first_line)


def _verdict(status: str, error: str | None) -> bytes:
    """Return the last line of the report."""
    if error is not None:
        error = error.encode("utf-8", "backslashreplace").decode()
    return json.dumps({"status": status, "error": error}).encode() + b"\n"


def _write(descriptor: int, data: bytes) -> None:
    """Write all of `data`."""
    while data:
        data = data[os.write(descriptor, data) :]
