"""Run a program's experiment some times, check and sum up its results, and write the two answers."""

from __future__ import annotations

import concurrent.futures
import importlib.util
import json
import math
import os
import pickle
import statistics
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

DEFAULT_METRICS_ON_ERROR: dict[str, Any] = {
    "combined_score": 0.0,
    "execution_time_mean": 0.0,
    "execution_time_std": 0.0,
    "num_successful_runs": 0,
    "num_valid_runs": 0,
    "num_invalid_runs": 0,
    "all_validation_errors": [],
}


def load_program(program_path: str) -> Any:
    """Return the module in a file."""
    spec = importlib.util.spec_from_file_location("program", program_path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{program_path} cannot be loaded as a module")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def save_json_results(
    results_dir: str, metrics: dict[str, Any], correct: bool, error: str | None = None
) -> None:
    """Write correct.json and metrics.json."""
    folder = Path(results_dir)
    folder.mkdir(parents=True, exist_ok=True)
    answers = {"correct.json": {"correct": bool(correct), "error": error}, "metrics.json": metrics}
    for name, answer in answers.items():
        (folder / name).write_text(json.dumps(answer, indent=4, default=_plain), encoding="utf-8")


def run_shinka_eval(
    program_path: str,
    results_dir: str,
    experiment_fn_name: str,
    num_runs: int,
    get_experiment_kwargs: Callable[[int], dict[str, Any]] | None = None,
    aggregate_metrics_fn: Callable[[list[Any]], dict[str, Any]] | None = None,
    validate_fn: Callable[[Any], tuple[bool, str | None]] | None = None,
    plotting_fn: Callable[[Any], Any] | None = None,
    default_metrics_on_error: dict[str, Any] | None = None,
    early_stop_method: Any = None,
    early_stop_threshold: float | None = None,
    early_stop_score_fn: Callable[[Any], float] | None = None,
    early_stop_kwargs: dict[str, Any] | None = None,
    run_workers: int = 1,
    max_workers_cap: int | None = None,
) -> tuple[dict[str, Any], bool, str | None]:
    """Call the experiment `num_runs` times; return metrics, whether all results were valid, the first error.

    Runs are stopped early by no method, and nothing is plotted: both change no answer of a correct program.
    """
    errors: list[str] = []
    invalid = 0
    results: list[Any] = []
    seconds: list[float] = []
    first_error: str | None = None
    try:
        kwargs = [
            get_experiment_kwargs(number) if get_experiment_kwargs else {"seed": number + 1}
            for number in range(num_runs)
        ]
        workers = min(run_workers, num_runs, max_workers_cap or run_workers)
        for result, took in _runs(program_path, experiment_fn_name, kwargs, workers):
            results.append(result)
            seconds.append(took)
            valid, message = validate_fn(result) if validate_fn else (True, None)
            if not valid:
                invalid += 1
                first_error = first_error or f"Validation failed: {message or 'no reason given'}"
                if message and message not in errors:
                    errors.append(message)
        correct = not invalid
        if aggregate_metrics_fn:
            metrics = aggregate_metrics_fn(results)
        else:
            metrics = {"num_successful_runs": len(results), "raw_results_preview": str(results[:2])}
        metrics["execution_time_mean"] = statistics.fmean(seconds) if seconds else 0.0
        metrics["execution_time_std"] = statistics.pstdev(seconds) if seconds else 0.0
        if validate_fn:
            metrics["num_valid_runs"] = len(results) - invalid
            metrics["num_invalid_runs"] = invalid
            metrics["all_validation_errors"] = errors
        if "combined_score" in metrics and not math.isfinite(metrics["combined_score"]):
            correct = False
            first_error = first_error or f"combined_score is {metrics['combined_score']}"
    except Exception as error:
        traceback.print_exc(file=sys.stderr)
        metrics = {**DEFAULT_METRICS_ON_ERROR, **(default_metrics_on_error or {})}
        correct, first_error = False, str(error) or type(error).__name__
    if "extra_data" in metrics:
        extra = metrics.pop("extra_data")
        Path(results_dir).mkdir(parents=True, exist_ok=True)
        (Path(results_dir) / "extra.pkl").write_bytes(pickle.dumps(extra))
    save_json_results(results_dir, metrics, correct, first_error)
    return metrics, correct, first_error


def _runs(program_path: str, name: str, kwargs: list[dict[str, Any]], workers: int) -> Any:
    if workers > 1:
        with concurrent.futures.ProcessPoolExecutor(workers) as pool:
            yield from pool.map(_run, [program_path] * len(kwargs), [name] * len(kwargs), kwargs)
        return
    experiment = _experiment(program_path, name)
    for each in kwargs:
        began = time.perf_counter()
        result = experiment(**each)
        yield result, time.perf_counter() - began


def _run(program_path: str, name: str, kwargs: dict[str, Any]) -> tuple[Any, float]:
    experiment = _experiment(program_path, name)
    began = time.perf_counter()
    return experiment(**kwargs), time.perf_counter() - began


def _experiment(program_path: str, name: str) -> Callable[..., Any]:
    module = load_program(program_path)
    if not hasattr(module, name):
        raise AttributeError(f"{os.path.basename(program_path)} has no function {name}")  # noqa: PTH119
    experiment: Callable[..., Any] = getattr(module, name)
    return experiment


def _plain(value: Any) -> Any:
    """Return what JSON has no way to write, numpy's numbers and arrays above all, as what it can."""
    for method in ("tolist", "item"):
        if hasattr(value, method):
            return getattr(value, method)()
    return str(value)
