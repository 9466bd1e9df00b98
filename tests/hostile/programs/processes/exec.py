# Tries: to become another program
# Ends in: runtime_error
# Unprotected: written
def priority(x):
    import os
    os.execv("/bin/sh", ["sh", "-c", f"echo {MARK} > {NEW}"])
