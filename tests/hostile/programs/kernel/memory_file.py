# Tries: to have a file that is in no directory
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    import os
    os.memfd_create("x")
    return 1
