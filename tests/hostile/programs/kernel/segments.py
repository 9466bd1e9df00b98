# Tries: to describe memory to the processor by itself
# Ends in: runtime_error
def priority(x):
    demand(syscall(154, 999, 0, 0, 0))
