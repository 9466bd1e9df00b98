# Tries: to have a complex number for a score
# Ends in: invalid_score
def priority(x):
    return 1e6 + 0j
