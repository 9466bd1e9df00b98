# Tries: to open a device
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    return len(open("/dev/zero", "rb").read(1))
