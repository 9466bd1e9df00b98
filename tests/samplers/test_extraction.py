"""Answers as models really give them, and the program that each holds."""

# ruff: noqa: E501  (an answer and its program stand side by side, whole)

from __future__ import annotations

import ast
import builtins

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fsdb.problem.parsing import parse_specification
from fsdb.samplers.extraction import extract_function

SPECIFICATION = parse_specification(
    '''"""Finds large cap sets."""
import itertools

import numpy as np

import funsearch

SCALE = 3


@funsearch.run
def evaluate(n: int) -> int:
    return len(solve(n))


def solve(n: int) -> np.ndarray:
    return np.array([priority(el, n) for el in itertools.product(range(SCALE), repeat=n)])


@funsearch.evolve
def priority(el: tuple[int, ...], n: int) -> float:
  """Returns the priority of `el`.

  The higher, the earlier.
  """
  return 0.0
''',
    "cap_set",
)

HEADER = "def priority(el: tuple[int, ...], n: int) -> float:\n"
BODY_HEADER = HEADER + '    """Returns the priority of `el`.\n\n    The higher, the earlier.\n    """\n'
PLAIN = "def priority(el, n):\n    return n\n"

# name, answer, wanted program (None: the answer holds none)
ANSWERS: list[tuple[str, str, str | None]] = [
    # Fences
    ("fence python", "```python\ndef priority(el, n):\n    return n\n```", PLAIN),
    ("fence without language", "```\ndef priority(el, n):\n    return n\n```\n", PLAIN),
    ("fence py in capitals", "```PY\ndef priority(el, n):\n    return n\n```", PLAIN),
    ("fence python3", "```python3\ndef priority(el, n):\n    return n\n```", PLAIN),
    ("fence with attributes", '```python title="a.py" {1}\ndef priority(el, n):\n    return n\n```', PLAIN),
    ("fence in braces", "```{python}\ndef priority(el, n):\n    return n\n```", PLAIN),
    ("fence with a space", "``` python\ndef priority(el, n):\n    return n\n```", PLAIN),
    ("tilde fence", "~~~python\ndef priority(el, n):\n    return n\n~~~", PLAIN),
    ("four backticks", "````python\ndef priority(el, n):\n    return n\n````", PLAIN),
    ("fence never closed", "```python\ndef priority(el, n):\n    return n\n", PLAIN),
    ("fence never opened", "def priority(el, n):\n    return n\n```\nDone.", PLAIN),
    ("fence closed on the last line of code", "```python\ndef priority(el, n):\n    return n```", PLAIN),
    ("code on the line of the fence", "```def priority(el, n):\n    return n\n```", PLAIN),
    (
        "language and code on the line of the fence",
        "```python def priority(el, n):\n    return n\n```",
        PLAIN,
    ),
    ("all on one line", "```python def priority(el, n): return n```", PLAIN),
    (
        "fence in a list",
        "1. Here:\n\n   ```python\n   def priority(el, n):\n       return n\n   ```\n2. Done",
        PLAIN,
    ),
    ("fence as a list item", "- ```python\n  def priority(el, n):\n      return n\n  ```", PLAIN),
    ("carriage returns", "```python\r\ndef priority(el, n):\r\n    return n\r\n```\r\n", PLAIN),
    ("tagged code", "[PYTHON]\ndef priority(el, n):\n    return n\n[/PYTHON]", PLAIN),
    ("HTML code element", "<pre><code>def priority(el, n):\n    return n</code></pre>", PLAIN),
    (
        "docstring with a fence",
        '```python\ndef priority(el, n):\n    """Does.\n\n    ```\n    priority(x, 1)\n    ```\n    """\n    return n\n```',
        'def priority(el, n):\n    """Does.\n\n    ```\n    priority(x, 1)\n    ```\n    """\n    return n\n',
    ),
    # Prose, several blocks
    (
        "prose around a fence",
        "Sure! Here is it:\n\n```python\ndef priority_v2(el, n):\n    return n\n```\n\nIt returns n, so it's better.",
        PLAIN,
    ),
    (
        "prose around a bare function",
        "Here is an improved version:\n\ndef priority_v2(el, n):\n    return n\n\nThis one is better because it's n.",
        PLAIN,
    ),
    (
        "prose right below a bare function",
        "def priority_v2(el, n):\n    return n\nThis function isn't constant.",
        PLAIN,
    ),
    (
        "indented prose below the code",
        "def priority_v2(el, n):\n    return n\n    Explanation: it's simply n.",
        PLAIN,
    ),
    (
        "helper block first",
        "First a helper:\n```python\ndef weight(x):\n    return 2 * x\n```\nThen:\n```python\ndef priority_v2(el, n):\n    return weight(n)\n```",
        "def priority(el, n):\n    def weight(x):\n        return 2 * x\n    return weight(n)\n",
    ),
    (
        "block with an example of use last",
        "```python\ndef priority_v2(el, n):\n    return n\n```\nUse:\n```python\nprint(priority_v2((0, 1), 2))\n```",
        PLAIN,
    ),
    (
        "block of shell commands first",
        "```bash\npip install numpy\n```\n```python\ndef priority_v2(el, n):\n    return n\n```",
        PLAIN,
    ),
    (
        "two attempts, the later counts",
        "```python\ndef priority_v2(el, n):\n    return 1.0\n```\nBetter still:\n```python\ndef priority_v2(el, n):\n    return n\n```",
        PLAIN,
    ),
    (
        "earlier versions repeated",
        "```python\ndef priority_v0(el, n):\n    return 0.0\n\n\ndef priority_v1(el, n):\n    return 1.0\n\n\ndef priority_v2(el, n):\n    return n\n```",
        PLAIN,
    ),
    (
        "earlier versions repeated, the new one cut off",
        "```python\ndef priority_v0(el, n):\n    return 0.0\n\n\ndef priority_v1(el, n):\n    return 1.0\n\n\ndef priority_v2(el, n):\n    s = sum(",
        None,
    ),
    (
        "stub first, then the function",
        "Signature:\n```python\ndef priority_v2(el, n):\n    ...\n```\nCode:\n```python\ndef priority_v2(el, n):\n    return n\n```",
        PLAIN,
    ),
    (
        "fence in prose not closed before the next",
        "```\nsome notes\n```python\ndef priority(el, n):\n    return n\n```",
        PLAIN,
    ),
    # Thoughts
    (
        "thoughts first",
        "<think>\nMaybe:\n```python\ndef priority_v2(el, n):\n    return 99\n```\nNo.\n</think>\n```python\ndef priority_v2(el, n):\n    return n\n```",
        PLAIN,
    ),
    (
        "thoughts without their start",
        "Let me see: x < y...\n</think>\n\ndef priority_v2(el, n):\n    return n\n",
        PLAIN,
    ),
    ("thoughts cut off", "<think>\ndef priority_v2(el, n):\n    return n\n", None),
    (
        "thoughts in channels",
        "<|channel|>analysis<|message|>def priority_v2(el, n): return 1<|end|><|start|>assistant<|channel|>final<|message|>```python\ndef priority_v2(el, n):\n    return n\n```<|return|>",
        PLAIN,
    ),
    ("thoughts of another kind", "[THINK]hm[/THINK]def priority_v2(el, n):\n    return n", PLAIN),
    # Names and headers
    ("bare function", "def priority(el, n):\n    return n\n", PLAIN),
    ("improved name", "def improved_priority(el, n):\n    return n\n", PLAIN),
    ("version without v", "def priority_2(el, n):\n    return n\n", PLAIN),
    ("name holding the wanted one", "def compute_priority_score(el, n):\n    return n\n", PLAIN),
    ("any name", "```python\ndef heuristic(el, n):\n    return n\n```", PLAIN),
    (
        "indented function",
        "Here:\n\n    def priority_v2(el, n):\n        return n\n\nDone.",
        PLAIN,
    ),
    ("one line", "def priority_v2(el, n): return n", PLAIN),
    (
        "one line with two statements",
        "def priority_v2(el, n): m = n; return m",
        "def priority(el, n):\n    m = n; return m\n",
    ),
    (
        "the specification's own header kept",
        "def priority_v2(el: tuple[int, ...], n: int) -> float:\n    return n",
        HEADER + "    return n\n",
    ),
    (
        "header over several lines",
        "def priority_v2(\n    el,\n    n,\n):\n    return n",
        "def priority(\n    el,\n    n,\n):\n    return n\n",
    ),
    (
        "own default kept where the arguments are the same",
        "def priority_v2(el, n: int = 3) -> float:\n    return n",
        "def priority(el, n: int = 3) -> float:\n    return n\n",
    ),
    (
        "further argument with a default",
        "def priority_v2(el, n, weight=2.5):\n    return n * weight",
        "def priority(el, n, weight=2.5):\n    return n * weight\n",
    ),
    (
        "annotation that the specification does not know",
        "from typing import Tuple\n\ndef priority_v2(el: Tuple[int, ...], n: int) -> float:\n    return n",
        HEADER + "    return n\n",
    ),
    (
        "other argument names",
        "def priority_v2(element, dim):\n    return sum(element) / dim",
        HEADER + "    return sum(el) / n\n",
    ),
    (
        "other argument names, in an inner function too",
        "def priority_v2(element, dim):\n    return max(map(lambda e: e * dim, element))",
        HEADER + "    return max(map(lambda e: e * n, el))\n",
    ),
    (
        "other argument names that cannot be changed",
        "def priority_v2(element, dim):\n    n = len(element)\n    return dim * n",
        None,
    ),
    ("an argument too few", "def priority_v2(el):\n    return sum(el)", HEADER + "    return sum(el)\n"),
    (
        "an argument too many, not used",
        "def priority_v2(self, el, n):\n    return n",
        HEADER + "    return n\n",
    ),
    ("an argument too many, used", "def priority_v2(el, n, grid):\n    return grid[n]", None),
    ("arguments swapped", "def priority_v2(n, el):\n    return n", HEADER + "    return n\n"),
    ("any arguments", "def priority_v2(*args):\n    return args[0]", None),
    ("asynchronous", "async def priority_v2(el, n):\n    return n", None),
    (
        "decorated",
        "@functools.lru_cache(maxsize=None)\ndef priority_v2(el, n):\n    return n",
        PLAIN,
    ),
    (
        "calls itself",
        "def priority_v2(el, n):\n    if n == 0:\n        return 0.0\n    return el[0] + priority_v2(el[1:], n - 1)",
        "def priority(el, n):\n    if n == 0:\n        return 0.0\n    return el[0] + priority(el[1:], n - 1)\n",
    ),
    (
        "calls its ancestor, for the evaluator to judge",
        "def priority_v2(el, n):\n    return priority_v1(el, n) + 1",
        "def priority(el, n):\n    return priority_v1(el, n) + 1\n",
    ),
    (
        "calls its ancestor that stands beside it",
        "def priority_v1(el, n):\n    return 1\n\ndef priority_v2(el, n):\n    return priority_v1(el, n) + 1",
        "def priority(el, n):\n    return priority_v1(el, n) + 1\n",
    ),
    (
        "a variable by the function's name",
        "def priority(el, n):\n    priority = n\n    return priority",
        "def priority(el, n):\n    priority = n\n    return priority\n",
    ),
    (
        "a variable by the version's name",
        "def priority_v2(el, n):\n    priority_v2 = n\n    return priority_v2",
        "def priority(el, n):\n    priority_v2 = n\n    return priority_v2\n",
    ),
    (
        "the name in attributes, keywords, texts and longer names",
        "def priority_v2(el, n):\n    return n.priority_v2 + f(priority_v2=1) + len('priority_v2') + priority_v20",
        "def priority(el, n):\n    return n.priority_v2 + f(priority_v2=1) + len('priority_v2') + priority_v20\n",
    ),
    # Whole files
    (
        "whole file",
        '''```python
"""Finds large cap sets."""
import itertools
import numpy as np
import funsearch

@funsearch.run
def evaluate(n: int) -> int:
    return len(solve(n))

def solve(n: int):
    return []

@funsearch.evolve
def priority(el: tuple[int, ...], n: int) -> float:
    """Returns more."""
    return np.sum(el)

if __name__ == "__main__":
    print(evaluate(3))
```''',
        HEADER + '    """Returns more."""\n    return np.sum(el)\n',
    ),
    (
        "main guard below a bare function",
        'def priority_v2(el, n):\n    return n\n\nif __name__ == "__main__":\n    print(priority_v2((0,), 1))\n',
        PLAIN,
    ),
    (
        "another function of the specification only",
        "```python\ndef solve(n):\n    return n\n```",
        None,
    ),
    # What stood beside it
    (
        "import beside it",
        "```python\nimport math\nimport sys\nimport numpy as np\n\ndef priority_v2(el, n):\n    return math.sqrt(n) + np.pi\n```",
        "def priority(el, n):\n    import math\n    return math.sqrt(n) + np.pi\n",
    ),
    (
        "imports in the body",
        "def priority_v2(el, n):\n    from math import sqrt\n    return sqrt(n)\n",
        "def priority(el, n):\n    from math import sqrt\n    return sqrt(n)\n",
    ),
    (
        "helpers that use helpers, imports and constants",
        '''```python
from collections import Counter
WEIGHTS = {
    0: 1.0,
    1: 2.0,
}
UNUSED = 4

def count(el):
    """Count.

    Each.
    """
    return Counter(el)

def other():
    return 1

def weigh(el):
    return sum(WEIGHTS.get(k, 0) * v for k, v in count(el).items())

def priority_v2(el, n):
    """Weighs."""
    return weigh(el)
```''',
        '''def priority(el, n):
    """Weighs."""
    from collections import Counter
    WEIGHTS = {
        0: 1.0,
        1: 2.0,
    }
    def count(el):
        """Count.

        Each.
        """
        return Counter(el)
    def weigh(el):
        return sum(WEIGHTS.get(k, 0) * v for k, v in count(el).items())
    return weigh(el)
''',
    ),
    (
        "helper with a decorator below the function",
        "def priority_v2(el, n):\n    return h(n)\n\n@cache\ndef h(x):\n    return x if x < 2 else h(x - 1) + h(x - 2)\n\nfrom functools import cache",
        "def priority(el, n):\n    @cache\n    def h(x):\n        return x if x < 2 else h(x - 1) + h(x - 2)\n    from functools import cache\n    return h(n)\n",
    ),
    (
        "helper that calls the function",
        "def half(el, n):\n    return priority_v2(el, n // 2)\n\ndef priority_v2(el, n):\n    return half(el, n) if n else 0\n",
        "def priority(el, n):\n    def half(el, n):\n        return priority(el, n // 2)\n    return half(el, n) if n else 0\n",
    ),
    (
        "helper with a text of several lines",
        'def table():\n    return """\n1 2\n3 4\n"""\n\ndef priority_v2(el, n):\n    return float(table().split()[0])\n',
        'def priority(el, n):\n    def table():\n        return """\n1 2\n3 4\n"""\n    return float(table().split()[0])\n',
    ),
    (
        "import among broken code",
        "import math\n\ndef draft(x:\n    pass\n\ndef priority_v2(el, n):\n    return math.e",
        "def priority(el, n):\n    import math\n    return math.e\n",
    ),
    (
        "nested helper",
        "def priority_v2(el, n):\n    def h(x):\n        return x * 2\n    return h(n)\n",
        "def priority(el, n):\n    def h(x):\n        return x * 2\n    return h(n)\n",
    ),
    (
        "the name in a text",
        'def priority_v2(el, n):\n    return n * len("""\ndef priority(x):\n    return 1\n""")\n',
        'def priority(el, n):\n    return n * len("""\ndef priority(x):\n    return 1\n""")\n',
    ),
    # Layout, comments, docstrings
    (
        "comments survive",
        "def priority_v2(el, n):  # better\n    # first\n    m = n  # second\n\n    return m  # third\n    # fourth\n# fifth\n",
        "def priority(el, n):  # better\n    # first\n    m = n  # second\n\n    return m  # third\n    # fourth\n",
    ),
    (
        "comment at column 0 in the function",
        "def priority_v2(el, n):\n    m = n\n# here\n    return m\n",
        "def priority(el, n):\n    m = n\n# here\n    return m\n",
    ),
    (
        "two spaces",
        "def priority_v2(el, n):\n  m = n\n  return m\n",
        "def priority(el, n):\n  m = n\n  return m\n",
    ),
    (
        "tabs",
        "def priority_v2(el, n):\n\tif n:\n\t\treturn n\n\treturn 0",
        "def priority(el, n):\n    if n:\n        return n\n    return 0\n",
    ),
    (
        "docstring kept",
        'def priority_v2(el, n):\n    """Sums.\n\n    Well.\n    """\n    return n',
        'def priority(el, n):\n    """Sums.\n\n    Well.\n    """\n    return n\n',
    ),
    (
        "the prompt's docstring becomes the specification's",
        'def priority_v2(el, n):\n    """Improved version of `priority_v1`."""\n    return n',
        'def priority(el, n):\n    """Returns the priority of `el`.\n\n    The higher, the earlier.\n    """\n    return n\n',
    ),
    (
        "docstring whose lines begin at column 0",
        'def priority_v2(el, n):\n    """Sums.\n\nWell.\n    """\n    return n\n\nDone.',
        'def priority(el, n):\n    """Sums.\n\nWell.\n    """\n    return n\n',
    ),
    # The body alone
    ("body", "    return n\n", BODY_HEADER + "    return n\n"),
    (
        "body and a further version",
        "    return n\n\n\ndef priority_v3(el, n):\n    return 3",
        BODY_HEADER + "    return n\n",
    ),
    ("body and prose", "    return n\n\nThis is better than the one before.", BODY_HEADER + "    return n\n"),
    (
        "body and a main guard",
        "    return n\n\nif __name__ == '__main__':\n    main()",
        BODY_HEADER + "    return n\n",
    ),
    (
        "body and a decorator",
        "    return n\n\n@funsearch.run\ndef evaluate(n",
        BODY_HEADER + "    return n\n",
    ),
    ("body and a fence", "    return n\n```\n\nThat is it.", BODY_HEADER + "    return n\n"),
    ("body of two spaces", "  m = n\n  return m", BODY_HEADER + "    m = n\n    return m\n"),
    (
        "body of eight spaces with a text",
        "        m = '''\nx\n'''\n        if n:\n            return n\n        return len(m)",
        BODY_HEADER + "    m = '''\nx\n'''\n    if n:\n        return n\n    return len(m)\n",
    ),
    ("body in tabs", "\tm = n\n\treturn m", BODY_HEADER + "    m = n\n    return m\n"),
    ("body at column 0", "m = n\nreturn m", BODY_HEADER + "    m = n\n    return m\n"),
    (
        "body that lost its first indentation",
        "m = n\n    return m",
        BODY_HEADER + "    m = n\n    return m\n",
    ),
    (
        "body that lost its first indentation before a block",
        "for x in el:\n        n += x\n    return n",
        BODY_HEADER + "    for x in el:\n        n += x\n    return n\n",
    ),
    ("body with one space first", " m = n\n    return m", BODY_HEADER + "    m = n\n    return m\n"),
    ("body below blank lines", "\n\n    # why\n    return n\n", BODY_HEADER + "    # why\n    return n\n"),
    (
        "body with a docstring",
        '    """Sums."""\n    return n',
        HEADER + '    """Sums."""\n    return n\n',
    ),
    (
        "body with a nested function",
        "    def h(x):\n        return x\n\n    return h(n)\n",
        BODY_HEADER + "    def h(x):\n        return x\n\n    return h(n)\n",
    ),
    ("body in a fence", "```python\n    m = n\n    return m\n```", BODY_HEADER + "    m = n\n    return m\n"),
    (
        "body at column 0 in a fence",
        "The body:\n```python\nm = n\nreturn m\n```",
        BODY_HEADER + "    m = n\n    return m\n",
    ),
    (
        "body indented in prose",
        "You could use:\n\n    m = n\n    return m\n\nIt's good.",
        BODY_HEADER + "    m = n\n    return m\n",
    ),
    (
        "body that calls itself",
        "    return priority(el, n - 1)",
        BODY_HEADER + "    return priority(el, n - 1)\n",
    ),
    # Cut off
    (
        "cut off after a return",
        "```python\ndef priority_v2(el, n):\n    if n:\n        return 1\n    return 2\n    # and now (",
        "def priority(el, n):\n    if n:\n        return 1\n    return 2\n    # and now (\n",
    ),
    ("cut off in the last return", "def priority_v2(el, n):\n    m = n\n    return m * (", None),
    (
        "cut off after an early return",
        "def priority_v2(el, n):\n    if n:\n        return 1\n    m = [",
        None,
    ),
    (
        "cut off below code that always returns",
        "def priority_v2(el, n):\n    if n:\n        return 1\n    else:\n        return 2\n    m = [",
        "def priority(el, n):\n    if n:\n        return 1\n    else:\n        return 2\n",
    ),
    (
        "cut off before any return",
        "def priority_v2(el, n):\n    m = n\n    for x in el:\n        m += x",
        None,
    ),
    ("cut off in the header", "```python\ndef priority_v2(el,", None),
    ("cut off in the docstring", 'def priority_v2(el, n):\n    """Returns', None),
    ("body cut off", "    m = n\n    for x in el:\n        m +=", None),
    (
        "body cut off below its return",
        "    return n\n\n\ndef priority_v3(el, n",
        BODY_HEADER + "    return n\n",
    ),
    # Typography
    (
        "curly quotes",
        "def priority_v2(el, n):\n    return {‘a’: n}[“a”]",
        "def priority(el, n):\n    return {'a': n}[\"a\"]\n",
    ),
    ("no-break spaces", "def priority_v2(el, n):\n\u00a0\u00a0\u00a0\u00a0return\u00a0n", PLAIN),
    ("long minus", "def priority_v2(el, n):\n    return n − 1", "def priority(el, n):\n    return n - 1\n"),
    (
        "curly quotes within a text stay",
        "def priority_v2(el, n):\n    return len('“')",
        "def priority(el, n):\n    return len('“')\n",
    ),
    ("line separators", "def priority_v2(el, n):\u2028    return n\u2028", PLAIN),
    (
        "line separator within a text stays",
        "def priority(el, n):\n    return len('\u2028')",
        "def priority(el, n):\n    return len('\u2028')\n",
    ),
    ("NUL", "def priority_v2(el, n):\n    return n\x00\n", PLAIN),
    (
        "byte order mark and zero-width space",
        "\ufeff```python\ndef priority_v2(el, n):\u200b\n    return n\n```",
        PLAIN,
    ),
    (
        "HTML's escapes",
        "def priority_v2(el, n):\n    return 1 if n &lt; 2 else 0",
        "def priority(el, n):\n    return 1 if n < 2 else 0\n",
    ),
    (
        "lone surrogate in a text",
        "def priority_v2(el, n):\n    return len('\ud800')",
        "def priority(el, n):\n    return len('\ufffd')\n",
    ),
    ("end-of-text token", "def priority_v2(el, n):\n    return n<|endoftext|>", PLAIN),
    (
        "non-ASCII names",
        "def priority_v2(el, n):\n    π = n; return priority_v2(el, π)",
        "def priority(el, n):\n    π = n; return priority(el, π)\n",
    ),
    # Nothing in it
    ("empty", "", None),
    ("white space", " \n\t\n", None),
    ("prose", "I cannot help with that.", None),
    ("one word", "priority", None),
    ("prose with the word return", "I would return n here, but it's not better.", None),
    ("empty fence", "```python\n```", None),
    ("JSON", '{"error": {"message": "overloaded", "code": 503}}', None),
    ("only a call", "```python\nprint(priority((0, 1), 2))\n```", None),
    ("pass", "def priority_v2(el, n):\n    pass", None),
    ("dots", "def priority_v2(el, n):\n    ...", None),
    ("broken", "def priority_v2(el, n):\n    if n = 1:\n        return 0\n    retrun 1\n", None),
    ("a class", "class Solution:\n    def priority(self, el, n, other):\n        return other\n", None),
]


def test_there_are_no_two_cases_by_one_name():
    assert len({name for name, _, _ in ANSWERS}) == len(ANSWERS) >= 100


@pytest.mark.parametrize(("answer", "wanted"), [pytest.param(a, w, id=name) for name, a, w in ANSWERS])
def test_answer_gives_the_wanted_program(answer, wanted):
    program = extract_function(answer, SPECIFICATION)
    assert program == wanted
    if program is not None:
        tree = ast.parse(program)
        assert [(type(node), node.name) for node in tree.body] == [(ast.FunctionDef, "priority")]
        assert extract_function(program, SPECIFICATION) == program


HOSTILE = {
    "deep parentheses": "def priority(el, n):\n    return " + "(" * 5000 + "1" + ")" * 5000,
    "deep minus": "def priority(el, n):\n    return " + "-" * 50_000 + "1",
    "deep sum": "def priority(el, n):\n    return " + "+".join(["1"] * 30_000),
    "deep attributes": "def priority(el, n):\n    return n" + ".a" * 30_000,
    "deep blocks": "".join(" " * i + "if n:\n" for i in range(400)),
    "too long": "def priority(el, n):\n    return '" + "x" * 70_000 + "'",
    "far too long": "def priority(el, n):\n    return n\n" + "# \n" * 400_000,
    "endless branches": "def priority(el, n):\n    if n:\n        return 1\n"
    + "    elif n:\n        return 2\n" * 1500,
    "many fences": "```\n" * 50_000,
    "many thoughts": "<think>" * 100_000,
    "many definitions": "def priority(el, n):\n" * 20_000,
    "many broken definitions": "def priority_v2(el, n):\n    return (\n" * 10_000,
    "many indented starts": "a\n b\n" * 30_000,
    "unclosed text": 'def priority(el, n):\n    """' + "\nword" * 10_000,
    "NULs": "\x00" * 100_000,
    "huge number": "def priority(el, n):\n    return " + "9" * 6000,
    "coding line": "# coding: utf-7\ndef priority(el, n):\n    return +AGEAXw-\n",
    "bad escape": "def priority(el, n):\n    return '\\N{no such}'\n",
}


@pytest.mark.parametrize("answer", [pytest.param(text, id=name) for name, text in HOSTILE.items()])
@pytest.mark.timeout(60)
def test_hostile_answer_neither_crashes_nor_gives_what_does_not_parse(answer):
    program = extract_function(answer, SPECIFICATION)
    assert program is None or isinstance(ast.parse(program).body[0], ast.FunctionDef)


def test_nothing_is_printed_for_doubtful_escapes(capfd, recwarn):
    assert extract_function("def priority(el, n):\n    return len('\\d') is 2\n", SPECIFICATION) is not None
    assert not recwarn
    assert capfd.readouterr() == ("", "")


def test_nothing_is_executed(monkeypatch):
    def refuse(*_arguments, **_options):
        raise AssertionError("executed")

    monkeypatch.setattr(builtins, "exec", refuse)
    monkeypatch.setattr(builtins, "eval", refuse)
    answer = "raise SystemExit\nimport nonexistent\ndef priority(el, n=exit()):\n    return nonexistent.x\n"
    assert extract_function(answer, SPECIFICATION) == (
        "def priority(el, n=exit()):\n    import nonexistent\n    return nonexistent.x\n"
    )


def test_function_without_a_value_may_be_evolved():
    specification = parse_specification(
        "import funsearch\n\n@funsearch.run\ndef run(n):\n    x = [1]\n    change(x)\n    return x[0]\n\n\n"
        "@funsearch.evolve\ndef change(x):\n    x.append(1)\n",
        "change",
    )
    wanted = "def change(x):\n    x.sort()\n"
    assert extract_function("```python\ndef change_v1(x):\n    x.sort()\n```", specification) == wanted
    assert extract_function("    x.sort()\n", specification) == wanted
    assert extract_function("I cannot do that", specification) is None


@pytest.mark.parametrize(
    ("header", "answer", "wanted"),
    [
        (
            "def f(a, *rest, key=1, **more):",
            "def f_v1(a, *rest, key=2, **more):",
            "def f(a, *rest, key=2, **more):",
        ),
        ("def f(a, *rest, key=1, **more):", "def f_v1(a, key=2):", "def f(a, *rest, key=1, **more):"),
        ("def f(a, b=[1, {2: 3}][0]):", "def f_v1(a):", "def f(a, b=[1, {2: 3}][0]):"),
        ("def f(a, b=lambda x: x):", "def f_v1(a, b=lambda: 1):", "def f(a, b=lambda: 1):"),
        ("def f(a, /, b):", "def f_v1(a, b):", "def f(a, b):"),
        ("def f(a, b):", "def f_v1(a, *, b):", "def f(a, b):"),
        ("def f(\n    a,\n    b,\n) -> 'int':", "def g(a, b, c):", "def f(\n    a,\n    b,\n) -> 'int':"),
    ],
)
def test_headers_of_every_form(header, answer, wanted):
    specification = parse_specification(
        f"import funsearch\n\n@funsearch.run\ndef run(n):\n    return f(n, 2)\n\n\n@funsearch.evolve\n{header}\n    return 0\n",
        "forms",
    )
    program = extract_function(f"{answer}\n    return a\n", specification)
    assert program == f"{wanted}\n    return a\n"


_LINES = st.sampled_from(
    [
        "def priority_v2(el, n):",
        "    def inner(x):",
        "    return n",
        "        return el[0]",
        "return 1",
        "```python",
        "```",
        "import math",
        '    """Doc',
        '    """',
        "    if n:",
        "    x = (",
        "    )",
        "Some prose, isn't it?",
        "",
        "\tx = 1",
        "<think>",
        "</think>",
        "# note",
        "    else:",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(_LINES, st.text(max_size=12)), max_size=14))
def test_whatever_comes_gives_a_function_or_nothing(lines):
    program = extract_function("\n".join(lines), SPECIFICATION)
    if program is not None:
        (function,) = ast.parse(program).body
        assert isinstance(function, ast.FunctionDef)
        assert function.name == "priority"
        assert program.startswith("def ")
        assert program.endswith("\n")
        program.encode()
