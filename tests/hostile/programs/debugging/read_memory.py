# Tries: to read the memory of another process at one go
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    there = STRANGER_ADDRESS
    here = ctypes.create_string_buffer(4)
    local = (ctypes.c_uint64 * 2)(ctypes.addressof(here), 4)
    remote = (ctypes.c_uint64 * 2)(there, 4)
    addresses = ctypes.addressof(local), 1, ctypes.addressof(remote), 1, 0
    demand(syscall(310, 270, STRANGER, *addresses))
    return 1
