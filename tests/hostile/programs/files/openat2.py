# Tries: to open a file by the newest call for it
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    path = ctypes.create_string_buffer(SECRET_FILE.encode())
    how = (ctypes.c_uint64 * 3)(0, 0, 0)
    demand(syscall(437, 437, -100, ctypes.addressof(path), ctypes.addressof(how), 24))
    return 1
