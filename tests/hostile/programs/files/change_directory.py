# Tries: to go elsewhere
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    import os
    os.chdir(WATCHED)
    return 1
