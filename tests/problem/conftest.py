"""Specifications for the tests: awkward files on disk, and a way to run one in this process."""

import sys
import types
from pathlib import Path

import pytest

SPECIFICATIONS = Path(__file__).parent / "specifications"


@pytest.fixture
def execute(monkeypatch):
    """Execute a specification's text, trusted as it is the tests' own, and return its globals."""
    funsearch = types.ModuleType("funsearch")
    funsearch.run = funsearch.evolve = funsearch.verify = lambda function: function
    monkeypatch.setitem(sys.modules, "funsearch", funsearch)

    def run(text):
        namespace = {"funsearch": funsearch, "__name__": "specification"}
        exec(compile(text, "specification", "exec"), namespace)
        return namespace

    return run
