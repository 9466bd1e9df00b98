"""What runs in the process forked for one evaluation: compile the program, run it, report, and be gone.

The report goes through one pipe: the byte LOCKED once the sandbox is set up, the byte COMPILED once the
program has been compiled, the byte LOADED once the module has been executed, a line with a number for each
input scored, and a last line with the verdict, a JSON object of `status` and `error`. The order tells the
reader in which stage a process died, for what was sent before the program ran cannot be the program's.
"""

from __future__ import annotations

import ast
import io
import json
import os
import random
import sys
import types
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

from fsdb.sandbox.ancestors import called_ancestor
from fsdb.sandbox.excerpts import describe, describe_syntax
from fsdb.sandbox.messages import COMPILED, LOADED, LOCKED, MODULE
from fsdb.sandbox.scores import InvalidScore, exact_number

_OUT_OF_MEMORY = b'{"status":"memory","error":"MemoryError"}\n'
_MODULE_NAME = "specification"

# Given back when memory runs out, so that there is some to report it with. Never touched, it costs nothing.
_reserve: bytearray | None = bytearray(4 * 2**20)


@dataclass(frozen=True)
class Task:
    """One evaluation: the rendered specification, and the evolved function's text within it.

    `first_line` is the number of the line of `module` at which `program` begins.
    """

    module: str
    program: str
    first_line: int
    evolve: str
    run: str


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


def evaluate_and_exit(
    task: Task, inputs: list[Any], lock: Callable[[], None], report: int, output_bytes: int
) -> NoReturn:
    """Lock this process down with `lock`, evaluate `task`, write to the descriptor `report`, and exit.

    Standard output and standard error are descriptors 1 and 2 already.
    """
    try:
        _evaluate(task, inputs, lock, report, output_bytes)
    finally:
        os._exit(0)


def _evaluate(
    task: Task, inputs: list[Any], lock: Callable[[], None], report: int, output_bytes: int
) -> None:
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
        _run(task, code, inputs, report)
        verdict = _verdict("ok", None)
    except _Rejected as rejected:
        verdict = _verdict(rejected.status, rejected.error)
    except MemoryError:
        verdict = _OUT_OF_MEMORY
    _write(report, verdict)


def _compile(task: Task) -> types.CodeType:
    """Return the rendered specification as code, after a look at the program alone."""
    first_line = 1
    try:
        program = ast.parse(task.program, MODULE)
        _require_one_function(program, task.evolve)
        ancestor = called_ancestor(program, task.evolve)
        if ancestor is not None:
            raise _Rejected(
                "calls_ancestor", f"refers to {ancestor}, a version of {task.evolve} in the prompt"
            )
        del program
        first_line = task.first_line
        return compile(task.module, MODULE, "exec", dont_inherit=True)
    except SyntaxError as error:
        raise _Rejected("syntax_error", describe_syntax(error, task.program, first_line)) from None
    except (RecursionError, MemoryError):
        raise _Rejected("syntax_error", "nested too deeply to be compiled") from None
    except (ValueError, OverflowError) as error:
        raise _Rejected("syntax_error", f"{type(error).__name__}: {error}") from None


def _require_one_function(program: ast.Module, name: str) -> None:
    """Refuse a program that is anything else than one function of the right name."""
    if [getattr(node, "name", None) for node in program.body] != [name]:
        raise _Rejected("syntax_error", f"a program is the text of one function, {name}")
    if not isinstance(program.body[0], ast.FunctionDef):
        raise _Rejected("syntax_error", f"{name} is not a plain function")


def _run(task: Task, code: types.CodeType, inputs: list[Any], report: int) -> None:
    """Execute the module, then score each input in order and report each score at once."""
    global _reserve
    module = types.ModuleType(_MODULE_NAME)
    sys.modules[_MODULE_NAME] = module
    # FunSearch's own files write @funsearch.run without importing it.
    if "funsearch" in sys.modules:
        module.__dict__["funsearch"] = sys.modules["funsearch"]
    try:
        exec(code, module.__dict__)
        run = module.__dict__[task.run]
        _write(report, LOADED)
        for value in inputs:
            _write(report, b"%r\n" % exact_number(run(value)))
    except MemoryError as error:
        # Room to describe the error in.
        _reserve = None
        raise _Rejected("memory", describe(error, task.program, task.first_line)) from None
    except InvalidScore as error:
        raise _Rejected("invalid_score", str(error)) from None
    except BaseException as error:
        raise _Rejected("runtime_error", describe(error, task.program, task.first_line)) from None


def _verdict(status: str, error: str | None) -> bytes:
    """Return the last line of the report."""
    if error is not None:
        error = error.encode("utf-8", "backslashreplace").decode()
    return json.dumps({"status": status, "error": error}).encode() + b"\n"


def _write(descriptor: int, data: bytes) -> None:
    """Write all of `data`."""
    while data:
        data = data[os.write(descriptor, data) :]
