# Tries: to take back the powers of root
# Ends in: runtime_error
def priority(x):
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    sets = (ctypes.c_uint32 * 6)(0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF)
    demand(LIBC.capset(header, sets))
