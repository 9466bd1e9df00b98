# Tries: to become another program by the newer call
# Ends in: runtime_error
def priority(x):
    path = ctypes.create_string_buffer(b"/bin/true")
    arguments = (ctypes.c_char_p * 2)(b"true")
    demand(syscall(322, 281, -100, ctypes.addressof(path), ctypes.addressof(arguments), 0, 0))
