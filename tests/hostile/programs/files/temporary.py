# Tries: to keep a temporary file
# Ends in: runtime_error
# Unprotected: written
def priority(x):
    import tempfile
    tempfile.mkstemp(prefix=MARK)
    return 1
