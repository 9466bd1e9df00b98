import funsearch


@funsearch.run
def evaluate(x):
    return grow(x)


if True:
    @funsearch.evolve
    def grow(x):
        return x
