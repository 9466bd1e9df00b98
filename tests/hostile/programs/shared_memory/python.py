# Tries: to leave a block of memory by Python's module for it
# Ends in: runtime_error
# Unprotected: written
def priority(x):
    from multiprocessing import shared_memory
    shared_memory.SharedMemory(name=f"{MARK}-python-{x[0]}", create=True, size=4096)
    return 1
