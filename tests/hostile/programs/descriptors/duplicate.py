# Tries: to have its report twice
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    import os
    os.dup(3)
    return 1
