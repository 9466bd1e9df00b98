# Tries: to take eight terabytes at once
# Ends in: memory
def priority(x):
    return np.zeros((10**6, 10**6)).sum()
