import funsearch


@funsearch.run
def evaluate(x):
    return grow(x)


def grow(x):
    return x
