# Tries: to change how its output is open
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    import fcntl
    fcntl.fcntl(1, fcntl.F_SETFL, 0)
    return 1
