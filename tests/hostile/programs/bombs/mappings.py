# Tries: to take all memory by mappings that belong to no allocator
# Ends in: runtime_error, memory
def priority(x):
    import mmap
    y = []
    while True:
        y.append(mmap.mmap(-1, 2**24))
