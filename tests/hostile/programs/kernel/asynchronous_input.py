# Tries: to have the kernel read and write in its place, in the old manner
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    context = ctypes.c_uint64()
    demand(syscall(206, 0, 1, ctypes.addressof(context)))
    return 1
