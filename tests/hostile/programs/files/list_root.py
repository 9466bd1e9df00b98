# Tries: to see what files there are
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    import os
    return len(os.listdir("/"))
