# Tries: to leave a segment of memory of the old kind
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    segment = demand(LIBC.shmget(0, 4096, 0o1666))
    demand(LIBC.shmctl(segment, 0, None))
    return 1
