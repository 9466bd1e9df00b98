# Tries: to hide a system call's number behind its upper half
# Ends in: runtime_error
def priority(x):
    demand(syscall(1 << 32 | 41, 1 << 32 | 198, 2, 1, 0))
