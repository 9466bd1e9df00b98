"""Prompts and answers where blocks evolve: the whole text is asked for, and taken out of the answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from fsdb.errors import UsageError
from fsdb.problem.specification import Problem
from fsdb.samplers.base import Parent, Prompt
from fsdb.samplers.extraction import extract_function
from fsdb.samplers.mutation import mutation_sampler
from fsdb.samplers.prompts import chat_answer, render
from tests.evaluator.scripts.conftest import problem_of

TWO_BLOCKS = """import math

# EVOLVE-BLOCK-START
A = 1.5
# EVOLVE-BLOCK-END
B = 2

# EVOLVE-BLOCK-START
def number():
    return A * B
# EVOLVE-BLOCK-END


def run():
    return number()
"""

EVALUATOR = "def evaluate(path):\n    return {'combined_score': 1.0}\n"


@pytest.fixture
def problem(tmp_path: Path) -> Problem:
    return problem_of(tmp_path / "p", {"evaluator.py": EVALUATOR, "initial_program.py": TWO_BLOCKS})


def prompt(problem: Problem, *feedback: str) -> Prompt:
    source = problem.specification.evolve.source
    parents = tuple(Parent(n, source, float(n), (), text) for n, text in enumerate(feedback))
    return Prompt(0, "parents", 0, parents, (0, 1, 2, 3, 4, 5, 6, 7))


def test_a_program_is_the_text_of_its_blocks_and_renders_to_the_file(problem: Problem) -> None:
    specification = problem.specification
    assert specification.evolve.source.startswith(
        "A = 1.5\n# EVOLVE-BLOCK-END\n# EVOLVE-BLOCK-START\ndef number"
    )
    assert specification.render(specification.evolve.source) == TWO_BLOCKS
    assert specification.render("A = 9\n").count("A = 9") == 1


def test_a_prompt_shows_the_file_the_versions_and_what_evaluators_said(problem: Problem) -> None:
    rendered = render(problem, prompt(problem, "too low", "nearly"))
    user = rendered.messages[1]["content"]
    assert rendered.template == "blocks-1"
    for text in ("version 1, score 1", "too low", "nearly", "def run():", "Write version 2"):
        assert text in user
    assert user.count("return A * B") == 2
    with pytest.raises(UsageError, match="no function"):
        render(problem, prompt(problem, "x"), chat=False)


def test_what_is_asked_for_is_taken_out_of_answers(problem: Problem) -> None:
    source = problem.specification.evolve.source
    asked = prompt(problem, "x")
    assert extract_function(chat_answer(problem, asked, source), problem.specification) == source
    assert extract_function(f"Sure.\n```python\n{TWO_BLOCKS}```\nDone.", problem.specification) == source
    assert extract_function("```python\ndef number(:\n```", problem.specification) is None


def test_mutation_changes_blocks_and_nothing_else(problem: Problem) -> None:
    sampler = mutation_sampler(problem)
    texts = [sampler.propose(prompt(problem, "x", "y"), n).text for n in range(40)]  # type: ignore[attr-defined]
    made = [text for text in texts if text is not None]
    assert len(set(made)) > 15
    for text in made:
        rendered = problem.specification.render(text)
        assert rendered.startswith("import math\n\n# EVOLVE-BLOCK-START\n")
        assert "\nB = 2\n" in rendered
        compile(rendered, "program", "exec")
    again = mutation_sampler(problem)
    assert texts == [again.propose(prompt(problem, "x", "y"), n).text for n in range(40)]  # type: ignore[attr-defined]
