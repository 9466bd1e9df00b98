# Tries: to fork
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    import os
    if os.fork() == 0:
        os._exit(0)
    return 1
