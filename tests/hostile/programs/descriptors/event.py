# Tries: to make a counter that wakes others
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    import os
    os.eventfd(0)
    return 1
