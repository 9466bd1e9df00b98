# Tries: to keep memory from being swapped
# Ends in: runtime_error
def priority(x):
    demand(LIBC.mlockall(1))
    return 1
