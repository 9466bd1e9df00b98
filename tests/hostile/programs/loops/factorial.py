# Tries: to stay in C: one factorial that takes hours
# Ends in: timeout
def priority(x):
    import math
    return math.factorial(10**8)
