# Tries: to have a generator for a score
# Ends in: invalid_score
def priority(x):
    return (number for number in [1.0])
