# Tries: to learn the name of the machine
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    import os
    return len(os.uname().nodename)
