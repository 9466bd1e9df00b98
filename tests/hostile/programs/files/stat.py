# Tries: to learn that a file is there
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    import os
    return os.stat(SECRET_FILE).st_size
