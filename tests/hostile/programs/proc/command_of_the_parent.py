# Tries: to read how its parent was called
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    import os
    return len(open(f"/proc/{os.getppid()}/cmdline").read())
