# Tries: to learn what it may do with a file
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    import os
    if not os.access(SECRET_FILE, os.R_OK):
        raise OSError("no access")
    return 1
