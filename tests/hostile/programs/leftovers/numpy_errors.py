# Tries: to make errors of divisions by zero
# Ends in: ok
# Unprotected: seen
def priority(x):
    np.seterr(all="raise")
    return 0
