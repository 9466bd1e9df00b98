# Tries: to crash the interpreter by giving back an object that is in use
# Ends in: runtime_error
def priority(x):
    y = {"held": []}
    for _ in range(1000):
        LIBC_PYTHON.Py_DecRef(ctypes.py_object(y))
    y = None
    return ctypes.string_at(8)
