import funsearch


@funsearch.evolve
def grow(x):
    return x + x


@funsearch.run
def evaluate(x):
    return grow(x)
