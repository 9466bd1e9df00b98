# Tries: to see what files there are, all of them
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    import os
    return len(next(os.walk(WATCHED))[2])
