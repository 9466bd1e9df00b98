# Tries: to make a socket by the bare system call
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    return demand(syscall(41, 198, 2, 1, 0)) and 1
