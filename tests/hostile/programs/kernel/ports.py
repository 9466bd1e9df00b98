# Tries: to reach the machine's devices past the kernel
# Ends in: runtime_error
def priority(x):
    demand(syscall(172, 999, 3))
