"""Problems: a bundled one by its name, one's own by the path of its file, and one from a run's log."""

from __future__ import annotations

import difflib
import hashlib
import io
import json
import tokenize
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fsdb.errors import UsageError
from fsdb.problem.blocks import parse_program
from fsdb.problem.constants import (
    read_baselines,
    read_constants,
    read_flag,
    read_held_out,
    read_inputs,
    read_json,
    read_reduce,
)
from fsdb.problem.data import data_from_event, data_to_event, read_data
from fsdb.problem.evaluators import (
    COMBINED_SCORE,
    FUNSEARCH,
    evaluator_from_event,
    evaluator_to_event,
    find_pair,
    load_evaluator,
)
from fsdb.problem.parsing import parse_specification
from fsdb.problem.reduction import REDUCTIONS
from fsdb.problem.specification import Problem

BUNDLED = Path(__file__).parent / "bundled"


def load_problem(
    name_or_path: str, *, inputs: str | None = None, reduce: str | None = None, evaluator: str | None = None
) -> Problem:
    """Return a bundled problem by name, or the one in the file at a path.

    With `evaluator`, the path of another convention's evaluator (fsdb.problem.evaluators), the path is that
    of the initial program; a folder that holds both will do.

    A path is what ends in .py or .txt, holds a separator, or names a file where no bundled problem has that
    name. `inputs` (JSON text, or the path of a JSON file) and `reduce` take the place of the file's `INPUTS`
    and `REDUCE`; known scores among the baselines, which are those of the file's own inputs, are then left
    out. Raises UsageError with cause and cure: no such problem, a file that cannot be read, a
    specification that is off, no inputs.
    """
    pair = _pair(name_or_path, evaluator)
    if pair is not None:
        if inputs is not None or reduce is not None:
            raise UsageError(
                "--inputs and --reduce are for specifications; this problem's evaluator has its own inputs.",
                cure="Leave them out.",
            )
        return _load_program(*pair)
    path = _find(name_or_path)
    file = str(path) if path.parent != BUNDLED else path.name
    text = read_text(path, file)
    specification = parse_specification(text, path.stem, file)
    constants = read_constants(text, file)
    if inputs is not None:
        test_inputs = _inputs_option(inputs)
    elif "INPUTS" in constants:
        test_inputs = read_inputs(constants["INPUTS"], f"{file}: INPUTS", path.parent)
    else:
        raise UsageError(
            f"{file} has no test inputs.",
            cure="Write `INPUTS = […]` in the file (what the run function is called with, one for each test),"
            " or give `--inputs` JSON or the path of a JSON file.",
        )
    if reduce is not None:
        how = read_reduce(reduce, "--reduce")
    else:
        how = read_reduce(constants.get("REDUCE", REDUCTIONS[0]), f"{file}: REDUCE")
    baselines = read_baselines(constants.get("BASELINES", {}), f"{file}: BASELINES", specification)
    if inputs is not None or reduce is not None:
        baselines = {name: baseline for name, baseline in baselines.items() if isinstance(baseline, str)}
    return Problem(
        name=path.stem,
        specification=specification,
        inputs=test_inputs,
        reduce=how,
        baselines=baselines,
        held_out=read_held_out(constants.get("HELD_OUT", {}), f"{file}: HELD_OUT", path.parent),
        data=read_data(constants.get("DATA", {}), f"{file}: DATA", path.parent),
        isolate_inputs=read_flag(constants.get("ISOLATE_INPUTS", False), f"{file}: ISOLATE_INPUTS"),
    )


def _pair(name_or_path: str, evaluator: str | None) -> tuple[Path, Path] | None:
    """Return the files of program and evaluator where that is what was given, else None."""
    path = Path(name_or_path)
    try:
        found = find_pair(path) if path.is_dir() else None
    except (OSError, ValueError):
        found = None
    if evaluator is None:
        return found
    program = found[0] if found is not None else path
    if not program.is_file():
        raise UsageError(f"There is no file {program}.", cure="Give the path of the initial program.")
    return program, Path(evaluator)


def _load_program(program: Path, evaluator: Path) -> Problem:
    loaded = load_evaluator(evaluator, program)
    name = program.stem
    if name in ("initial", "initial_program", "program"):
        name = program.resolve().parent.name or name
    text = read_text(program, str(program))
    return Problem(
        name=name,
        specification=parse_program(text, name, str(program), loaded.task),
        inputs={COMBINED_SCORE: None},
        reduce="last",
        baselines={},
        held_out={},
        evaluator=loaded,
    )


def bundled_problems() -> list[Problem]:
    """Return the problems that come with the product, by name."""
    return [load_problem(name) for name in _bundled_names()]


def problem_to_event(problem: Problem) -> dict[str, Any]:
    """Return the fields of `run_started` that hold a problem; its JSON is compact and keeps all orders."""
    text = problem.specification.text
    return {
        "problem": problem.name,
        "specification": text,
        "specification_hash": hashlib.sha256(text.encode()).hexdigest(),
        "input_names": list(problem.inputs),
        "inputs": _compact(list(problem.inputs.values())),
        "reduce": problem.reduce,
        "baselines": _compact(problem.baselines),
        "held_out": _compact(problem.held_out),
        "data": _compact(data_to_event(problem.data)),
        "isolate_inputs": problem.isolate_inputs,
        "convention": FUNSEARCH if problem.evaluator is None else problem.evaluator.convention,
        "evaluator": evaluator_to_event(problem.evaluator),
    }


def problem_from_event(fields: Mapping[str, Any]) -> Problem:
    """Return the problem that `problem_to_event` made `fields` of; further fields are passed over.

    Raises UsageError where a data file of it is gone or has changed.
    """
    name = fields["problem"]
    evaluator = evaluator_from_event(fields)
    text = fields["specification"]
    return Problem(
        name=name,
        specification=(
            parse_specification(text, name)
            if evaluator is None
            else parse_program(text, name, name, evaluator.task)
        ),
        inputs=dict(zip(fields["input_names"], json.loads(fields["inputs"]), strict=True)),
        reduce=fields["reduce"],
        baselines=json.loads(fields["baselines"]),
        held_out=json.loads(fields["held_out"]),
        data=data_from_event(json.loads(fields["data"]), name),
        isolate_inputs=fields["isolate_inputs"],
        evaluator=evaluator,
    )


def _compact(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def _bundled_names() -> list[str]:
    return sorted(path.stem for path in BUNDLED.glob("*.py") if not path.stem.startswith("_"))


def _find(name_or_path: str) -> Path:
    """Return the file of a problem; raises UsageError when there is none."""
    bundled = _bundled_names()
    if name_or_path in bundled:
        return BUNDLED / f"{name_or_path}.py"
    path = Path(name_or_path)
    try:
        if path.is_file():
            return path
        is_folder = path.is_dir()
    except (OSError, ValueError):  # too long for a path, or a NUL in it
        is_folder = False
    if is_folder:
        raise UsageError(
            f"{name_or_path} is a folder without a problem in it.",
            cure="Give the path of a specification's file, or a folder with initial.py and evaluate.py (or"
            " initial_program.py and evaluator.py).",
        )
    if path.suffix in (".py", ".txt") or path.name != name_or_path:
        raise UsageError(f"There is no file {name_or_path}.", cure="Correct the path.")
    nearest = difflib.get_close_matches(name_or_path, bundled, n=1, cutoff=0.5)
    beside = path.with_suffix(".py")
    if nearest:
        guess = f"Did you mean {nearest[0]}? "
    elif beside.is_file():
        guess = f"Did you mean {beside}? "
    else:
        guess = ""
    raise UsageError(
        f"There is no problem {name_or_path!r}.",
        cure=f"{guess}Bundled are {', '.join(bundled)}; for your own, give the path of its file.",
    )


def read_text(path: Path, file: str) -> str:
    """Return a Python file's text, its line ends as they are; a byte order mark is not part of it."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}.", cure="Give a file that can be read.") from None
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = 1 + data.count(b"\n", 0, error.start)
        raise UsageError(
            f"{file}, line {line}: byte {error.start} is not {error.encoding}.",
            cure="Save the file as UTF-8, or name its encoding in its first line: `# coding: latin-1`.",
        ) from None
    except (SyntaxError, LookupError) as error:
        raise UsageError(f"{file}: {error}.", cure="Save the file as UTF-8.") from None


def _inputs_option(text: str) -> dict[str, Any]:
    """Return the inputs that `--inputs` gives: JSON text where it begins like a list or an object."""
    if text.lstrip().startswith(("[", "{")):
        return read_inputs(read_json(text, "--inputs"), "--inputs", Path())
    if not Path(text).suffix and not Path(text).is_file():
        raise UsageError(
            f"--inputs {text!r} is neither a JSON list or object nor the path of a JSON file.",
            cure="Write a list, `--inputs '[6, 7]'`, or inputs by name, `--inputs '{\"small\": 6}'`.",
        )
    return read_inputs(text, "--inputs", Path())
