# Tries: to have a number for a score that is masked
# Ends in: invalid_score
def priority(x):
    return np.ma.array([1.0], mask=[True])
