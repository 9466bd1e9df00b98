"""The settings that a specification holds as constants, read without executing it.

`INPUTS`, `REDUCE`, `BASELINES`, `HELD_OUT`, `DATA` and `ISOLATE_INPUTS` are plain literals at the top level
of the file. They are JSON values: a tuple counts as a list, and what JSON cannot hold (a set, bytes, NaN, a
key that is no string) is refused.
"""

from __future__ import annotations

import ast
import json
import math
from pathlib import Path
from typing import Any

from fsdb.errors import UsageError
from fsdb.problem.parsing import parse_module, program_text
from fsdb.problem.reduction import REDUCTIONS
from fsdb.problem.specification import Specification

NAMES = ("INPUTS", "REDUCE", "BASELINES", "HELD_OUT", "DATA", "ISOLATE_INPUTS")


def read_constants(text: str, file: str) -> dict[str, Any]:
    """Return the values of those of NAMES that `text` assigns, as written (tuples are still tuples).

    Raises UsageError for a name assigned twice, and for a value that is not a literal.
    """
    found: dict[str, ast.expr] = {}
    for node in parse_module(text, file).body:
        for name, value in _assignments(node):
            if name in found:
                raise UsageError(
                    f"{file}, line {node.lineno}: {name} is assigned again; it has a value from"
                    f" line {found[name].lineno}.",
                    cure="Keep one of the two.",
                )
            found[name] = value
    return {name: _literal(value, name, file) for name, value in found.items()}


def read_inputs(value: object, where: str, folder: Path) -> dict[str, Any]:
    """Return test inputs by name, in order, from a dict, a list, or the path of a JSON file in `folder`.

    The inputs of a list are named by their text when all are scalars that differ (sizes, say), else
    "0", "1", …. Raises UsageError, its message beginning with `where`, when there is none or one is no
    JSON value.
    """
    if isinstance(value, str):
        path = folder / value
        where = f"{where}: {path}"
        value = read_json_file(path, where)
    value = json_value(value, where)
    if isinstance(value, list):
        value = dict(zip(_names(value), value, strict=True))
    if not isinstance(value, dict):
        raise UsageError(
            f"{where} is {_kind(value)}, not test inputs.",
            cure='Give a list of inputs, `[6]`, or a dict of inputs by name, `{"n=6": 6}`.',
        )
    if not value:
        raise UsageError(f"{where} holds no test input.", cure="Give at least one.")
    return value


def read_held_out(value: object, where: str, folder: Path) -> dict[str, dict[str, Any]]:
    """Return the held-out sets by name: each as `read_inputs` takes it."""
    if not isinstance(value, dict):
        raise UsageError(
            f"{where} is {_kind(value)}, not held-out sets.",
            cure='Give a dict of sets by name, `{"large": [7, 8]}`; a set may be the path of a JSON file.',
        )
    return {
        name: read_inputs(inputs, f"{where}[{name!r}]", folder) for name, inputs in _by_name(value, where)
    }


def read_baselines(value: object, where: str, specification: Specification) -> dict[str, str | float]:
    """Return the baselines by name: a known score, or a program as the search keeps it."""
    function = specification.evolve.name
    cure = f"Give the text of a function, `def {function}(…): …`, or a known score."
    if not isinstance(value, dict):
        raise UsageError(f"{where} is {_kind(value)}, not baselines by name.", cure=cure)
    baselines: dict[str, str | float] = {}
    for name, baseline in _by_name(value, where):
        here = f"{where}[{name!r}]"
        checked = json_value(baseline, here)
        if isinstance(checked, str):
            baselines[name] = program_text(checked, function, here)
        elif isinstance(checked, (int, float)) and not isinstance(checked, bool):
            baselines[name] = checked
        else:
            raise UsageError(f"{here} is {_kind(checked)}.", cure=cure)
    return baselines


def read_reduce(value: object, where: str) -> str:
    """Return `value` when it is one of REDUCTIONS; else raise UsageError."""
    if isinstance(value, str) and value in REDUCTIONS:
        return value
    raise UsageError(f"{where} is {value!r}.", cure=f"It is one of {', '.join(REDUCTIONS)}.")


def read_flag(value: object, where: str) -> bool:
    """Return `value` when it is True or False; else raise UsageError."""
    if isinstance(value, bool):
        return value
    raise UsageError(f"{where} is {_kind(value)}.", cure="Write True or False.")


def read_json_file(path: Path, where: str) -> Any:
    """Return what a JSON file holds; raises UsageError, its message beginning with `where`."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise UsageError(f"{where}: there is no such file.", cure="Correct the path.") from None
    except OSError as error:
        raise UsageError(f"{where}: {error.strerror}.", cure="Give a file that can be read.") from None
    except UnicodeDecodeError:
        raise UsageError(f"{where} is not UTF-8.", cure="Save it as UTF-8.") from None
    return read_json(text, where)


def read_json(text: str, where: str) -> Any:
    """Return what a JSON text holds; raises UsageError for NaN, infinities and repeated keys too."""
    try:
        return json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_object_without_repeats)
    except (ValueError, RecursionError) as error:
        reason = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise UsageError(f"{where} is not JSON: {reason}.", cure="Correct it.") from None


def json_value(value: object, where: str) -> Any:
    """Return `value` with tuples made lists; raises UsageError where it is no JSON value."""
    try:
        return _json_value(value, where)
    except RecursionError:
        raise UsageError(f"{where} is nested too deeply.", cure="Make it flatter.") from None


def _assignments(node: ast.stmt) -> list[tuple[str, ast.expr]]:
    """Return what a statement assigns to NAMES."""
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(node, ast.AnnAssign) and node.value is not None:
        targets = [node.target]
    else:
        return []
    assert node.value is not None
    return [
        (target.id, node.value) for target in targets if isinstance(target, ast.Name) and target.id in NAMES
    ]


def _literal(value: ast.expr, name: str, file: str) -> Any:
    for node in ast.walk(value):
        if isinstance(node, ast.Dict):
            keys = [key.value for key in node.keys if isinstance(key, ast.Constant)]
            repeated = next((key for i, key in enumerate(keys) if key in keys[:i]), None)
            if repeated is not None:
                raise UsageError(
                    f"{file}, line {node.lineno}: {name} has the key {repeated!r} twice.", cure="Rename one."
                )
    try:
        return ast.literal_eval(value)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        files = {
            "INPUTS": ', or put it in a JSON file beside: `INPUTS = "inputs.json"`',
            "HELD_OUT": ', or put each set in a JSON file beside: `HELD_OUT = {"large": "large.json"}`',
        }
        raise UsageError(
            f"{file}, line {value.lineno}: {name} is no plain literal; a file is never executed to read it.",
            cure=f"Write its value out{files.get(name, '')}.",
        ) from None


def _json_value(value: object, where: str) -> Any:
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            raise UsageError(
                f"{where} holds {value}, which JSON has no word for.", cure="Use finite numbers."
            )
        return value
    if isinstance(value, str):
        return _text(value, where)
    if isinstance(value, (list, tuple)):
        return [_json_value(item, where) for item in value]
    if isinstance(value, dict):
        return {name: _json_value(item, where) for name, item in _by_name(value, where)}
    raise UsageError(
        f"{where} holds {_kind(value)}, which is no JSON value.",
        cure="Use numbers, strings, booleans, None, lists and dicts.",
    )


def _by_name(value: dict[Any, Any], where: str) -> list[tuple[str, Any]]:
    for name in value:
        if not isinstance(name, str):
            raise UsageError(f"{where} has the key {name!r}, not a string.", cure=f"Write {str(name)!r}.")
    return [(_text(name, where), item) for name, item in value.items()]


def _text(value: str, where: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise UsageError(
            f"{where} holds {value!r}, which is no Unicode text.", cure="Take the lone surrogate out."
        ) from None
    return value


def _names(inputs: list[Any]) -> list[str]:
    """Return a name for each input of a list."""
    if not any(isinstance(item, (list, dict)) for item in inputs):
        names = [item if isinstance(item, str) else json.dumps(item) for item in inputs]
        if len(set(names)) == len(names):
            return names
    return [str(i) for i in range(len(inputs))]


def _kind(value: object) -> str:
    kinds = {str: "a string", int: "an int", bytes: "bytes", type(None): "None"}
    return kinds.get(type(value), f"a {type(value).__name__}")


def _refuse_constant(text: str) -> None:
    raise ValueError(f"{text} is no JSON number")


def _object_without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        names = [name for name, _ in pairs]
        repeated = next(name for i, name in enumerate(names) if name in names[:i])
        raise ValueError(f"the key {repeated!r} stands twice")
    return value
