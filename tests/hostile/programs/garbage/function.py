# Tries: to have itself for a score
# Ends in: invalid_score
def priority(x):
    return priority
