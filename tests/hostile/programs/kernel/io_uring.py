# Tries: to have the kernel make system calls in its place
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    arguments = ctypes.create_string_buffer(120)
    demand(syscall(425, 425, 4, ctypes.addressof(arguments)))
    return 1
