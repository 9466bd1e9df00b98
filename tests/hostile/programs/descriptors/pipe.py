# Tries: to make a pipe
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    import os
    os.pipe()
    return 1
