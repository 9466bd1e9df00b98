# Tries: to have all that it may read be executable, too
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    demand(syscall(135, 92, 0x0400000))
    return 1
