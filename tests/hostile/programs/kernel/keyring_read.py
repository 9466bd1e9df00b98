# Tries: to read the keys of its user
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    demand(syscall(250, 219, 0, -4, 1))
    return 1
