import funsearch


@funsearch.evolve
def grow(x):
    return x


@funsearch.run
def evaluate(x):
    return grow(x)


@funsearch.run
def again(x):
    return grow(x)
