import funsearch as fs, math

TWO = 2


@fs.run
def evaluate(x):
    return grow(x)


@fs.evolve
def grow(x):
    return TWO * x


def unused():
    return math.pi
