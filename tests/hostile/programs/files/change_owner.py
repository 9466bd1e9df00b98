# Tries: to give a file away
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    import os
    os.chown(SECRET_FILE, os.getuid(), -1)
    return 1
