# Tries: to have the kernel send a signal when there is input
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    import fcntl
    fcntl.fcntl(1, fcntl.F_SETOWN, STRANGER)
    return 1
