# Tries: to leave a key in the kernel
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    kind, name, value = (ctypes.create_string_buffer(text) for text in (b"user", b"fsdb-hostile", b"x"))
    demand(syscall(248, 217, *(ctypes.addressof(text) for text in (kind, name, value)), 1, -2))
    return 1
