# Tries: to die of a wrong address
# Ends in: runtime_error
def priority(x):
    return ctypes.string_at(0)
