# Tries: to have a date for a score
# Ends in: invalid_score
def priority(x):
    return np.array(["2020-01-01"], dtype="datetime64[D]")
