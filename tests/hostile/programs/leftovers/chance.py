# Tries: to have chance be no chance
# Ends in: ok
# Unprotected: seen
def priority(x):
    import random
    random.seed(7)
    return 0
