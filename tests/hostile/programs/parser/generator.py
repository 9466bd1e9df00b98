# Tries: to be a generator
# Ends in: invalid_score
def priority(x):
    yield 0
