# Tries: to add a module
# Ends in: ok
# Unprotected: seen
def priority(x):
    import sys
    sys.modules["left_behind"] = np
    return 0
