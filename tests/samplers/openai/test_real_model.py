"""A search with a real model behind a real server: `pytest -m model`, with FSDB_GGUF the path of a model.

FSDB_GGUF_PYTHON is a Python that has xllamacpp, where the tests' own has not.
Asserts that answers come, are accounted for and hold programs; never that they are good.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path

import pytest

from benchmarks.real_server import running
from fsdb.samplers.openai import ModelSettings, OpenAISampler
from tests.search.conftest import of_type, problem_file, start

__all__ = ["problem_file", "start"]

MODEL = os.environ.get("FSDB_GGUF", "")

pytestmark = [
    pytest.mark.model,
    pytest.mark.timeout(1200),
    pytest.mark.skipif(
        not MODEL or (importlib.util.find_spec("xllamacpp") is None and "FSDB_GGUF_PYTHON" not in os.environ),
        reason="needs xllamacpp, and FSDB_GGUF to be the path of a model in GGUF",
    ),
]


@pytest.mark.parametrize("endpoint", ["completions", "chat"])
def test_a_real_model_answers_and_is_accounted_for(start, tmp_path, endpoint, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "*")
    with running(Path(MODEL), python=os.environ.get("FSDB_GGUF_PYTHON", sys.executable)) as base_url:
        settings = ModelSettings(
            model="local", base_url=base_url, endpoint=endpoint, concurrency=2, max_tokens=120, timeout=500
        )
        start(
            "real",
            samples=8,
            sampler=lambda problem: OpenAISampler(problem, [settings]),
            in_order=False,
            batch_draws=2,
            window_draws=2,
            random_programs=0,
        )
    received = of_type(tmp_path / "real", "completion_received")
    assert received["text"].null_count() == received["error"].len() - received["error"].null_count()
    answered = of_type(tmp_path / "real", "request_attempted")
    assert set(answered["outcome"]) <= {"answered", "refused"}
    assert received["tokens_in"].sum() == answered["tokens_in"].sum() > 0
    judged = of_type(tmp_path / "real", "program_evaluated").drop_nulls("completion_id")
    assert len(judged) == 8
    assert judged["source"].null_count() < 8
