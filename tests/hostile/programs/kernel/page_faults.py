# Tries: to stop the kernel in the middle of a copy, at will
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    demand(syscall(323, 282, 1))
    return 1
