"""Runs hostile programs, one after another from the same few processes, and says what is wrong afterwards.

As a program of its own (`python -m tests.hostile.battery`) it runs them all as whoever starts it, and prints
what was wrong as a JSON object of lists by the program's name, with the level under "".
"""

from __future__ import annotations

import contextlib
import json
import re
import sys
import textwrap
from collections.abc import Collection, Iterator

from fsdb.evaluator.evaluation import Evaluation, Limits
from fsdb.sandbox.lockdown import LAYERS
from tests.evaluator.arena import Arena, arena
from tests.hostile import collection
from tests.hostile.collection import FORGED, Program
from tests.hostile.traps import Traps, programs_user

_SPECIFICATION = '''"""Return a large number: what the program returns, unless there is a bonus."""
import ctypes
import ctypes.util
import numpy as np

import funsearch

{imports}

{places}

LIBC = ctypes.CDLL(None, use_errno=True)
LIBC_PYTHON = ctypes.pythonapi
NO_BONUS = float("0")
LIMIT = 3


def demand(result):
    """Return what a function of the C library returned; raise OSError where that is -1."""
    if result == -1:
        raise OSError(ctypes.get_errno(), "refused")
    return result


def syscall(x86_64, arm64, *arguments):
    """Make the system call that has these numbers."""
    number = x86_64 if MACHINE == "x86_64" else arm64
    return LIBC.syscall(ctypes.c_long(number), *map(ctypes.c_long, arguments))


def bonus_of(x):
    return NO_BONUS or x[1]


@funsearch.run
def evaluate(x):
    """Score one input, a number and a bonus."""
    bonus = 0
    result = priority(x)
    return bonus or bonus_of(x) or result


@funsearch.evolve
def priority(x):
    """Return a number."""
    return x[0]
'''

INPUTS = ([1, 0], [2, 0], [3, 0])

WITNESS = """def priority(x):
    import atexit, builtins, codecs, ctypes, decimal, gc, json, math, os, random
    import statistics, sys, threading, warnings, weakref
    child = sys.modules["fsdb.sandbox.child"]
    try:
        codecs.lookup("left_behind")
    except LookupError:
        codec = None
    seen = [
        x, LIMIT, NO_BONUS, demand.__name__, int("200"), repr(int("200")), "a".upper(), len([]),
        evaluate.__code__.co_names, bonus_of.__name__,
        builtins.len is len, builtins.__import__.__name__, len(vars(builtins)), math.__name__,
        "left_behind" in sys.modules, "textwrap" in sys.modules, statistics.mean([1, 2, 3]),
        json.dumps([1]), os.write.__name__, len(os.environ), len(sys.path), len(sys.meta_path), codec,
        atexit._ncallbacks(), len(gc.callbacks), gc.isenabled(), gc.get_threshold(),
        sys.gettrace(), sys.getprofile(), threading._trace_hook, len(weakref.finalize._registry),
        threading.active_count(), sys.getrecursionlimit(), sys.get_int_max_str_digits(),
        sys.excepthook is sys.__excepthook__, sys.unraisablehook is sys.__unraisablehook__,
        len(warnings.filters), np.geterr(), np.get_printoptions()["precision"],
        decimal.getcontext().prec, decimal.Context().prec, random.random(), np.random.rand(),
        child.exact_number(0.5), child.called_ancestor.__name__, type(sys.stdout).__name__,
    ]
    print(seen)
    return float(np.sum(np.arange(x[0])))
"""
"""A good program that scores 0, 1 and 3, and prints all that programs before it may have changed."""

# What a program fails with when it is itself at fault, and not stopped by a sandbox.
_FAULTS = ("NameError", "ImportError", "ModuleNotFoundError", "AttributeError", "UnboundLocalError")
_MAX_ERROR_CHARACTERS = 2000
_OUTPUT_BYTES = 4000
_HASTE = 0.6
_ALL = collection.load()


class Battery:
    """Two evaluators: one with little time, for programs that never end, and one for all others."""

    def __init__(self, patient: Arena, hasty: Arena, traps: Traps) -> None:
        self._arenas = {False: patient, True: hasty}
        self.traps = traps
        self.level = patient.evaluator.level
        self._honest = {it: it(WITNESS) for it in self._arenas.values()}
        # The processes for second scorings are started with the first one.
        _confirm(patient, WITNESS, self._honest[patient])
        self._started = {it: it.everything() for it in self._arenas.values()}
        traps.own = set().union(*self._started.values())

    def run(self, program: Program) -> list[str]:
        """Run a program, and a good one after it; return what is wrong, in words."""
        it = self._arenas[program.never_ends]
        evaluation = it(program.text)
        problems = _judge(program, evaluation, it)
        problems += [f"{kind}: {what}" for kind, what in self.traps.harm(evaluation).items()]
        problems += _badly_told(evaluation)
        after = it(WITNESS)
        honest = self._honest[it]
        if (after.status, after.scores) != ("ok", (0.0, 1.0, 3.0)):
            problems.append(f"the next program is told {after.status}, {after.scores}: {after.error}")
        elif after.output != honest.output:
            problems.append(f"the next program sees {after.output} in place of {honest.output}")
        if it.evaluations() or it.everything() != self._started[it]:
            problems.append("the processes are others than before")
        if it.evaluator.restarts:
            problems.append("a process was lost")
        if problems:
            self.traps.reset()
        return problems

    def prove(self, program: Program) -> str:
        """Run a program to see what comes of it, in one word where it is harm; the sandbox should be off."""
        it = self._arenas[False]
        self.traps.reset()
        if program.unprotected == "seen":
            return self._seen(program, it)
        # The process that programs may kill is another one once it has been killed.
        evaluation = it(re.sub(r"\bSTRANGER\b", str(self.traps.places()["STRANGER"]), program.text))
        harm = self.traps.harm(evaluation)
        self.traps.reset()
        if program.unprotected in harm:
            return str(program.unprotected)
        return evaluation.status if evaluation.status == "ok" else f"{evaluation.status}: {evaluation.error}"

    def _seen(self, program: Program, it: Arena) -> str:
        """Run a program and the good one in the same process, where what the first leaves is seen."""
        both = "def priority(x):\n" + textwrap.indent(program.text, "    ").replace("priority", "act")
        both += textwrap.indent(WITNESS.replace("priority", "look"), "    ")
        both += "    try:\n        act(x)\n    except BaseException:\n        pass\n    return look(x)\n"
        evaluation = it(both)
        honest = self._honest[it]
        told = evaluation.scores, evaluation.output
        return "seen" if told != (honest.scores, honest.output) else "not seen"


def _judge(program: Program, evaluation: Evaluation, it: Arena) -> list[str]:
    """Return what is wrong with how a program ended."""
    if program.ends == {FORGED}:
        return _judge_forgery(program, evaluation, it)
    if evaluation.status not in program.ends:
        return [f"it ends in {evaluation.status}: {evaluation.error}"]
    fault = (evaluation.error or "").partition(":")[0]
    if fault in _FAULTS and program.group != "parser" and it.evaluator.layers:
        return [f"it is itself at fault: {evaluation.error}"]
    return []


def _judge_forgery(program: Program, evaluation: Evaluation, it: Arena) -> list[str]:
    """Return what is wrong with how a forger ended, whose honest score would be 0.

    Within its own process it is believed; a second scoring from outside finds it out. Without a layer that
    it needs to be without, it may be refused at once.
    """
    if evaluation.status != "ok":
        return []
    if evaluation.score == 0:
        return ["it forges nothing"]
    again = _confirm(it, program.text, evaluation)
    if (again.status, again.score) != (FORGED, None) or again.second_score not in (None, 0.0):
        return [f"scored again, it is told {again.status}, {again.second_score}: {again.error}"]
    return _badly_told(again)


def _confirm(it: Arena, source: str, evaluation: Evaluation) -> Evaluation:
    return it.loop.run_until_complete(it.evaluator.confirm(source, evaluation))


def _badly_told(evaluation: Evaluation) -> list[str]:
    """Return what is wrong with the texts of an evaluation: too long, or not safe to show."""
    problems = []
    for text, most in ((evaluation.error, _MAX_ERROR_CHARACTERS), (evaluation.output, _OUTPUT_BYTES)):
        if text is not None and len(text) > most:
            problems.append(f"{len(text)} characters are told")
        if text is not None and not all(one == "\n" or one.isprintable() for one in text):
            problems.append(f"it is told unescaped: {text!r}")
    return problems


def specification(traps: Traps) -> str:
    """Return the specification that programs are run in: all modules, and all places to attack, are there."""
    imports = "\n".join(
        f"try:\n    import {name}\nexcept ImportError:\n    pass" for name in collection.imported(_ALL)
    )
    places = "\n".join(f"{name} = {value!r}" for name, value in traps.places().items())
    return _SPECIFICATION.format(imports=imports, places=places)


@contextlib.contextmanager
def battery(layers: Collection[str] = LAYERS, patience: float = 10.0) -> Iterator[Battery]:
    """Open a battery that uses these layers, as far as they hold."""
    traps = Traps(programs_user(frozenset(layers)))
    try:
        with contextlib.ExitStack() as stack:
            stack.enter_context(traps.key_in_the_environment())
            stack.enter_context(_marked_commands(traps.mark))
            text = specification(traps)
            arenas = [
                stack.enter_context(
                    arena(
                        text,
                        inputs=INPUTS,
                        limits=Limits(timeout, memory_bytes=2**28, output_bytes=_OUTPUT_BYTES),
                        layers=layers,
                    )
                )
                for timeout in (patience, _HASTE)
            ]
            yield Battery(arenas[0], arenas[1], traps)
    finally:
        traps.close()


@contextlib.contextmanager
def _marked_commands(mark: str) -> Iterator[None]:
    """Have the mark in the command of all processes that are started: they are told where modules are."""
    sys.path.append(f"/nonexistent/{mark}")
    try:
        yield
    finally:
        sys.path.remove(f"/nonexistent/{mark}")


def main() -> None:
    """Run all programs, and print what is wrong."""
    with battery() as it:
        found = {name: it.run(program) for name, program in _ALL.items()}
        wrong = {name: problems for name, problems in found.items() if problems}
        print(json.dumps({"level": it.level, "programs": len(found), "wrong": wrong}))


if __name__ == "__main__":
    main()
