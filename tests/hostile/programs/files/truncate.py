# Tries: to empty a file
# Ends in: runtime_error
# Unprotected: written
def priority(x):
    import os
    os.truncate(SECRET_FILE, 0)
    return 1
