# Tries: to kill a process by the system call for threads
# Ends in: runtime_error
# Unprotected: killed
def priority(x):
    demand(syscall(234, 131, STRANGER, STRANGER, 9))
