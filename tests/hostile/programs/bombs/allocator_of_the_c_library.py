# Tries: to take all memory behind Python's back
# Ends in: memory
def priority(x):
    LIBC.malloc.restype = ctypes.c_void_p
    while True:
        block = LIBC.malloc(2**20)
        if not block:
            raise MemoryError("malloc gave nothing")
        ctypes.memset(block, 1, 2**20)
