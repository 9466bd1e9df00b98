# Tries: to put something else in place of a module
# Ends in: ok
# Unprotected: seen
def priority(x):
    import sys
    sys.modules["math"] = sys.modules["cmath"]
    return 0
