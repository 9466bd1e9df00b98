# Tries: to remove a file
# Ends in: runtime_error
# Unprotected: written
def priority(x):
    import os
    os.unlink(SECRET_FILE)
    return 1
