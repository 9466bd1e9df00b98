import funsearch


@funsearch.evolve
def grow(x):
    y = x
    return x + y


@funsearch.run
def evaluate(x):
    return grow(x)
