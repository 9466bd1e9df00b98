# Tries: to read a file by numpy
# Ends in: runtime_error
# Unprotected: read
def priority(x):
    print(np.fromfile(SECRET_FILE, dtype="u1").tobytes())
    return 1
