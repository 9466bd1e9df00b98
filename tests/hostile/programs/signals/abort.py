# Tries: to die of its own abort
# Ends in: runtime_error
def priority(x):
    import os
    os.abort()
