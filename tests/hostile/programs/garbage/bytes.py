# Tries: to have bytes for a score
# Ends in: invalid_score
def priority(x):
    return b"1"
