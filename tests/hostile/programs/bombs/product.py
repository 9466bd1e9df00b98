# Tries: to take all memory by a list of all triples
# Ends in: memory
def priority(x):
    import itertools
    return len(list(itertools.product(range(10**5), repeat=3)))
