# Tries: to load a module into the kernel
# Ends in: runtime_error
def priority(x):
    demand(syscall(175, 105, 0, 0, 0))
