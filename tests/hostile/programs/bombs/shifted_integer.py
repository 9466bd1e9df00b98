# Tries: to take all memory by one integer
# Ends in: memory, runtime_error
def priority(x):
    return 1 << 10**12
