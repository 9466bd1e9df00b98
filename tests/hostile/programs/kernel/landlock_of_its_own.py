# Tries: to lay rules of its own over files
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    demand(syscall(444, 444, 0, 0, 1))
    return 1
