# Tries: to keep a temporary file without a name
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    import tempfile
    tempfile.TemporaryFile().write(b"x")
    return 1
