# Tries: to have a score that fits in no float
# Ends in: invalid_score
def priority(x):
    return 10**400
