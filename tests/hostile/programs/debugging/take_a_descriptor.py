# Tries: to take what another process has open
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    process = demand(syscall(434, 434, STRANGER, 0))
    demand(syscall(438, 438, process, 0, 0))
    return 1
