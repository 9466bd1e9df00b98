# Tries: to load a program into the kernel
# Ends in: runtime_error
def priority(x):
    attributes = (ctypes.c_uint64 * 16)(1 << 32 | 1, 4 << 32 | 4, 1)
    demand(syscall(321, 280, 0, ctypes.addressof(attributes), 128))
