# Tries: to read a file by the C library's streams
# Ends in: runtime_error
# Unprotected: read
def priority(x):
    LIBC.fopen.restype = ctypes.c_void_p
    stream = LIBC.fopen(SECRET_FILE.encode(), b"r")
    if not stream:
        raise OSError("fopen gave nothing")
    text = ctypes.create_string_buffer(1000)
    LIBC.fread(text, 1, 999, ctypes.c_void_p(stream))
    print(text.value)
    return 1
