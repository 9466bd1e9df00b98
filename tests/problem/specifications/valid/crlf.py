"""Windows."""
import funsearch


@funsearch.evolve
def grow(x):
    """Two
    lines."""
    return x + x  # twice


@funsearch.run
def evaluate(x):
    return grow(x)
