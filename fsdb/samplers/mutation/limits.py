"""How large a proposal may be. A parent that is larger already may have children of its size."""

MOST_NODES = 120
"""Nodes of expressions and statements."""

MOST_LINES = 30
"""Lines of the body."""

DEEPEST = 14
"""Blocks and expressions inside one another."""

MOST_LOOPS = 2
"""Loops inside one another, comprehensions included."""
