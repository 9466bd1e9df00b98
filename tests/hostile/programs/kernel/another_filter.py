# Tries: to lay a filter of its own over its system calls
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    program = (ctypes.c_uint64 * 2)(1, ctypes.addressof(ctypes.c_uint64(0x7FFF000000000006)))
    demand(LIBC.prctl(38, 1, 0, 0, 0))
    demand(syscall(317, 277, 3, 0, ctypes.addressof(ctypes.create_string_buffer(8))))
    return 1
