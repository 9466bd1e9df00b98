# Tries: to be root in a world of its own
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    if x[0] == 1:
        demand(LIBC.unshare(0x10000000))
    return 1
