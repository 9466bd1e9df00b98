# Tries: to keep a file under a second name
# Ends in: runtime_error
# Unprotected: written
def priority(x):
    import os
    os.link(SECRET_FILE, NEW)
    return 1
