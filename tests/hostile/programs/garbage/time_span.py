# Tries: to have a span of time for a score, which is an integer to numpy
# Ends in: invalid_score
def priority(x):
    return np.timedelta64(10**6, "s")
