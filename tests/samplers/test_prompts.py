"""Prompts, literally as they are sent."""

from __future__ import annotations

import ast
import hashlib
from pathlib import Path

import pytest

from fsdb.problem.loading import bundled_problems, load_problem
from fsdb.problem.parsing import parse_specification
from fsdb.problem.specification import Problem
from fsdb.samplers.base import Parent, Prompt
from fsdb.samplers.extraction import extract_function
from fsdb.samplers.prompts import RenderedPrompt, render

SPECIFICATION = parse_specification(
    '''"""Finds large cap sets.

Small ones do not count.
"""
import itertools

import numpy as np

import funsearch

INPUTS = [6]
BASELINES = {
    "secret best": "def priority(el, n):\\n    return 99\\n",
}


# How large the cap set is.
@funsearch.run
def evaluate(n: int) -> int:
    return len(solve(n))


def solve(n: int) -> np.ndarray:
    """Builds it greedily."""
    return np.array([priority(el, n) for el in itertools.product(range(3), repeat=n)])


@funsearch.evolve
def priority(el: tuple[int, ...], n: int) -> float:
  """Returns the priority of `el`.

  The higher, the earlier.
  """
  return 0.0


HELD_OUT = {"large": [7, 8]}


def unused():
    pass
''',
    "cap_set",
)

PROBLEM = Problem("cap_set", SPECIFICATION, {"6": 6}, "mean", {}, {})

WORST = Parent(
    4,
    '''def priority(el: tuple[int, ...], n: int) -> float:
    """Improved version of `priority_v1`."""
    # Points with few twos first.
    return -el.count(2)
''',
    12.0,
)

BEST = Parent(
    9,
    """def priority(el: tuple[int, ...], n: int) -> float:
  if n == 0:  # nothing left
    return 0.0
  rest = priority(el[1:], n - 1)
  return el[0] * 0.25 + rest
""",
    112.123456789,
)


def render_chat(problem: Problem, parents: tuple[Parent, ...]) -> RenderedPrompt:
    return render(problem, Prompt(0, "parents", 0, parents, (0,)))


def render_completion(problem: Problem, parents: tuple[Parent, ...]) -> RenderedPrompt:
    return render(problem, Prompt(0, "parents", 0, parents, (0,)), chat=False)


ABOVE = '''"""Finds large cap sets.

Small ones do not count.
"""
import itertools

import numpy as np


# How large the cap set is.
def evaluate(n: int) -> int:
    return len(solve(n))


def solve(n: int) -> np.ndarray:
    """Builds it greedily."""
    return np.array([priority(el, n) for el in itertools.product(range(3), repeat=n)])


'''

PROGRAM = '''# Task

Finds large cap sets.

Small ones do not count.

# Program

This program runs `priority`; nothing but the body of `priority` may change.

```python
import itertools

import numpy as np


# How large the cap set is.
def evaluate(n: int) -> int:
    return len(solve(n))


def solve(n: int) -> np.ndarray:
    """Builds it greedily."""
    return np.array([priority(el, n) for el in itertools.product(range(3), repeat=n)])


def priority(el: tuple[int, ...], n: int) -> float:
    """Returns the priority of `el`.

    The higher, the earlier.
    """
    ...


def unused():
    pass
```

# Versions so far, the best last

A version's score is the mean of its scores on the test inputs; higher is better.

'''

SYSTEM = (
    "You improve one Python function in an evolutionary search for better programs. You answer with one"
    " complete Python function in one code block, and with nothing else."
)


def test_completion_of_two_parents():
    rendered = render_completion(PROBLEM, (WORST, BEST))
    assert rendered.template == "completion-1"
    assert rendered.messages == ()
    assert rendered.prompt_hash == hashlib.sha256(rendered.sent.encode()).hexdigest()
    assert rendered.sent == ABOVE + (
        '''def priority_v0(el: tuple[int, ...], n: int) -> float:
    """Returns the priority of `el`.

    The higher, the earlier.
    """
    # Points with few twos first.
    return -el.count(2)


def priority_v1(el: tuple[int, ...], n: int) -> float:
  """Improved version of `priority_v0`."""
  if n == 0:  # nothing left
    return 0.0
  rest = priority_v1(el[1:], n - 1)
  return el[0] * 0.25 + rest


def priority_v2(el: tuple[int, ...], n: int) -> float:
    """Improved version of `priority_v1`."""
'''
    )


def test_completion_of_one_parent():
    assert render_completion(PROBLEM, (BEST,)).sent == ABOVE + (
        '''def priority_v0(el: tuple[int, ...], n: int) -> float:
  """Returns the priority of `el`.

  The higher, the earlier.
  """
  if n == 0:  # nothing left
    return 0.0
  rest = priority_v0(el[1:], n - 1)
  return el[0] * 0.25 + rest


def priority_v1(el: tuple[int, ...], n: int) -> float:
    """Improved version of `priority_v0`."""
'''
    )


def test_completion_without_parents_shows_the_seed_program():
    assert render_completion(PROBLEM, ()).sent == ABOVE + (
        '''def priority_v0(el: tuple[int, ...], n: int) -> float:
  """Returns the priority of `el`.

  The higher, the earlier.
  """
  return 0.0


def priority_v1(el: tuple[int, ...], n: int) -> float:
    """Improved version of `priority_v0`."""
'''
    )


def test_chat_of_two_parents():
    rendered = render_chat(PROBLEM, (WORST, BEST))
    assert rendered.template == "chat-1"
    assert rendered.messages == (
        {"role": "system", "content": SYSTEM},
        {
            "role": "user",
            "content": PROGRAM
            + '''## priority_v0, score 12

```python
def priority_v0(el: tuple[int, ...], n: int) -> float:
    """Returns the priority of `el`.

    The higher, the earlier.
    """
    # Points with few twos first.
    return -el.count(2)
```

## priority_v1, score 112.123

```python
def priority_v1(el: tuple[int, ...], n: int) -> float:
  """Improved version of `priority_v0`."""
  if n == 0:  # nothing left
    return 0.0
  rest = priority_v1(el[1:], n - 1)
  return el[0] * 0.25 + rest
```

# Request

Write `priority_v2`, a version that scores higher than every version above.

- Answer with the complete function in one Python code block. No prose before or after it.
- Begin it with `def priority_v2(el: tuple[int, ...], n: int) -> float:`; the arguments stay as they are.
- Use only the standard library and what the program imports (`import itertools`, `import numpy as np`).
- Do not call an earlier version. The same arguments must give the same result.''',
        },
    )


def test_chat_without_parents_shows_the_seed_program_without_a_score():
    _, user = render_chat(PROBLEM, ()).messages
    assert user["content"] == PROGRAM + (
        '''## priority_v0

```python
def priority_v0(el: tuple[int, ...], n: int) -> float:
  """Returns the priority of `el`.

  The higher, the earlier.
  """
  return 0.0
```

# Request

Write `priority_v1`, a version that scores higher than every version above.

- Answer with the complete function in one Python code block. No prose before or after it.
- Begin it with `def priority_v1(el: tuple[int, ...], n: int) -> float:`; the arguments stay as they are.
- Use only the standard library and what the program imports (`import itertools`, `import numpy as np`).
- Do not call an earlier version. The same arguments must give the same result.'''
    )


@pytest.mark.parametrize(
    ("reduce", "says"),
    [
        ("mean", "the mean of its scores on the test inputs"),
        ("last", "its score on the last test input"),
        ("min", "its lowest score on the test inputs"),
        ("sum", "the sum of its scores on the test inputs"),
    ],
)
def test_chat_says_what_a_score_is(reduce, says):
    problem = Problem("cap_set", SPECIFICATION, {"6": 6}, reduce, {}, {})
    assert (
        f"\nA version's score is {says}; higher is better.\n"
        in render_chat(problem, ()).messages[1]["content"]
    )


def test_a_variable_by_the_functions_name_keeps_it():
    parent = Parent(1, "def priority(el, n):\n    priority = n\n    return priority\n", 1.0)
    assert (
        '''def priority_v0(el, n):
    """Returns the priority of `el`.

    The higher, the earlier.
    """
    priority = n
    return priority
'''
        in render_completion(PROBLEM, (parent,)).sent
    )


def test_a_program_on_one_line_is_given_its_docstring():
    parent = Parent(1, "def priority(el, n): return n\n", 1.0)
    sent = render_completion(PROBLEM, (parent, parent)).sent
    assert '\ndef priority_v1(el, n):\n    """Improved version of `priority_v0`."""\n    return n\n\n' in sent


def test_a_fence_is_longer_than_any_within():
    parent = Parent(1, 'def priority(el, n):\n    return len("```")\n', 1.0)
    content = render_chat(PROBLEM, (parent,)).messages[1]["content"]
    assert "````python\ndef priority_v0(el, n):" in content
    assert 'return len("```")\n````\n' in content


def test_what_is_meant_for_fsdb_alone_is_not_shown():
    for rendered in (render_completion(PROBLEM, (WORST, BEST)), render_chat(PROBLEM, (WORST, BEST))):
        for hidden in ("funsearch", "INPUTS", "BASELINES", "HELD_OUT", "99", "secret"):
            assert hidden not in rendered.sent


def _every_problem():
    folder = Path(__file__).parents[1] / "problem" / "specifications" / "valid"
    for path in sorted(folder.glob("*.py")):
        yield load_problem(str(path), inputs="[1]")
    yield from bundled_problems()


@pytest.mark.parametrize("problem", [pytest.param(problem, id=problem.name) for problem in _every_problem()])
def test_prompts_of_every_specification_parse_and_lead_back_to_its_function(problem):
    evolve = problem.specification.evolve
    parent = Parent(1, evolve.source, 1.0)
    text = render_completion(problem, (parent, parent)).sent
    tree = ast.parse(text + "    pass\n")
    names = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    assert names[-3:] == [f"{evolve.name}_v{number}" for number in range(3)]
    sent = render_chat(problem, (parent, parent)).messages[1]["content"]
    last_shown = sent[sent.index(f"## {evolve.name}_v1") : sent.rindex("# Request")]
    program = extract_function(last_shown, problem.specification)
    shown = ast.parse(program).body[0]
    seed = ast.parse(evolve.source).body[0]
    without_docstring = shown.body[1:] if ast.get_docstring(shown) else shown.body
    seed_without = seed.body[1:] if ast.get_docstring(seed) else seed.body
    assert [ast.dump(node) for node in without_docstring] == [ast.dump(node) for node in seed_without]
    assert ast.dump(shown.args) == ast.dump(seed.args)
