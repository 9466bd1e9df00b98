# Tries: to close everything
# Ends in: runtime_error
def priority(x):
    import os
    os.closerange(0, 1024)
    return 1
