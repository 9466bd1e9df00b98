import functools

import funsearch


def twice(f):
    @functools.wraps(f)
    def g(x):
        return f(x) * 2

    return g


@functools.lru_cache(maxsize=None)
@funsearch.evolve
@twice
def grow(x):
    return x


@twice
@funsearch.run
def evaluate(x):
    return grow(x) / 2
