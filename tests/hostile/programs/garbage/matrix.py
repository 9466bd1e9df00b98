# Tries: to have a subclass of an array for a score
# Ends in: invalid_score
def priority(x):
    return np.matrix([[1.0]])
