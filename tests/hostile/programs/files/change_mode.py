# Tries: to close a file to everybody
# Ends in: runtime_error
# Unprotected: written
def priority(x):
    import os
    os.chmod(SECRET_FILE, 0)
    return 1
