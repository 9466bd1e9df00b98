# Tries: to have machine code of its own
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    import mmap
    mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    return 1
