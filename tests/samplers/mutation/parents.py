"""Programs as a language model may have written them."""

from __future__ import annotations

import textwrap


def _program(body: str) -> str:
    """The body as a function of the bundled bin packing problem."""
    return "def priority(item, bins):\n" + textwrap.indent(textwrap.dedent(body).strip("\n"), "    ") + "\n"


ODD = {
    "type comment": _program(
        """
        # type: (float, np.ndarray) -> np.ndarray
        return -bins
        """
    ),
    "one line": "def priority(item, bins): return -bins\n",
    "other names": "def priority(size, room):\n    rest = room - size\n    return -rest\n",
    "annotated locals": _program(
        """
        gap: np.ndarray = bins - item
        return -gap
        """
    ),
    "walrus": _program(
        """
        if (m := bins.max()) > 3:
            return m - bins
        return -bins
        """
    ),
    "inner function": _program(
        """
        def f(x):
            return x + item
        return f(bins)
        """
    ),
    "lambda": _program(
        """
        f = lambda x: -x
        return f(bins)
        """
    ),
    "while": _program(
        """
        i = 0
        while i < 3:
            i += 1
        return bins * i
        """
    ),
    "try": _program(
        """
        try:
            return 1 / bins
        except ValueError:
            return bins
        """
    ),
    "with": _program(
        """
        with np.errstate(all='ignore'):
            score = 1 / bins
        return score
        """
    ),
    "import inside": _program(
        """
        import math
        return bins * math.sqrt(item)
        """
    ),
    "f-string": _program(
        """
        text = f'{item:.2f} {bins!r}'
        return bins * len(text)
        """
    ),
    "starred": _program(
        """
        first, *rest = bins
        return bins - first
        """
    ),
    "dictionary": _program(
        """
        d = {'a': 1, **{}}
        return bins * d['a']
        """
    ),
    "keyword arguments": _program(
        """
        return np.clip(bins, a_min=0, a_max=item)
        """
    ),
    "in place": _program(
        """
        bins -= item
        bins[bins == 0] = 5
        return bins
        """
    ),
    "axis": _program(
        """
        return -np.abs(bins[:, None] - bins[None, :]).sum(axis=1)
        """
    ),
    "loop over bins": _program(
        """
        s = np.zeros(len(bins))
        for i, b in enumerate(bins):
            s[i] = -b
        return s
        """
    ),
    "for else": _program(
        """
        for x in (1, 2):
            pass
        else:
            x = 3
        return bins * x
        """
    ),
    "match": _program(
        """
        match item:
            case 3:
                return bins
            case _:
                return -bins
        """
    ),
    "global": _program(
        """
        global seen
        seen = item
        return -bins
        """
    ),
    "non-ASCII": _program(
        """
        größe = bins - item
        return -größe
        """
    ),
    "huge numbers": _program(
        """
        return bins * 1e308 * 10 ** 30 - 1e999
        """
    ),
    "complex": _program(
        """
        return (bins * 1j).real - bins
        """
    ),
    "nested conditional": _program(
        """
        return -bins if item > 3 else bins if item > 2 else bins * 2
        """
    ),
    "chained": _program(
        """
        a = b = bins * 2
        return a if 1 < item <= 5 else b
        """
    ),
    "docstring only in between": _program(
        """
        x = bins * 2
        'why'
        return x
        """
    ),
    "semicolons": _program(
        """
        a = bins; b = a * 2; return b
        """
    ),
    "tabs": "def priority(item, bins):\n\tif item > 3:\n\t\treturn bins\n\treturn -bins\n",
    "decorated": "@staticmethod\ndef priority(item, bins):\n    return -bins\n",
    "shadows numpy": _program(
        """
        np = bins
        return -np
        """
    ),
    "shadows a built-in": _program(
        """
        max = 3
        return bins * max
        """
    ),
    "nested loops": "def priority(item, bins):\n    s = 0\n"
    + "".join("    " * depth + f"for i{depth} in range(2):\n" for depth in range(1, 8))
    + "    " * 8
    + "s += 1\n    return bins * s\n",
}
"""Programs that run, in all sorts of Python."""


BROKEN = {
    "empty": "",
    "prose": "Sure! Here is an improved version:",
    "cut off": "def priority(item, bins):\n    return np.where(bins > ",
    "fenced": "```python\ndef priority(item, bins):\n    return -bins\n```",
    "NUL": "def priority(item, bins):\n    return '\0'\n",
    "lone surrogate": "def priority(item, bins):\n    return '\ud800'\n",
    "nested brackets": "def priority(item, bins):\n    return " + "(" * 5000 + "1" + ")" * 5000 + "\n",
    "nested signs": "def priority(item, bins):\n    return " + "-" * 15_000 + "1\n",
    "long chain": "def priority(item, bins):\n    return " + "1+" * 9_000 + "1\n",
    "endless": "def priority(item, bins):\n" + "    bins = bins + 1\n" * 50_000 + "    return bins\n",
    "two functions": "def helper(x):\n    return x\n\ndef priority(item, bins):\n    return -bins\n",
    "a class": "class Priority:\n    pass\n",
    "async": "async def priority(item, bins):\n    return -bins\n",
    "no arguments": "def priority():\n    return 1\n",
    "too many arguments": "def priority(item, bins, capacity):\n    return -bins\n",
    "calls itself": "def priority(item, bins):\n    return priority(item, bins)\n",
    "calls an ancestor": "def priority(item, bins):\n    return priority_v0(item, bins) + 1\n",
    "aliases an ancestor": "def priority(item, bins):\n    f = priority_v1\n    return f(item, bins)\n",
    "ancestor in a comprehension": _program("return sum(priority_v0(item, bins) for x in (1, 2))"),
    "ancestor in a lambda": "def priority(item, bins):\n    return (lambda: priority_v0(item, bins))()\n",
    "returns nothing": "def priority(item, bins):\n    bins = bins + 1\n",
    "wrong type": "def priority(item, bins):\n    return 'high'\n",
}
"""Texts that are no program of that problem, or none that may have children."""
