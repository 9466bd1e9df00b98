import funsearch


@funsearch.evolve
def grow(x,  # type: int
		):
	# type: (...) -> int
	if x:	# not zero
		y = x + x  # type: int
	else:
		y = 0
	return y


@funsearch.run
def evaluate(x):
	return grow(x)
