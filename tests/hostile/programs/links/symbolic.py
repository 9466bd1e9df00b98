# Tries: to make a link to a file
# Ends in: runtime_error
# Unprotected: written
def priority(x):
    import os
    os.symlink(SECRET_FILE, NEW)
    return 1
