import funsearch


@funsearch.run
def evaluate(n, w):
    return grow(n)


@funsearch.evolve
def grow(x):
    return x
