# Tries: to have no number at all for a score
# Ends in: invalid_score
def priority(x):
    return np.array([])
