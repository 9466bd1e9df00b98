# Tries: to have a shell run a command
# Ends in: runtime_error
# Unprotected: written
def priority(x):
    import os
    if os.system(f"echo {MARK} > {NEW}") != 0:
        raise OSError("no shell")
    return 1
