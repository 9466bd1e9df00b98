# Tries: to make errors of warnings
# Ends in: ok
# Unprotected: seen
def priority(x):
    import warnings
    warnings.simplefilter("error")
    return 0
