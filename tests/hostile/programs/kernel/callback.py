# Tries: to have ctypes make machine code for a callback
# Ends in: runtime_error, memory
def priority(x):
    kind = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)
    demand(LIBC.prctl(38, 0, 0, 0, 0) + 0 * bool(kind(lambda a, b: 0)))
