# Tries: to leave a queue of messages of the old kind
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    demand(LIBC.msgctl(demand(LIBC.msgget(0, 0o1666)), 0, None))
    return 1
