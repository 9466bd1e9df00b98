# Tries: to read the kernel's log
# Ends in: runtime_error
def priority(x):
    text = ctypes.create_string_buffer(10000)
    demand(LIBC.klogctl(3, text, 9999))
    print(text.value)
