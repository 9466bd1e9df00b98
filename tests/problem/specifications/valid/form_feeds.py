import funsearch

@funsearch.evolve
def grow(x):
    """A formfeed."""
    y = x
    return x + y
# section

@funsearch.run
def evaluate(x):
    return grow(x)
