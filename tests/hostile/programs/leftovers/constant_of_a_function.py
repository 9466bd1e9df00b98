# Tries: to change the code of a function of the standard library
# Ends in: ok
# Unprotected: seen
def priority(x):
    import statistics
    statistics.mean.__code__ = (lambda data: 7).__code__
    return 0
