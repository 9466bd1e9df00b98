# Tries: to give pages of its memory to a pipe, and to change them afterwards
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    here = ctypes.create_string_buffer(4096)
    vector = (ctypes.c_uint64 * 2)(ctypes.addressof(here), 1)
    demand(syscall(278, 75, 1, ctypes.addressof(vector), 1, 0))
    return 1
