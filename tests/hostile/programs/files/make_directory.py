# Tries: to make a directory
# Ends in: runtime_error
# Unprotected: written
def priority(x):
    import os
    os.mkdir(NEW)
    return 1
