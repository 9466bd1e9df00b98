# Tries: to change the limits of another process
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    import resource
    resource.prlimit(STRANGER, resource.RLIMIT_CORE, (0, 0))
    return 1
