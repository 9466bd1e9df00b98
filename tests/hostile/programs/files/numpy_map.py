# Tries: to map a file into memory by numpy
# Ends in: runtime_error
# Unprotected: read
def priority(x):
    print(np.memmap(SECRET_FILE, mode="r").tobytes())
    return 1
