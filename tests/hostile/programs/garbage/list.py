# Tries: to have a list for a score
# Ends in: invalid_score
def priority(x):
    return [1.0]
