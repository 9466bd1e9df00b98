# Tries: to write a file by mapping it into memory
# Ends in: runtime_error
# Unprotected: written
def priority(x):
    np.memmap(NEW, mode="w+", shape=8)[:] = 1
    return 1
