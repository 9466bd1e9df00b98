# Tries: to have a score that every comparison refuses
# Ends in: invalid_score
def priority(x):
    return float("nan")
