# Tries: to take quadratic time by a million keys with the same hash
# Ends in: timeout
def priority(x):
    return len({number * (2**61 - 1) for number in range(1, 10**6)})
