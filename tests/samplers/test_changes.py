"""Answers that tell changes to the version shown last."""

from __future__ import annotations

from pathlib import Path

import pytest

from fsdb.problem.specification import Problem
from fsdb.samplers.base import Parent, Prompt
from fsdb.samplers.extraction import extract_function
from fsdb.samplers.extraction.changes import apply_changes, tells_changes
from fsdb.samplers.prompts import Style, render
from fsdb.samplers.prompts.versions import versions_of
from tests.evaluator.scripts.conftest import problem_of
from tests.samplers.test_block_prompts import EVALUATOR, TWO_BLOCKS
from tests.samplers.test_prompts import BEST, PROBLEM, WORST

TEXT = "def f(x):\n    a = 1\n    b = 2  \n    return a + b\n"


def change(search: str, replace: str) -> str:
    return f"<<<<<<< SEARCH\n{search}=======\n{replace}>>>>>>> REPLACE\n"


@pytest.mark.parametrize(
    ("answer", "changed"),
    [
        (change("    a = 1\n", "    a = 3\n"), TEXT.replace("a = 1", "a = 3")),
        ("Sure!\n" + change("    b = 2\n", "    b = 5\n") + "Done.", TEXT.replace("b = 2  ", "b = 5")),
        (
            change("    a = 1\n    b = 2\n", "    a = b = x\n")
            + "\nand\n\n"
            + change("    return a + b\n", ""),
            "def f(x):\n    a = b = x\n",
        ),
        (change("    a = 1\n", "    a = 4\n") + change("    a = 4\n", "    a = 6\n"), TEXT.replace("1", "6")),
        (change("    a = 7\n", "    a = 3\n"), None),
        (change("    a = 1\n", "    a = 3\n") + change("    absent\n", ""), None),
        (change("", "    a = 3\n"), None),
        (change("\n", "    a = 3\n"), None),
        ("<<<<<<< SEARCH\n    a = 1\n=======\n    a = 3\n", None),
        ("<<<<<<< SEARCH\n    a = 1\n>>>>>>> REPLACE\n", None),
        (change("    a = 1\n", "#" * 70_000 + "\n"), None),
    ],
)
def test_changes_are_made_or_none_is(answer: str, changed: str | None) -> None:
    assert tells_changes(answer)
    assert apply_changes(answer, TEXT) == changed


def test_a_function_is_changed_under_the_name_that_it_was_shown_by() -> None:
    shown = versions_of(PROBLEM.specification.evolve, (WORST, BEST)).shown[-1].source
    answer = "```\n" + change("  return el[0] * 0.25 + rest\n", "  return el[0] * 0.5 + rest\n") + "```"
    program = extract_function(answer, PROBLEM.specification, shown)
    assert program is not None
    assert program.startswith("def priority(el: tuple[int, ...], n: int) -> float:\n")
    assert "priority(el[1:], n - 1)" in program
    assert "el[0] * 0.5 + rest" in program
    assert extract_function(change("absent\n", "x\n"), PROBLEM.specification, shown) is None


def test_blocks_are_changed(tmp_path: Path) -> None:
    problem = problem_of(tmp_path / "p", {"evaluator.py": EVALUATOR, "initial_program.py": TWO_BLOCKS})
    shown = versions_of(problem.specification.evolve, ()).shown[-1].source
    program = extract_function(change("A = 1.5\n", "A = 2.5\n"), problem.specification, shown)
    assert program == shown.replace("1.5", "2.5")
    assert_asks_for_changes(problem, "version 1")


def test_a_prompt_asks_for_changes() -> None:
    assert_asks_for_changes(PROBLEM, "`priority_v1`")


def assert_asks_for_changes(problem: Problem, last: str) -> None:
    source = problem.specification.evolve.source
    prompt = Prompt(0, "parents", 0, (Parent(0, source, 1.0), Parent(1, source, 2.0)), (0,))
    system, user = render(problem, prompt, style=Style(answer="changes")).messages
    assert "You answer with changes to the version shown last, and with nothing else." in system["content"]
    assert (
        f"- Answer with one or more changes to {last}, each in this form:\n\n<<<<<<< SEARCH\n"
        "lines of it, exactly as they stand\n=======\n"
        "the lines that are to stand in their place\n>>>>>>> REPLACE\n" in user["content"]
    )
    assert "complete" not in user["content"].partition("# Request")[2]
