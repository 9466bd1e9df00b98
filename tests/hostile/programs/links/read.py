# Tries: to see what a link points to
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    import os
    return len(os.readlink("/proc/self/exe"))
