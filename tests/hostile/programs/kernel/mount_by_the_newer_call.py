# Tries: to take a copy of the tree of files
# Ends in: runtime_error
def priority(x):
    demand(syscall(428, 428, -100, ctypes.addressof(ctypes.create_string_buffer(b"/")), 1))
