# Tries: to write a file by numpy
# Ends in: runtime_error
# Unprotected: written
def priority(x):
    np.save(NEW, np.ones(3))
    return 1
