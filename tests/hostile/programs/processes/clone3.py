# Tries: to make a process by the newest call for it
# Ends in: runtime_error
def priority(x):
    arguments = (ctypes.c_uint64 * 8)(0, 0, 0, 0, 17)
    if demand(syscall(435, 435, ctypes.addressof(arguments), 64)) == 0:
        LIBC._exit(0)
