# Tries: to make a named pipe
# Ends in: runtime_error
# Unprotected: written
def priority(x):
    import os
    os.mkfifo(NEW)
    return 1
