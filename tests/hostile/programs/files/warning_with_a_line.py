# Tries: to have a warning show a line of a file
# Ends in: ok
# Unprotected: read
def priority(x):
    import warnings
    warnings.simplefilter("always")
    warnings.warn_explicit("look", UserWarning, SECRET_FILE, 1)
    return 1
