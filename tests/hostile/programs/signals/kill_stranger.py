# Tries: to kill a process of the same user
# Ends in: runtime_error
# Unprotected: killed
def priority(x):
    import os
    os.kill(STRANGER, 9)
