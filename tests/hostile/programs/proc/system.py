# Tries: to look at devices
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    import os
    return len(os.listdir("/sys"))
