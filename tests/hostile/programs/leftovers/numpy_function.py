# Tries: to change a function of numpy
# Ends in: ok
# Unprotected: seen
def priority(x):
    np.sum = lambda *_: 1e6
    return 0
