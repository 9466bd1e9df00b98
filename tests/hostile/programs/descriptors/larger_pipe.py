# Tries: to make the kernel keep more of its output
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    import fcntl
    return fcntl.fcntl(1, 1031, 2**18) and 1
