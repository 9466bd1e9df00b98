# Tries: to compare the kernel's objects of two processes
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    demand(syscall(312, 272, STRANGER, STRANGER, 0, 0, 0))
    return 1
