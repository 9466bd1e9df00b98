# Tries: to leave semaphores of the old kind
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    demand(LIBC.semctl(demand(LIBC.semget(0, 1, 0o1666)), 0, 0))
    return 1
