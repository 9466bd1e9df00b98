try:
    import funsearch
except ImportError:
    class funsearch:
        run = evolve = staticmethod(lambda f: f)


@funsearch.evolve
def grow(x):
    """Return more than x."""


    return 2 * x



@funsearch.run
def evaluate(x, scale=1):
    return scale * grow(x)
