"""Runs an evaluator in OpenEvolve's convention inside the sandbox; it imports nothing of ours.

`python runner.py EVALUATOR PROGRAM THRESHOLDS`: loads the evaluator's file, calls `evaluate(program)`, or its
stages while each reaches its threshold, and writes what came of it, as JSON, to a descriptor that nothing
else has. THRESHOLDS is a JSON list, or null for no stages.
"""

from __future__ import annotations

import ctypes
import importlib.util
import inspect
import json
import math
import os
import sys
import traceback
from pathlib import Path
from typing import Any

_RESULT = 3
_SET_DUMPABLE = 4
_MAX_TEXT = 16_000
_MAX_ARTIFACTS = 32


def main() -> None:
    """Evaluate, and answer."""
    evaluator, program, thresholds = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
    os.set_inheritable(_RESULT, False)
    if sys.platform == "linux":
        # Else a program that the evaluator starts could open our descriptors by way of /proc.
        ctypes.CDLL(None).prctl(_SET_DUMPABLE, 0, 0, 0, 0)
    sys.argv = [evaluator]
    try:
        answer = _as_answer(_evaluate(_load(evaluator), program, thresholds))
    except BaseException as error:
        traceback.print_exc()
        answer = {"error": _headline(error), "artifacts": {"traceback": _text(traceback.format_exc())}}
    sys.stdout.flush()
    sys.stderr.flush()
    data = json.dumps(answer).encode()
    while data:
        data = data[os.write(_RESULT, data) :]
    # Not one more line of anybody's code: no exit handlers, no finalizers, no threads.
    os._exit(0)


def _load(path: str) -> Any:
    sys.path.insert(0, str(Path(path).parent))
    spec = importlib.util.spec_from_file_location("evaluation_module", path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} cannot be loaded as a module")
    module = importlib.util.module_from_spec(spec)
    sys.modules["evaluation_module"] = module
    spec.loader.exec_module(module)
    return module


def _evaluate(module: Any, program: str, thresholds: list[float] | None) -> tuple[dict[str, Any], Any]:
    """Return metrics and artifacts: of `evaluate`, or of the stages that were reached, joined."""
    if thresholds is None or not hasattr(module, "evaluate_stage1"):
        if not hasattr(module, "evaluate"):
            raise AttributeError(f"{Path(module.__file__).name} has no function evaluate")
        return _parts(_call(module.evaluate, program))
    metrics, artifacts = _parts(_call(module.evaluate_stage1, program))
    for number in (2, 3):
        stage = getattr(module, f"evaluate_stage{number}", None)
        if stage is None or len(thresholds) < number - 1 or not _passes(metrics, thresholds[number - 2]):
            break
        try:
            more, further = _parts(_call(stage, program))
        except Exception as error:
            traceback.print_exc()
            metrics[f"stage{number}_passed"] = 0.0
            artifacts[f"stage{number}_stderr"] = _headline(error)
            break
        metrics = {**metrics, **more}
        artifacts = {**artifacts, **further}
    return metrics, artifacts


def _call(function: Any, program: str) -> Any:
    result = function(program)
    if inspect.isawaitable(result):
        import asyncio

        async def wait() -> Any:
            return await result

        result = asyncio.run(wait())
    return result


def _parts(result: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the metrics and the artifacts of what an evaluator returned: a dict, or what has both."""
    if isinstance(result, dict):
        return dict(result), {}
    metrics = getattr(result, "metrics", None)
    if not isinstance(metrics, dict):
        raise TypeError(f"evaluate returned {type(result).__name__}, not a dict or an EvaluationResult")
    return dict(metrics), dict(getattr(result, "artifacts", None) or {})


def _passes(metrics: dict[str, Any], threshold: float) -> bool:
    if _number(metrics.get("combined_score")) is not None:
        score = _number(metrics["combined_score"])
    else:
        numbers = [
            n for name, value in metrics.items() if name != "error" and (n := _number(value)) is not None
        ]
        score = sum(numbers) / len(numbers) if numbers else None
    return score is not None and score >= threshold


def _as_answer(parts: tuple[dict[str, Any], dict[str, Any]]) -> dict[str, Any]:
    metrics, artifacts = parts
    return {
        "metrics": {_text(name)[:200]: _plain(value) for name, value in metrics.items()},
        "artifacts": {
            _text(name)[:200]: _text(value) for name, value in list(artifacts.items())[:_MAX_ARTIFACTS]
        },
    }


def _number(value: Any) -> float | None:
    """Return a number of Python's or numpy's; flags and texts are none."""
    if isinstance(value, bool | str | bytes):
        return None
    if hasattr(value, "item") and getattr(value, "size", 1) == 1:
        value = value.item()
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def _plain(value: Any) -> Any:
    """Return a metric as JSON has it: a number, a flag, or text (so are NaN and the infinities)."""
    number = _number(value)
    if number is not None:
        return number if math.isfinite(number) else str(number)
    if value is None or isinstance(value, bool):
        return value
    if type(value).__name__ in ("bool_", "bool"):
        return bool(value)
    return _text(value)


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        text = value.decode("utf-8", errors="replace")
    elif isinstance(value, str):
        text = value
    else:
        try:
            text = json.dumps(value, default=str)
        except (TypeError, ValueError):
            text = str(value)
    text = text.encode("utf-8", errors="replace").decode()
    return text if len(text) <= _MAX_TEXT else f"{text[:_MAX_TEXT]} … ({len(text)} characters)"


def _headline(error: BaseException) -> str:
    message = _text(str(error))
    return f"{type(error).__name__}: {message}" if message else type(error).__name__


if __name__ == "__main__":
    main()
