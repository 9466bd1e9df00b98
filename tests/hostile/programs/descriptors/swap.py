# Tries: to put its output in place of its input
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    import os
    os.dup2(1, 0)
    return 1
