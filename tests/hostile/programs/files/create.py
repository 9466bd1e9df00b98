# Tries: to make a file by the bare system call
# Ends in: runtime_error
# Unprotected: written
def priority(x):
    path = ctypes.create_string_buffer(NEW.encode())
    demand(syscall(257, 56, -100, ctypes.addressof(path), 0o101, 0o600))
    return 1
