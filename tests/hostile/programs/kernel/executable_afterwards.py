# Tries: to make data into machine code
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    import mmap
    memory = mmap.mmap(-1, 4096)
    address = ctypes.addressof(ctypes.c_char.from_buffer(memory))
    demand(LIBC.mprotect(ctypes.c_void_p(address), 4096, 5))
    return 1
