import funsearch


@funsearch.run
def evaluate(x):
    return grow(x)


@funsearch.evolve
class Grow:
    pass
