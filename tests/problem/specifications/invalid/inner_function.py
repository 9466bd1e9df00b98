import funsearch


@funsearch.run
def evaluate(x):
    return grow(x)


def outer():
    @funsearch.evolve
    def grow(x):
        return x
