# Tries: to have None for a score
# Ends in: invalid_score
def priority(x):
    return None
