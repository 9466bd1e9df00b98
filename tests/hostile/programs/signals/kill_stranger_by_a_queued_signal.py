# Tries: to kill a process by a signal with a value
# Ends in: runtime_error
# Unprotected: killed
def priority(x):
    demand(LIBC.sigqueue(STRANGER, 9, None))
