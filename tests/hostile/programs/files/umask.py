# Tries: to change what others may do with its files
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    import os
    if os.umask(0) < 0:
        raise OSError("refused")
    return 1
