# Tries: to pass for another program
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    demand(LIBC.prctl(15, b"sshd", 0, 0, 0))
    return 1
