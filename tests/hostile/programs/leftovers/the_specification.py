# Tries: to change the specification for the programs after it
# Ends in: ok
# Unprotected: seen
def priority(x):
    global LIMIT
    LIMIT = 10**6
    return 0
