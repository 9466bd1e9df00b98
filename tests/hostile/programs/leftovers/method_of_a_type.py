# Tries: to change a method of a type that cannot be changed
# Ends in: ok
# Unprotected: seen
def priority(x):
    import gc
    gc.get_referents(str.__dict__)[0]["upper"] = lambda self: "left behind"
    LIBC_PYTHON.PyType_Modified(ctypes.py_object(str))
    return 0
