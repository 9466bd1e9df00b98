from __future__ import annotations

import ast

import pytest

from fsdb.problem.concealment import conceal
from fsdb.problem.parsing import parse_specification

REST = """
@funsearch.evolve
def f(x):
    return x  # größer


@funsearch.run
def g(x):
    return f(x)
"""


def concealed(text: str) -> str:
    specification = parse_specification(text, "mine")
    found = conceal(specification)
    seed = specification.evolve.source
    assert found.text[found.start : found.end] == text[specification.start : specification.end]
    assert found.render_with_lines(seed)[1] == specification.render_with_lines(seed)[1]
    assert len(found.text) == len(text)
    assert found.text.count("\n") == text.count("\n")
    ast.parse(found.text)
    return found.text


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    "constant",
    [
        "HELD_OUT = {'a': ['secret']}",
        "HELD_OUT: dict = {'a': ['secret']}",
        "BASELINES = {\n    'ä': '''\ndef secret(): pass\n''',\n}  # kept",
        "X = 1; HELD_OUT = BASELINES = {'secret': [1]}; Y = 2",
        "HELD_OUT: dict",
    ],
)
def test_constants_for_fsdb_alone_are_blanked(constant: str, line_end: str) -> None:
    for text in (constant + REST, "INPUTS = [1]\n" + REST + constant + "\n"):
        assert "secret" not in concealed(text.replace("\n", line_end))


def test_all_else_stays_as_it_is() -> None:
    text = "INPUTS = [1]\nHELD_OUT = {'a': [1]}  # kept\nX = 'HELD_OUT = 1'\n" + REST
    assert concealed(text) == text.replace("HELD_OUT = {'a': [1]}", "pass" + " " * 17)
    assert concealed(REST) == REST


def test_what_the_file_reads_itself_is_left_to_it() -> None:
    text = "HELD_OUT = {'a': ['secret']}\nBASELINES = {'secret': 1}\nN = len(HELD_OUT)\n" + REST
    assert concealed(text) == text.replace("BASELINES = {'secret': 1}", "pass" + " " * 21)
