# Tries: to read a file by descriptors
# Ends in: runtime_error
# Unprotected: read
def priority(x):
    import os
    print(os.read(os.open(SECRET_FILE, os.O_RDONLY), 1000))
    return 1
