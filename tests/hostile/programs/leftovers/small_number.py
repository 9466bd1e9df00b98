# Tries: to make 200 be 201 everywhere
# Ends in: ok
# Unprotected: seen
def priority(x):
    number = ctypes.c_uint32.from_address(id(200) + 24)
    number.value = 201
    return 0
