# Tries: to start a program
# Ends in: runtime_error
# Unprotected: written
def priority(x):
    import os
    os.waitpid(os.posix_spawn("/bin/sh", ["sh", "-c", f"echo {MARK} > {NEW}"], {}), 0)
    return 1
