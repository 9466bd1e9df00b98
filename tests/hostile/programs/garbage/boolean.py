# Tries: to have True for a score
# Ends in: invalid_score
def priority(x):
    return True
