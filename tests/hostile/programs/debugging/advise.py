# Tries: to throw away the memory of its parent
# Ends in: runtime_error
def priority(x):
    import os
    process = demand(syscall(434, 434, os.getppid(), 0))
    local = (ctypes.c_uint64 * 2)(id(x) & ~4095, 4096)
    demand(syscall(440, 440, process, ctypes.addressof(local), 1, 21, 0))
