# Tries: to move a file away
# Ends in: runtime_error
# Unprotected: written
def priority(x):
    import os
    os.rename(SECRET_FILE, NEW)
    return 1
