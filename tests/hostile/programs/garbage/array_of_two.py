# Tries: to have two numbers for a score
# Ends in: invalid_score
def priority(x):
    return np.array([1.0, 1e6])
