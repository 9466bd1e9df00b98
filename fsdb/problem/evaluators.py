"""Evaluators of other systems' conventions: programs of their own that score the file of a whole program.

`openevolve`: a file with `evaluate(program_path)`, or stages of it. `shinka`: a script, run as
`python evaluate.py --program_path P --results_dir D`, that leaves correct.json and metrics.json in D.
"""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fsdb.errors import UsageError

OPENEVOLVE, SHINKA = CONVENTIONS = ("openevolve", "shinka")
FUNSEARCH = "funsearch"
"""What a log calls the convention of specifications."""

COMBINED_SCORE = "combined_score"
DEFAULT_THRESHOLDS = (0.5, 0.75, 0.9)
"""What a stage must reach for the next to be run, where no configuration says otherwise."""

_CONFIGURATIONS = ("config.yaml", "config.yml")


@dataclass(frozen=True)
class Evaluator:
    """An evaluator's file, and how it is to be called.

    `path` is absolute, `sha256` of the file in hex. `thresholds` are those of the stages, None where none are
    to be run. `timeout_seconds` and `task` are what a configuration beside it asks for, where it does.
    """

    convention: str
    path: str
    sha256: str = field(repr=False)
    program_name: str
    thresholds: tuple[float, ...] | None = None
    timeout_seconds: float | None = None
    task: str = ""

    @property
    def folder(self) -> Path:
        """Where the evaluator and what it reads stand."""
        return Path(self.path).parent


@dataclass(frozen=True)
class _Configuration:
    thresholds: tuple[float, ...] | None = DEFAULT_THRESHOLDS
    timeout_seconds: float | None = None
    task: str = ""


def find_pair(folder: Path) -> tuple[Path, Path] | None:
    """Return program and evaluator of a folder that holds a problem, None where it holds none."""
    for program, evaluator in (("initial.py", "evaluate.py"), ("initial_program.py", "evaluator.py")):
        if (folder / program).is_file() and (folder / evaluator).is_file():
            return folder / program, folder / evaluator
    return None


def load_evaluator(path: Path, program: Path) -> Evaluator:
    """Return the evaluator in a file, set up as the configuration beside it says.

    Which convention it follows is told by its text; it is not run. Raises UsageError where it cannot be read,
    does not parse, or follows neither.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(
            f"{path}: {error.strerror}.", cure="Give --evaluator a file that can be read."
        ) from None
    try:
        module = ast.parse(data)
    except (SyntaxError, ValueError) as error:
        raise UsageError(f"{path} does not parse: {error}.", cure="Mend the evaluator.") from None
    convention = _convention(module)
    if convention is None:
        raise UsageError(
            f"{path} is no evaluator of a known convention.",
            cure="It needs a function `evaluate(program_path)`, or to be a script that takes --program_path"
            " and --results_dir (docs/problems.md).",
        )
    configuration = _read_configuration(path.parent) if convention == OPENEVOLVE else _Configuration()
    return Evaluator(
        convention=convention,
        path=str(path.resolve()),
        sha256=hashlib.sha256(data).hexdigest(),
        program_name=program.name,
        thresholds=configuration.thresholds if convention == OPENEVOLVE else None,
        timeout_seconds=configuration.timeout_seconds,
        task=configuration.task,
    )


def evaluator_to_event(evaluator: Evaluator | None) -> str | None:
    """Return an evaluator as compact JSON for the log, None for none."""
    if evaluator is None:
        return None
    fields = {
        "path": evaluator.path,
        "sha256": evaluator.sha256,
        "program_name": evaluator.program_name,
        "thresholds": evaluator.thresholds,
        "timeout_seconds": evaluator.timeout_seconds,
        "task": evaluator.task,
    }
    return json.dumps(fields, separators=(",", ":"), ensure_ascii=False)


def evaluator_from_event(fields: Mapping[str, Any]) -> Evaluator | None:
    """Return the evaluator of a run_started event, None where its problem is a specification.

    Raises UsageError where the file is gone or has changed: scores of two evaluators are not to be compared.
    """
    text = fields.get("evaluator")
    if text is None:
        return None
    kept = json.loads(text)
    thresholds = kept.pop("thresholds")
    path = Path(kept["path"])
    if not path.is_file():
        raise UsageError(f"The evaluator {path} of this run is gone.", cure="Put it back where it was.")
    if hashlib.sha256(path.read_bytes()).hexdigest() != kept["sha256"]:
        raise UsageError(
            f"The evaluator {path} has changed since the run started.",
            cure="Put back the file as it was, or start a new run with `fsdb run`.",
        )
    return Evaluator(
        convention=fields["convention"],
        thresholds=None if thresholds is None else tuple(thresholds),
        **kept,
    )


def _convention(module: ast.Module) -> str | None:
    texts = {node.value for node in ast.walk(module) if isinstance(node, ast.Constant)}
    if "--results_dir" in texts or "--results-dir" in texts:
        return SHINKA
    bound = {
        node.name for node in ast.walk(module) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    bound |= {
        alias.asname or alias.name
        for node in ast.walk(module)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    bound |= {
        node.id for node in ast.walk(module) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    if bound & {"evaluate", "evaluate_stage1"}:
        return OPENEVOLVE
    names = {node.id for node in ast.walk(module) if isinstance(node, ast.Name)}
    return SHINKA if "run_shinka_eval" in names or any("results_dir" in str(t) for t in texts) else None


def _read_configuration(folder: Path) -> _Configuration:
    """Return what is of use in the config.yaml beside an evaluator; all defaults where there is none."""
    for name in _CONFIGURATIONS:
        path = folder / name
        if path.is_file():
            return _configuration(path)
    return _Configuration()


def _configuration(path: Path) -> _Configuration:
    import yaml

    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise UsageError(f"{path} cannot be read: {error}.", cure="Mend it, or take it away.") from None
    sections = content if isinstance(content, dict) else {}
    evaluator = sections.get("evaluator") if isinstance(sections.get("evaluator"), dict) else {}
    prompt = sections.get("prompt") if isinstance(sections.get("prompt"), dict) else {}
    assert isinstance(evaluator, dict)
    assert isinstance(prompt, dict)
    thresholds = evaluator.get("cascade_thresholds", DEFAULT_THRESHOLDS)
    timeout = evaluator.get("timeout")
    if not isinstance(thresholds, list | tuple) or not all(_is_number(each) for each in thresholds):
        raise UsageError(
            f"{path}: cascade_thresholds is no list of numbers.", cure="Write, say, [0.5, 0.75, 0.9]."
        )
    if timeout is not None and (not _is_number(timeout) or timeout <= 0):
        raise UsageError(f"{path}: the evaluator's timeout is no time.", cure="Write a number of seconds.")
    task = prompt.get("system_message") or ""
    return _Configuration(
        thresholds=tuple(map(float, thresholds)) if evaluator.get("cascade_evaluation", True) else None,
        timeout_seconds=None if timeout is None else float(timeout),
        task=task.strip() if isinstance(task, str) else "",
    )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
