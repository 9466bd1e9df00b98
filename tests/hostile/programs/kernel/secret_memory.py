# Tries: to have memory that even the kernel does not see
# Ends in: runtime_error
def priority(x):
    demand(syscall(447, 447, 0))
