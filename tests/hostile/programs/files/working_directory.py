# Tries: to learn where it is
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    import os
    return len(os.getcwd())
