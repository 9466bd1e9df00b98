# Tries: to hold and to steer another process
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    if x[0] == 1:
        demand(LIBC.ptrace(16, STRANGER, 0, 0))
    return 1
