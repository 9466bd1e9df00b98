# Tries: to change when a file was written
# Ends in: runtime_error
# Unprotected: written
def priority(x):
    import os
    os.utime(SECRET_FILE, (0, 0))
    return 1
