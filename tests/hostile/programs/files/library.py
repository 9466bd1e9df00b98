# Tries: to load a library from a file
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    ctypes.CDLL("libBrokenLocale.so.1")
    return 1
