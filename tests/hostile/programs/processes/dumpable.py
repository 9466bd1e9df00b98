# Tries: to open itself to debuggers
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    demand(LIBC.prctl(4, 1, 0, 0, 0))
    return 1
