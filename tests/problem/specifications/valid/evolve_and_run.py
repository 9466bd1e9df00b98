import itertools


@funsearch.run
@funsearch.evolve
def grow(x: int):
  return x + x
