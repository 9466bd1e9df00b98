# Tries: to slow itself, or others, down
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    import os
    os.nice(1)
    return 1
