# Tries: to live on when its parent dies
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    demand(LIBC.prctl(1, 0, 0, 0, 0))
    return 1
