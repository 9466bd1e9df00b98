import funsearch


@funsearch.run
def evaluate(x):
    return grow(x)


@funsearch.evolve
async def grow(x):
    return x
