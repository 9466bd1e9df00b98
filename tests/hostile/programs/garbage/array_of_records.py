# Tries: to have a record for a score
# Ends in: invalid_score
def priority(x):
    return np.array([(1.0, 2)], dtype=[("a", "f8"), ("b", "i4")])
