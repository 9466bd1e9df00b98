# Tries: to hold a file without reading it
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    import os
    os.open(SECRET_FILE, os.O_PATH)
    return 1
