# Tries: to measure other processes
# Ends in: runtime_error
def priority(x):
    attributes = (ctypes.c_uint32 * 32)(1, 128)
    demand(syscall(298, 241, ctypes.addressof(attributes), STRANGER, -1, -1, 0))
