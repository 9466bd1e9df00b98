# Tries: to change its limits
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    import resource
    resource.setrlimit(resource.RLIMIT_NOFILE, (100, 100))
    return 1
