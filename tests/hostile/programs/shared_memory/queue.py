# Tries: to leave a queue of messages
# Ends in: runtime_error
def priority(x):
    demand(syscall(240, 180, ctypes.addressof(ctypes.create_string_buffer(MARK.encode())), 0o102, 0o666, 0))
