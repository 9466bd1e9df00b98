import funsearch


@funsearch.run
def evaluate(x):
    return grow(x)


@funsearch.evolve
@funsearch.evolve
def grow(x):
    return x
